import assert from "node:assert/strict";
import {
  freshInvoice,
  freshInvoiceLines,
  freshSessionLines,
  freshSubscription,
} from "../../functions/stripe-cryptlex/fresh_facts.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { NeedsPersonError } from "../../functions/stripe-cryptlex/trouble.ts";
import { bent } from "./builders/bent.ts";
import { factsOf } from "./builders/facts_of.ts";
import { cutInvoiceWith, termsOf } from "./builders/purchase_with.ts";
import { basic, subscribeWith } from "./builders/subscribe_with.ts";

const readAt = new Date("2026-11-02T10:00:07Z");
const stamp = { at: readAt.getTime() / 1000, by: "read" };
const productA = { CRYPTLEX_PRODUCT_ID: "product-a" };
const subscription = subscribeWith({ price: { ...basic, metadata: productA } });
const event = subscription.subscriptionCreated();
const product = "items.data.0.price.product";

Deno.test("a subscription read again says what its event would, as of when it was read", () => {
  const { facts, stripeIds } = freshSubscription({ readAt, object: event.data.object });
  const told = factsOf(event);
  assert.deepEqual(stripeIds, told.stripeIds);
  assert.deepEqual(facts.subscription, { value: told.facts.subscription?.value, ...stamp });
  assert.deepEqual(facts.subscriptionTerms, { value: null, ...stamp });
});

Deno.test("it outranks an event of its second, and none of a later one", () => {
  const unpaid = bent(event, "status", "active");
  const { facts } = freshSubscription({ readAt, object: event.data.object });
  const merged = (created: number) => merge(facts, factsOf({ ...unpaid, created }).facts);
  assert.deepEqual(merged(stamp.at).subscription, facts.subscription);
  assert.equal(merged(stamp.at + 1).subscription?.by, event.id);
});

Deno.test("a price or product that sells nothing here is known to", () => {
  const catalogOf = (value: unknown) =>
    freshSubscription({ readAt, object: bent(event, product, value).data.object }).facts
      .catalogTerms;
  const price_basic = { value: termsOf("product-a"), ...stamp };
  const silent = { price_basic, prod_a: { value: null, ...stamp } };
  assert.deepEqual(catalogOf({ id: "prod_a", metadata: {} }), silent);
  assert.deepEqual(catalogOf({ id: "prod_a", deleted: true }), silent);
  assert.deepEqual(catalogOf("prod_a"), silent);
  const said = { price_basic, prod_a: { value: termsOf("product-a"), ...stamp } };
  assert.deepEqual(catalogOf({ id: "prod_a", metadata: productA }), said);
});

Deno.test("one that is canceled is over", () => {
  const { object } = bent(event, "status", "canceled").data;
  assert.equal(freshSubscription({ readAt, object }).facts.ended, true);
});

const once = { id: "price_once", metadata: {}, product: { id: "prod_b", metadata: productA } };
const lines = [
  { id: "li_1", quantity: 2, price: { ...once, recurring: null }, metadata: productA },
  { id: "li_2", quantity: null, price: null },
];

Deno.test("what a session sold is known, and nothing of the session that events know better", () => {
  const { facts, stripeIds } = freshSessionLines("cs_1", { readAt, object: lines });
  assert.deepEqual(stripeIds, ["cs_1"]);
  const line = { priceId: null, productId: null, terms: null, quantity: null, interval: null };
  const sold = {
    ...line,
    priceId: "price_once",
    productId: "prod_b",
    terms: termsOf("product-a"),
    quantity: 2,
  };
  assert.deepEqual(facts, {
    ...nothing,
    catalogTerms: {
      price_once: { value: null, ...stamp },
      prod_b: { value: termsOf("product-a"), ...stamp },
    },
    sessions: {
      cs_1: {
        payment: "unpaid",
        completed: false,
        amountTotal: null,
        terms: { value: null, at: 0, by: "" },
        lines: { li_1: { value: sold, ...stamp }, li_2: { value: line, ...stamp } },
      },
    },
  });
  const told = factsOf(subscription.checkoutCompleted()).facts.sessions[subscription.sessionId];
  const { sessionId } = subscription;
  const read = freshSessionLines(sessionId, { readAt, object: lines }).facts;
  const merged = merge(read, factsOf(subscription.checkoutCompleted()).facts).sessions[sessionId];
  assert.deepEqual({ ...merged, lines: null }, told);
});

