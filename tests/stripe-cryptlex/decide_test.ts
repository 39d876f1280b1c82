import assert from "node:assert/strict";
import { decide, type DecisionContext } from "../../functions/stripe-cryptlex/decide.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { isEntitled } from "../../functions/stripe-cryptlex/standing.ts";
import { planSteps } from "../../functions/stripe-cryptlex/steps.ts";
import { knownLicense } from "./builders/known_license.ts";
import { policyWith } from "./builders/policy_with.ts";
import {
  chargeWith,
  cutInvoiceWith,
  day,
  itemWith,
  lineWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
  termsOf,
} from "./builders/purchase_with.ts";
import { planOf } from "./builders/target_of.ts";

const context: DecisionContext = {
  purchaseId: "sub_1",
  catalog: { plans: [], hasPlans: false, productId: "product-a" },
  policy: policyWith(),
  known: [],
  hasUser: false,
};
const planned = { plans: [], hasPlans: true, productId: "product-a" };
const paidSession = purchaseWith({ sessions: { cs_1: sessionWith() } });
const paidInvoice = purchaseWith({
  subscriptionTerms: said(null),
  items: { si_1: itemWith({}, { paidThrough: saidAt }) },
});

function desiredOf(purchase: Purchase, changed: Partial<DecisionContext> = {}) {
  const decision = decide(purchase, { ...context, ...changed });
  assert.equal(decision.kind, "licenses", JSON.stringify(decision));
  return decision.desired;
}

function reasonOf(purchase: Purchase, changed: Partial<DecisionContext> = {}) {
  const decision = decide(purchase, { ...context, ...changed });
  assert.ok("reason" in decision, JSON.stringify(decision));
  return [decision.kind === "nothing" ? decision.status : decision.kind, decision.reason] as const;
}

Deno.test("a paid invoice wants its license until the period's end and the days of grace", () => {
  const until = (renewalGraceDays: number) =>
    desiredOf(paidInvoice, { policy: policyWith({ renewalGraceDays }) })[0]?.expiresAt;
  assert.deepEqual(until(3), new Date((saidAt + 3 * day) * 1000));
  assert.deepEqual(until(0), new Date(saidAt * 1000));
});

Deno.test("a paid session wants a license and leaves its date to the template", () => {
  const [license] = desiredOf(paidSession);
  assert.equal(license?.slot, "product-a/1");
  assert.equal(license?.expiresAt, null);
});

Deno.test("only money entitles", () => {
  const session = (payment: "unpaid" | "failed" | "paid") =>
    purchaseWith({ sessions: { cs_1: sessionWith({ payment }) } });
  assert.equal(isEntitled(session("paid")), true);
  assert.equal(isEntitled(paidInvoice), true);
  assert.equal(isEntitled(purchaseWith({ trialThrough: saidAt })), true);
  assert.equal(isEntitled(session("unpaid")), false);
  assert.equal(isEntitled(session("failed")), false);
  assert.equal(isEntitled(purchaseWith({ subscriptionTerms: said(termsOf("product-a")) })), false);
  const active = said(snapshotWith({ si_1: {} }));
  assert.equal(isEntitled(purchaseWith({ subscription: active })), false);
});

Deno.test("what is not paid wants nothing yet, and says what it waits for", () => {
  const sessions = (...payments: ("unpaid" | "failed")[]) =>
    purchaseWith({
      sessions: Object.fromEntries(
        payments.map((payment, i) => [`cs_${i}`, sessionWith({ payment })]),
      ),
    });
  const [waiting, why] = reasonOf(sessions("unpaid"));
  assert.equal(waiting, "applied");
  assert.match(why, /waits for the money/);
  assert.match(reasonOf(sessions("unpaid", "failed"))[1], /failed/);
  assert.match(reasonOf(purchaseWith())[1], /nothing was paid/);
  const charges = { pi_1: chargeWith({ refunded: 9900 }) };
  assert.match(reasonOf(purchaseWith({ charges }))[1], /no purchase is known by this payment/);
});

Deno.test("a customer made to be a user is one, and one who is a user is kept up to date", () => {
  const customer = { ...context, purchaseId: "cus_1" };
  assert.deepEqual(decide(purchaseWith({ wantsUser: true }), customer), { kind: "user" });
  assert.deepEqual(decide(purchaseWith(), { ...customer, hasUser: true }), { kind: "user" });
});

Deno.test("a customer that changed and never bought is made no user", () => {
  const [status, reason] = reasonOf(purchaseWith(), { purchaseId: "cus_1" });
  assert.equal(status, "applied");
  assert.match(reason, /nothing was sold to this customer here/);
});

Deno.test("a customer that was deleted wants nothing, and people read what was erased", () => {
  for (const hasUser of [true, false]) {
    const erased = purchaseWith({ erased: true, wantsUser: true });
    assert.deepEqual(reasonOf(erased, { purchaseId: "cus_1", hasUser }), [
      "applied",
      "name, e-mail and payloads of cus_1 erased; licenses are untouched",
    ]);
  }
});

