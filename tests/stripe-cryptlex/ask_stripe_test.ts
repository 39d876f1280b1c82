// What is asked of Stripe in one convergence, and what becomes of the answer.

import assert from "node:assert/strict";
import { askStripe } from "../../functions/stripe-cryptlex/ask_stripe.ts";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { beginWork, type Work } from "../../functions/stripe-cryptlex/settlement.ts";
import type { StripeRead, StripeReader } from "../../functions/stripe-cryptlex/stripe.ts";
import { StripeReadError } from "../../functions/stripe-cryptlex/stripe_read_error.ts";
import { PartDoneError } from "../../functions/stripe-cryptlex/trouble.ts";
import type { LogEntry } from "../../functions/stripe-cryptlex/log.ts";
import { claimedAt, claimOf, eventOf } from "./builders/claim_of.ts";
import {
  chargeWith,
  cutInvoiceWith,
  day,
  itemWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  termsOf,
} from "./builders/purchase_with.ts";
import { basic, subscribeWith } from "./builders/subscribe_with.ts";

type Answers = Partial<Record<keyof StripeReader, unknown>>;

/** Shows what the test prepared; whatever else is asked for is not there. */
function stripeShowing(answers: Answers): { stripe: StripeReader; asked: string[] } {
  const asked: string[] = [];
  const show = (what: keyof StripeReader) => (id: string): Promise<StripeRead<never>> => {
    asked.push(`${what} ${id}`);
    const object = answers[what];
    if (object instanceof Error) return Promise.reject(object);
    return Promise.resolve(
      object === undefined
        ? { found: false }
        : { found: true, readAt: claimedAt, object: object as never },
    );
  };
  const stripe = {
    subscription: show("subscription"),
    sessionLines: show("sessionLines"),
    invoiceLines: show("invoiceLines"),
    invoiceOf: show("invoiceOf"),
  };
  return { stripe, asked };
}

type Asked = { work: Work; asked: string[]; logged: LogEntry[]; error: unknown };

/** One convergence's asking about a purchase of which so much is known. */
async function ask(
  known: Partial<Purchase>,
  answers: Answers | null,
  changed: Partial<Claim> = {},
): Promise<Asked> {
  const claim = claimOf({ states: [purchaseWith(known)], ...changed });
  const work = beginWork(claim);
  const { stripe, asked } = stripeShowing(answers ?? {});
  const logged: LogEntry[] = [];
  const world = { stripe: answers && stripe, log: (entry: LogEntry) => void logged.push(entry) };
  const error = await askStripe(claim, work, world).then(() => null, (error) => error);
  return { work, asked, logged, error };
}

const subscription = subscribeWith({ price: basic }).subscriptionCreated().data.object;
const unlisted = { cutInvoices: { in_1: cutInvoiceWith() } };
const named = { subscriptionTerms: said(termsOf("product-a")) };
const changedNow = {
  events: [eventOf({ eventType: "customer.subscription.updated", createdAt: claimedAt })],
};
const lineOf = (itemId: string, price = "price_a") => ({
  id: "il_1",
  amount: 100,
  period: { start: saidAt, end: saidAt + day },
  pricing: { price_details: { price, product: "prod_a" } },
  parent: { subscription_item_details: { subscription_item: itemId, proration: false } },
});

Deno.test("without a key, or with nothing missing, nobody is asked", async () => {
  const withoutKey = await ask(unlisted, null);
  const complete = await ask({ ...named, items: { si_1: itemWith() } }, {});
  for (const { work, asked, logged, error } of [withoutKey, complete]) {
    assert.deepEqual([asked, logged, error, work.stripeRead], [[], [], null, null]);
  }
});

Deno.test("what Stripe shows is added to what is known, and logged without what it says", async () => {
  const { work, asked, logged, error } = await ask({}, { subscription }, changedNow);
  assert.equal(error, null);
  assert.deepEqual(asked, ["subscription sub_1"]);
  assert.equal(work.stripeRead, "found");
  assert.equal(work.purchase.subscription?.by, "read");
  const [{ ms, ...entry } = assert.fail()] = logged;
  assert.deepEqual(entry, { action: "read_stripe", purchase_id: "sub_1", outcome: "found" });
  assert.equal(typeof ms, "number");
});

Deno.test("what Stripe does not know is no information, and shown in health", async () => {
  for (const known of [unlisted, { sessions: { cs_1: sessionWith() } }]) {
    const { work, error, logged } = await ask(known, {});
    assert.equal(error, null);
    assert.equal(work.stripeRead, "not_found");
    assert.deepEqual(work.purchase, { ...nothing, ...known });
    assert.equal(logged[0]?.outcome, "not_found");
  }
});

Deno.test("Stripe failing delays: nothing is added, and the error goes on", async () => {
  for (const status of [null, 500, 503, 429]) {
    const failed = new StripeReadError("GET /v1/invoices/{id}/lines", status, "no");
    const { work, error, logged } = await ask(unlisted, { invoiceLines: failed });
    assert.equal(error, failed);
    assert.equal(work.stripeRead, null);
    assert.deepEqual(work.purchase, { ...nothing, ...unlisted });
    assert.equal(logged[0]?.outcome, "unanswered");
  }
});