Deno.test("a session that sold nothing that is listed was asked all the same", () => {
  assert.deepEqual(
    freshSessionLines("cs_1", { readAt, object: [] }).facts.sessions.cs_1?.lines,
    {},
  );
});

Deno.test("a payment's invoices and their subscriptions are names of the purchase", () => {
  const of = (subscription: unknown) => ({ subscription_details: { subscription } });
  const invoices = [
    { id: "in_1", parent: of("sub_1") },
    { id: "in_2", parent: of({ id: "sub_1" }) },
    { id: "in_3", parent: { quote_details: {}, subscription_details: null } },
    { id: "in_4", deleted: true },
  ];
  const object = invoices.map((invoice) => ({ invoice }));
  assert.deepEqual(freshInvoice({ readAt, object }), {
    facts: { ...nothing, invoiceKnown: true },
    stripeIds: ["in_1", "sub_1", "in_2", "in_3", "in_4"],
  });
  assert.deepEqual(freshInvoice({ readAt, object: [] }), { facts: nothing, stripeIds: [] });
});

Deno.test("what cannot be understood is for a person, naming the field and no value", () => {
  const status = bent(event, "status", "canary").data.object;
  const attempts: [() => unknown, RegExp][] = [
    [() => freshSubscription({ readAt, object: status }), /the subscription .*: status$/],
    [() => freshSubscription({ readAt, object: "canary" }), /the whole of it/],
    [() => freshSessionLines("cs_1", { readAt, object: [{ id: "canary" }] }), /sold .*: 0\.id/],
    [
      () =>
        freshInvoiceLines(
          { invoiceId: "in_1", invoice: cutInvoiceWith(), isSubscription: true },
          { readAt, object: [{ id: "canary" }] },
        ),
      /the invoice billed .*: 0\.amount/,
    ],
    [() => freshInvoice({ readAt, object: [{ invoice: "in_canary" }] }), /invoice .*: 0\.invoice/],
  ];
  for (const [attempt, message] of attempts) {
    assert.throws(attempt, (error) => {
      assert.ok(error instanceof NeedsPersonError);
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  }
});

Deno.test("all lines of an invoice say what its event would, had it listed them", () => {
  const prices = Array.from({ length: 11 }, (_, n) => ({ ...basic, price: `price_${n}` }));
  const subscriptionMetadata = { CRYPTLEX_PRODUCT_ID: "product-a" };
  const paid = subscribeWith({ prices, subscriptionMetadata }).firstInvoicePaid();
  const invoiceId = String(paid.data.object.id);
  const { items, cutInvoices } = factsOf(paid).facts;
  const [invoice] = Object.values(cutInvoices);
  assert.ok(invoice);
  const list = (paid.data.object.lines as { data: Record<string, unknown>[] }).data;
  const parent = { subscription_item_details: { subscription_item: "si_11", proration: false } };
  const eleventh = { ...list[0], id: "il_11", parent };
  const { facts, stripeIds } = freshInvoiceLines(
    { invoiceId, invoice, isSubscription: true },
    { readAt, object: [...list, eleventh] },
  );
  assert.deepEqual(stripeIds, [invoiceId]);
  assert.deepEqual(facts.cutInvoices, { [invoiceId]: { ...invoice, isListed: true } });
  assert.equal(Object.keys(items).length, 10);
  assert.equal(facts.items["si_11"]?.paidThrough, Object.values(items)[0]?.paidThrough);
  const { si_11: _, ...shown } = facts.items;
  const byReading = Object.entries(items).map(([id, item]) =>
    [id, { ...item, line: { ...item.line, by: "read" } }] as const
  );
  assert.deepEqual(shown, Object.fromEntries(byReading));
  assert.deepEqual(merge(facts, factsOf(paid).facts).cutInvoices, facts.cutInvoices);
});

Deno.test("all lines of an invoice written by hand are what was bought", () => {
  const invoice = cutInvoiceWith({ billedThrough: null });
  const object = ["il_1", "il_2"].map((id) => ({ id, amount: 1, period: { start: 1, end: 1 } }));
  const { facts } = freshInvoiceLines(
    { invoiceId: "in_1", invoice, isSubscription: false },
    { readAt, object },
  );
  assert.deepEqual(Object.keys(facts.items), ["il_1", "il_2"]);
});