Deno.test("what an erased buyer bought is wanted all the same", () => {
  assert.deepEqual(desiredOf({ ...paidInvoice, erased: true }), desiredOf(paidInvoice));
});

Deno.test("with plans a subscription's session waits for the invoice that lists what was bought", () => {
  const [status, reason] = reasonOf(paidSession, { catalog: planned });
  assert.equal(status, "applied");
  assert.match(reason, /invoice\.paid/);
});

Deno.test("without plans a session that maps nowhere waits for nothing", () => {
  const [status, reason] = reasonOf(paidSession, {
    catalog: { ...planned, hasPlans: false, productId: null },
  });
  assert.equal(status, "ignored");
  assert.match(reason, /nothing maps this session/);
});

Deno.test("with plans a payment's session needs a person, and the reason names the cure", () => {
  for (const purchaseId of ["pi_1", "cs_1"]) {
    const [kind, reason] = reasonOf(paidSession, { catalog: planned, purchaseId });
    assert.equal(kind, "parked");
    assert.match(reason, /CRYPTLEX_PRODUCT_ID/);
  }
});

Deno.test("what maps nowhere is ignored, naming the price and every place that was looked at", () => {
  const [status, reason] = reasonOf(paidInvoice, {
    catalog: { ...planned, hasPlans: false, productId: null },
  });
  assert.equal(status, "ignored");
  assert.match(reason, /price_a/);
  for (const place of [/CRYPTLEX_PRODUCT_ID/, /plan/, /setting/]) assert.match(reason, place);
  assert.doesNotMatch(reasonOf(paidInvoice, { catalog: planned })[1], /setting/);
});

Deno.test("the reason does not depend on the order in which items became known", () => {
  const [first, second] = [itemWith(), itemWith({ priceId: "price_b" })];
  const reason = (items: Purchase["items"]) =>
    reasonOf({ ...paidInvoice, items }, { catalog: planned })[1];
  assert.equal(
    reason({ si_1: first, si_2: second }),
    reason({ si_2: second, si_1: first }),
  );
});

Deno.test("what is mapped is served beside what is not, which is reported", () => {
  const items = {
    si_1: itemWith({ terms: termsOf("product-a") }),
    si_2: itemWith({ priceId: "price_b" }),
  };
  const decision = decide({ ...paidInvoice, items }, { ...context, catalog: planned });
  assert.equal(decision.kind, "licenses");
  assert.deepEqual(decision.desired.map(({ slot }) => slot), ["product-a/1"]);
  assert.equal(decision.reports.length, 1);
  assert.match(String(decision.reports[0]), /price_b/);
});

Deno.test("a license of the whole purchase covers its lines too, though plans came to be kept", () => {
  const plans = [planOf("price_a", "product-b")];
  const items = { ...paidInvoice.items, si_2: itemWith({}, { paidThrough: saidAt - day }) };
  const catalog = { ...planned, plans };
  for (const origin of ["created", "adopted"] as const) {
    const known = [knownLicense({ origin })];
    const desired = desiredOf({ ...paidInvoice, items }, { known, catalog });
    assert.deepEqual(desired.map(({ slot }) => slot), ["product-a/1"]);
    assert.deepEqual(desired[0]?.expiresAt, new Date((saidAt + 3 * day) * 1000));
  }
  const ended = [knownLicense({ endedAt: new Date(0) })];
  const slots = desiredOf({ ...paidInvoice, items }, { known: ended, catalog });
  assert.deepEqual(slots.map(({ slot }) => slot), ["product-b/1", "product-b/2"]);
});

Deno.test("a license of the whole purchase follows a changed price into the plan's product", () => {
  const plans = [planOf("price_a", "product-b")];
  const known = [knownLicense({ stripePriceId: "price_before" })];
  const desired = desiredOf(paidInvoice, { known, catalog: { ...planned, plans } });
  assert.deepEqual(desired.map(({ slot, replaces }) => [slot, replaces]), [
    ["product-b/1", "product-a/1"],
  ]);
});

Deno.test("which price a license of the whole stands for does not depend on the items' order", () => {
  const [first, second] = [itemWith(), itemWith({ priceId: "price_b" })];
  const price = (items: Purchase["items"]) =>
    desiredOf({ ...paidInvoice, items }, { known: [knownLicense()] })[0]?.target.priceId;
  assert.equal(price({ si_1: first, si_2: second }), price({ si_2: second, si_1: first }));
});

