import assert from "node:assert/strict";
import { type NeededRead, neededRead } from "../../functions/stripe-cryptlex/needed_read.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { byReading } from "../../functions/stripe-cryptlex/reading.ts";
import { knownLicense } from "./builders/known_license.ts";
import {
  chargeWith,
  cutInvoiceWith,
  itemWith,
  lineWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
  termsOf,
} from "./builders/purchase_with.ts";

type Given = { events?: string[]; licenses?: Parameters<typeof knownLicense>[0][] };

function needed(
  purchaseId: string,
  known: Partial<Purchase>,
  given: Given = {},
): NeededRead | null {
  const { events = ["invoice.paid"], licenses = [] } = given;
  return neededRead(purchaseWith(known), {
    purchaseId,
    events: events.map((eventType) => ({ eventType, createdAt: new Date(saidAt * 1000) })),
    licenses: licenses.map((license) => knownLicense(license)),
  });
}

const subscription = { kind: "subscription", id: "sub_1" };
const paid = { si_1: itemWith() };
const seen = said(snapshotWith({ si_1: {} }));
const mapped = said(termsOf("product-a"));
const silent = said(null);

Deno.test("a subscription's snapshot may be stale, so the subscription itself is read", () => {
  const catalogTerms = { price_a: mapped };
  for (const what of ["created", "updated", "paused", "resumed"]) {
    const events = ["invoice.paid", `customer.subscription.${what}`];
    const read = needed("sub_1", { subscription: seen, catalogTerms }, { events });
    assert.deepEqual(read, subscription);
  }
});

Deno.test("it is not read again for an event from before it was read", () => {
  const events = ["customer.subscription.updated"];
  const read = (at: number, by: string) => {
    const shown = said(seen.value, { at, by });
    return needed("sub_1", { subscription: shown, catalogTerms: { price_a: mapped } }, { events });
  };
  assert.equal(read(saidAt + 1, byReading), null);
  assert.deepEqual(read(saidAt, byReading), subscription, "of one second nobody can tell");
  assert.deepEqual(read(saidAt + 1, "evt_2"), subscription);
});

Deno.test("what has ended needs no reading, and neither does money", () => {
  const known = { subscription: seen, catalogTerms: { price_a: mapped } };
  const events = ["customer.subscription.updated", "customer.subscription.deleted"];
  assert.equal(needed("sub_1", { ...known, ended: true }, { events }), null);
  for (const type of ["invoice.paid", "checkout.session.completed", "charge.refunded"]) {
    assert.equal(needed("sub_1", known, { events: [type] }), null);
  }
});

Deno.test("what a price and its product sell is asked for once, by what is there now", () => {
  for (const known of [{ items: paid }, { subscription: seen }]) {
    const read = (catalogTerms: Purchase["catalogTerms"]) =>
      needed("sub_1", { ...known, catalogTerms });
    assert.deepEqual(read({}), subscription);
    assert.deepEqual(read({ price_a: silent }), subscription, "the product may say it");
    assert.deepEqual(read({ prod_a: mapped }), subscription, "the price comes first");
    assert.equal(read({ price_a: mapped }), null);
    assert.equal(read({ price_a: silent, prod_a: silent }), null);
    assert.equal(read({ price_a: silent, prod_a: mapped }), null);
  }
  const removed = {
    items: { ...paid, si_0: itemWith({ priceId: "price_old" }) },
    subscription: seen,
  };
  assert.equal(needed("sub_1", { ...removed, catalogTerms: { price_a: mapped } }), null);
});

Deno.test("a line without a price or product is not asked for again and again", () => {
  const line = { priceId: null, productId: null };
  assert.equal(needed("sub_1", { items: { si_1: itemWith(line) } }), null);
  const priced = { items: { si_1: itemWith({ productId: null }) } };
  assert.equal(needed("sub_1", { ...priced, catalogTerms: { price_a: silent } }), null);
});

Deno.test("terms of the line, the session or the subscription make it needless", () => {
  const own = { items: { si_1: itemWith({ terms: termsOf("product-a") }) } };
  assert.equal(needed("sub_1", own), null);
  assert.equal(needed("sub_1", { items: paid, subscriptionTerms: mapped }), null);
  const sessions = { cs_1: sessionWith({ terms: mapped }) };
  assert.equal(needed("sub_1", { items: paid, sessions }), null);
  assert.deepEqual(needed("sub_1", { items: paid, subscriptionTerms: silent }), subscription);
});

Deno.test("a license that stands for the line, or for all, makes it needless until its price changes", () => {
  const read = (license: Parameters<typeof knownLicense>[0]) =>
    needed("sub_1", { items: paid }, { licenses: [license] });
  assert.equal(read({ stripeItemId: "si_1", stripePriceId: "price_a" }), null);
  assert.equal(read({ stripeItemId: null, stripePriceId: null }), null);
  assert.deepEqual(read({ stripeItemId: "si_2", stripePriceId: "price_a" }), subscription);
  assert.deepEqual(read({ stripeItemId: "si_1", stripePriceId: "price_old" }), subscription);
});

