import assert from "node:assert/strict";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { mustRead } from "../../functions/stripe-cryptlex/must_read.ts";
import { claimedAt, claimOf, eventOf } from "./builders/claim_of.ts";
import { knownLicense } from "./builders/known_license.ts";
import { itemWith, purchaseWith, sessionWith } from "./builders/purchase_with.ts";

const sale = purchaseWith({ sessions: { cs_1: sessionWith() } });
const reads = (changed: Partial<Claim> = {}, purchase = sale) =>
  mustRead(claimOf(changed), purchase);

Deno.test("neither a normal sale nor a normal renewal is preceded by a read", () => {
  assert.equal(reads(), false);
  const renewal = eventOf({ eventType: "invoice.paid", opensSale: false });
  assert.equal(reads({ events: [renewal], licenses: [knownLicense()] }), false);
});

Deno.test("a purchase that asks for it is read", () => {
  assert.equal(reads({ mustRead: true, licenses: [knownLicense()] }), true);
});

Deno.test("a customer is never read, nor what is not paid for", () => {
  assert.equal(reads({ purchaseId: "cus_1", mustRead: true }), false);
  const unpaid = purchaseWith({ sessions: { cs_1: sessionWith({ payment: "unpaid" }) } });
  assert.equal(reads({ events: [eventOf({ opensSale: false })] }, unpaid), false);
});

Deno.test("no license known of what is no new sale is a reason to look", () => {
  assert.equal(reads({ events: [eventOf({ opensSale: false })] }), true);
  assert.equal(reads({ events: [] }), true);
});

Deno.test("one event that opens a sale among others is enough", () => {
  assert.equal(reads({ events: [eventOf({ opensSale: false }), eventOf()] }), false);
});

Deno.test("a sale is new for ten minutes, and only at the first attempt", () => {
  const age = (ms: number) =>
    reads({ events: [eventOf({ createdAt: new Date(claimedAt.getTime() - ms) })] });
  assert.equal(age(10 * 60 * 1000 - 1), false);
  assert.equal(age(10 * 60 * 1000), true);
  assert.equal(reads({ attempts: 1 }), true);
});

Deno.test("late money is a new sale only where the session's completion was seen", () => {
  const events = [eventOf({ eventType: "checkout.session.async_payment_succeeded" })];
  const session = (completed: boolean) =>
    purchaseWith({ sessions: { cs_1: sessionWith({ completed }) } });
  assert.equal(reads({ events }, session(true)), false);
  assert.equal(reads({ events }, session(false)), true);
  const [one, another] = [sessionWith(), sessionWith({ completed: false })];
  assert.equal(reads({ events }, purchaseWith({ sessions: { cs_1: one, cs_2: another } })), false);
});

Deno.test("a license without a date that is not perpetual is read: activation may have dated it", () => {
  const undated = knownLicense({ expiresAt: null });
  assert.equal(reads({ licenses: [undated] }), true);
  assert.equal(reads({ licenses: [{ ...undated, perpetual: true }] }), false);
  assert.equal(reads({ licenses: [{ ...undated, endedAt: claimedAt }] }), false);
});

Deno.test("a license that was gone is looked for each time, unless we ended it", () => {
  const gone = knownLicense({ goneAt: claimedAt });
  assert.equal(reads({ licenses: [gone] }), true);
  assert.equal(reads({ licenses: [{ ...gone, endedAt: claimedAt }] }), false);
});

Deno.test("an invoice of a subscription we know nothing of is read first", () => {
  const paid = purchaseWith({ items: { si_1: itemWith() } });
  assert.equal(
    reads({ events: [eventOf({ eventType: "invoice.paid", opensSale: false })] }, paid),
    true,
  );
});