Deno.test("a line's own license stays beside the license of the rest", () => {
  const purchase = purchaseWith({
    sessions: { cs_1: sessionWith({ terms: said(termsOf("product-a")) }) },
    items: { si_1: itemWith({ terms: termsOf("product-line") }), si_2: itemWith() },
  });
  const first = desiredOf(purchase);
  assert.deepEqual(first.map(({ slot }) => slot), ["product-line/1", "product-a/1"]);
  const known = first.map(({ slot, terms, target, mappedBy, expiresAt }) =>
    knownLicense({
      licenseId: `license of ${slot}`,
      slot,
      cryptlexProductId: terms.productId,
      stripeItemId: target.itemId,
      stripePriceId: target.priceId,
      mappedBy,
      expiresAt,
      wroteExpiresAt: expiresAt,
    })
  );
  const again = desiredOf(purchase, { known });
  const standing = { revokes: [], suspends: [], isOver: false, reports: [] };
  assert.deepEqual(planSteps(again, { known, standing, mayRenew: true }).steps, []);
});

Deno.test("a late session maps the license of the rest anew, beside a line's own", () => {
  const purchase = purchaseWith({
    sessions: { cs_1: sessionWith({ terms: said(termsOf("product-late")) }) },
    items: { si_1: itemWith({ terms: termsOf("product-line") }), si_2: itemWith() },
  });
  const known = [
    knownLicense(),
    knownLicense({
      licenseId: "license-2",
      slot: "product-line/1",
      cryptlexProductId: "product-line",
      stripeItemId: "si_1",
      mappedBy: "line",
    }),
  ];
  const slots = desiredOf(purchase, { known }).map(({ slot }) => slot);
  assert.deepEqual(slots, ["product-line/1", "product-late/1"]);
  const covering = desiredOf(purchase, { known: [knownLicense()] }).map(({ slot }) => slot);
  assert.deepEqual(covering, ["product-late/1"]);
});

Deno.test("a license of the rest lasts as long as the rest, not as a line of its own", () => {
  const purchase = purchaseWith({
    items: {
      si_1: itemWith({ terms: termsOf("product-line") }, { paidThrough: saidAt + 365 * day }),
      si_2: itemWith({}, { paidThrough: saidAt }),
    },
  });
  const known = [knownLicense(), knownLicense({ slot: "product-line/1", stripeItemId: "si_1" })];
  const rest = desiredOf(purchase, { known }).find(({ slot }) => slot === "product-a/1");
  assert.deepEqual(rest?.expiresAt, new Date((saidAt + 3 * day) * 1000));
});

Deno.test("a license still to be ended does not shorten the one that replaced it", () => {
  const purchase = purchaseWith({
    sessions: { cs_1: sessionWith({ terms: said(termsOf("product-pro")) }) },
    items: { si_1: itemWith({}, { paidThrough: saidAt }) },
  });
  const known = [
    knownLicense({ licenseId: "replaced", stripeItemId: "si_1", mappedBy: "plan" }),
    knownLicense({ slot: "product-pro/1", cryptlexProductId: "product-pro", mappedBy: "session" }),
  ];
  const desired = desiredOf(purchase, { known });
  assert.deepEqual(desired.map(({ slot }) => slot), ["product-pro/1"]);
  assert.deepEqual(desired[0]?.expiresAt, new Date((saidAt + 3 * day) * 1000));
});

Deno.test("a paid invoice entitles to the period it began, though none of its lines is shown", () => {
  const periods = { si_1: { [saidAt]: saidAt + 30 * day } };
  const cutInvoices = { in_1: cutInvoiceWith() };
  assert.equal(isEntitled(purchaseWith({ periods })), false);
  assert.equal(isEntitled(purchaseWith({ cutInvoices })), false);
  assert.equal(isEntitled(purchaseWith({ periods, cutInvoices })), true);
});

Deno.test("a bill written by hand that lists only a part says so, until all of it is read", () => {
  const reportsOf = (purchaseId: string, isListed = false) => {
    const decision = decide(
      { ...paidInvoice, cutInvoices: { in_1: cutInvoiceWith({ isListed }) } },
      { ...context, purchaseId },
    );
    assert.equal(decision.kind, "licenses");
    return decision.reports;
  };
  assert.match(String(reportsOf("in_1")), /^in_1 bills more .* STRIPE_SECRET_KEY/);
  assert.deepEqual(reportsOf("in_1", true), []);
  assert.deepEqual(reportsOf("sub_1"), []);
});

Deno.test("what nothing maps keeps no license of an item that it was beside", () => {
  const line = (at: number) => ({ createdAt: 1, isAdded: false, line: said(lineWith(), { at }) });
  const purchase = purchaseWith({
    items: { si_1: itemWith(), si_2: itemWith({ priceId: "price_b" }) },
    subscription: said(snapshotWith({ si_2: { priceId: "price_b" } })),
    listed: { si_1: line(2), si_2: line(3) },
  });
  const known = [knownLicense({ stripeItemId: "si_1", stripePriceId: "price_a" })];
  const decision = decide(purchase, { ...context, catalog: planned, known });
  assert.deepEqual(decision.kind === "licenses" && [decision.desired, decision.reports], [
    [],
    ["price_b is mapped to no Cryptlex product"],
  ]);
  assert.equal(decide(purchase, { ...context, catalog: planned }).kind, "nothing");
});