Deno.test("a refused key is noted, and the rest waits for the right one", async () => {
  for (const status of [401, 403]) {
    const failed = new StripeReadError("GET /v1/subscriptions/{id}", status, "no");
    const { work, error, logged } = await ask(named, { subscription: failed }, changedNow);
    assert.equal(error, failed);
    assert.equal(work.stripeRead, "refused");
    assert.equal(logged[0]?.outcome, "refused");
  }
});

Deno.test("an end does not wait for a key that may read what invoices bill", async () => {
  for (const status of [401, 403]) {
    const failed = new StripeReadError("GET /v1/invoices/{id}/lines", status, "no");
    const known = { ...named, ...unlisted, ended: true };
    const { work, error, logged } = await ask(known, { invoiceLines: failed });
    assert.equal(error, null);
    assert.equal(work.stripeRead, "refused");
    assert.equal(logged[0]?.outcome, "refused");
    assert.equal(work.purchase.cutInvoices["in_1"]?.isListed, false);
  }
});

Deno.test("all lines of an invoice that was cut short are read once", async () => {
  const known = { ...named, ...unlisted };
  const { work, asked, error } = await ask(known, { invoiceLines: [lineOf("si_1")] });
  assert.equal(error, null);
  assert.deepEqual(asked, ["invoiceLines in_1"]);
  assert.equal(work.purchase.items["si_1"]?.paidThrough, saidAt + day);
  assert.equal(work.purchase.cutInvoices["in_1"]?.isListed, true);
  const again = await ask(work.purchase, {});
  assert.deepEqual(again.asked, []);
});

Deno.test("an invoice written by hand has its own lines", async () => {
  const invoiceLines = [{ id: "il_1", amount: 100, period: { start: 1, end: 1 } }];
  const { work, error } = await ask(unlisted, { invoiceLines }, { purchaseId: "in_1" });
  assert.equal(error, null);
  assert.deepEqual(Object.keys(work.purchase.items), ["il_1"]);
});

Deno.test("one thing is read at a time: what is left is asked for in the next lease, at once", async () => {
  const two = { ...named, cutInvoices: { in_1: cutInvoiceWith(), in_2: cutInvoiceWith() } };
  const answers = { invoiceLines: [lineOf("si_1")], subscription };
  const first = await ask(two, answers, changedNow);
  const second = await ask(first.work.purchase, answers, changedNow);
  const third = await ask(second.work.purchase, answers, changedNow);
  for (const { error } of [first, second]) {
    assert.ok(error instanceof PartDoneError);
    assert.equal(error.hasProgress, true);
  }
  assert.equal(third.error, null);
  assert.deepEqual([first, second, third].map(({ asked }) => asked), [
    ["invoiceLines in_1"],
    ["invoiceLines in_2"],
    ["subscription sub_1"],
  ]);
});

Deno.test("the plans of what is only now known to be sold are looked up first", async () => {
  const answers = { invoiceLines: [lineOf("si_1", "price_new")] };
  const planned = await ask({ ...named, ...unlisted }, answers, { hasPlans: true });
  assert.ok(planned.error instanceof PartDoneError);
  assert.match(planned.error.message, /plans/);
  assert.equal(planned.work.purchase.items["si_1"]?.line.value.priceId, "price_new");
  const known = { ...named, ...unlisted, items: { si_1: itemWith() } };
  const same = await ask(known, { invoiceLines: [lineOf("si_1")] }, { hasPlans: true });
  assert.equal(same.error, null);
});

Deno.test("a payment that is part of another purchase is linked to it, and left to it", async () => {
  const paid = { charges: { pi_1: chargeWith({ refunded: 1 }) } };
  const parent = { subscription_details: { subscription: "sub_9" } };
  const invoiceOf = [{ invoice: { id: "in_9", parent } }];
  const { work, error } = await ask(paid, { invoiceOf }, { purchaseId: "pi_1" });
  assert.ok(error instanceof PartDoneError);
  assert.match(error.message, /^It is part of in_9, sub_9$/);
  assert.deepEqual(work.stripeIds, ["pi_1", "in_9", "sub_9"]);
  const none = await ask(paid, { invoiceOf: [] }, { purchaseId: "pi_1" });
  assert.deepEqual([none.error, none.work.stripeIds], [null, []]);
});

Deno.test("what a paid session sold is read by its id", async () => {
  const known = { sessions: { cs_1: sessionWith() } };
  const sessionLines = [{ id: "li_1", quantity: 1, price: null }];
  const { work, asked } = await ask(known, { sessionLines }, { purchaseId: "pi_1" });
  assert.deepEqual(asked, ["sessionLines cs_1"]);
  assert.deepEqual(Object.keys(work.purchase.sessions["cs_1"]?.lines ?? {}), ["li_1"]);
});