Deno.test("a paid session of which no line is known asks for the subscription", () => {
  assert.deepEqual(needed("sub_1", { sessions: { cs_1: sessionWith() } }), subscription);
  const unpaid = { sessions: { cs_1: sessionWith({ payment: "unpaid" }) } };
  assert.equal(needed("sub_1", unpaid), null);
});

const lines = { kind: "session_lines", sessionId: "cs_1" };

Deno.test("what a paid order sold is asked for when nothing says it", () => {
  for (const id of ["pi_1", "cs_1"]) {
    assert.deepEqual(needed(id, { sessions: { cs_1: sessionWith() } }), lines);
  }
  const tellsEnough = [
    { sessions: { cs_1: sessionWith({ payment: "unpaid" }) } },
    { sessions: { cs_1: sessionWith({ terms: mapped }) } },
    { sessions: { cs_1: sessionWith({ lines: {} }) } },
    { sessions: { cs_1: sessionWith({ lines: { li_1: said(lineWith()) } }) } },
    { sessions: { cs_1: sessionWith() }, items: paid },
    {},
  ];
  for (const known of tellsEnough) assert.equal(needed("pi_1", known), null);
  assert.equal(needed("pi_1", { sessions: { cs_1: sessionWith() } }, { licenses: [{}] }), null);
});

Deno.test("money of which nobody knows what for asks for its invoice", () => {
  const invoice = { kind: "invoice", paymentIntent: "pi_1" };
  const charges = { pi_1: chargeWith({ refunded: 9900 }) };
  const disputes = { du_1: { status: "lost", createdAt: 1 } } as const;
  assert.deepEqual(needed("pi_1", { charges }), invoice);
  assert.deepEqual(needed("pi_1", { disputes }), invoice);
  assert.equal(needed("pi_1", { charges, items: paid }), null);
  assert.equal(needed("pi_1", { charges, invoiceKnown: true }), null, "it was told already");
  assert.equal(
    needed("pi_1", { charges, sessions: { cs_1: sessionWith({ terms: mapped }) } }),
    null,
  );
  assert.equal(needed("in_1", { charges }), null);
});

Deno.test("an invoice and a customer tell all there is", () => {
  for (const id of ["in_1", "cus_1"]) assert.equal(needed(id, { items: paid }), null);
});

const cut = cutInvoiceWith();
const catalogTerms = { price_a: mapped };

Deno.test("of a paid invoice that was cut short all lines are read, one such invoice at a time, first", () => {
  const events = ["customer.subscription.updated", "invoice.paid"];
  for (const id of ["sub_1", "pi_1", "in_2"]) {
    const read = (isListed: boolean) =>
      needed(id, { cutInvoices: { in_2: cut, in_1: { ...cut, isListed } } }, { events });
    assert.deepEqual(read(false), { kind: "invoice_lines", invoiceId: "in_1", invoice: cut });
    assert.deepEqual(read(true), { kind: "invoice_lines", invoiceId: "in_2", invoice: cut });
  }
  const listed = { in_1: cutInvoiceWith({ isListed: true }) };
  assert.deepEqual(needed("sub_1", { cutInvoices: listed }, { events }), subscription);
  assert.equal(needed("in_1", { cutInvoices: listed }), null);
});

Deno.test("so it is of a purchase that has ended: the paid time may be owed", () => {
  const known = { ended: true, cutInvoices: { in_1: cut } };
  assert.deepEqual(needed("sub_1", known)?.kind, "invoice_lines");
});

Deno.test("a paid line that names another price, or a new item, has the subscription read again", () => {
  const read = (
    line: Parameters<typeof itemWith>[0],
    { at = saidAt + 1, itemId = "si_1", isPartial = false, known = {} } = {},
  ) => {
    const paidLine = { ...itemWith(line), line: said(lineWith(line), { at }) };
    const subscription = said(snapshotWith({ si_1: {} }, { isPartial }), known);
    return needed("sub_1", { subscription, items: { [itemId]: paidLine }, catalogTerms });
  };
  assert.deepEqual(read({ priceId: "price_b" }), subscription);
  assert.deepEqual(read({}, { itemId: "si_2" }), subscription);
  assert.equal(read({}), null, "nothing has changed");
  assert.equal(read({ priceId: null }), null, "the line does not say its price");
  assert.equal(read({}, { itemId: "si_2", isPartial: true }), null, "it may have been left out");
  assert.equal(read({ priceId: "price_b" }, { at: saidAt }), null, "the invoice is no newer");
  const readSince = { at: saidAt + 2, by: byReading };
  assert.equal(read({ priceId: "price_b" }, { known: readSince }), null, "it was read since");
});

Deno.test("use that nothing dates has the subscription read, whatever names its license", () => {
  const opened = { si_1: itemWith({}, { paidThrough: null, paidFrom: null }) };
  const known = { items: opened, subscriptionTerms: mapped };
  assert.deepEqual(needed("sub_1", known), subscription);
  assert.equal(needed("sub_1", { ...known, subscription: seen }), null);
});
