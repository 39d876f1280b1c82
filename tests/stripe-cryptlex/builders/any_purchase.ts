// Any knowledge of a purchase, from so few times, events and ids that ties are common.

import fc from "fast-check";
import type { CutInvoice } from "../../../functions/stripe-cryptlex/cut_invoices.ts";
import { disputeStatuses } from "../../../functions/stripe-cryptlex/disputes.ts";
import type { Latest } from "../../../functions/stripe-cryptlex/lattice.ts";
import type { Line, Purchase, Terms } from "../../../functions/stripe-cryptlex/purchase.ts";
import { withoutPassed } from "../../../functions/stripe-cryptlex/owed_periods.ts";
import {
  type Snapshot,
  subscriptionStatuses,
} from "../../../functions/stripe-cryptlex/subscription_snapshot.ts";

const plain = { noNullPrototype: true } as const;

function latest<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Latest<T>> {
  const at = fc.integer({ min: 1, max: 3 });
  return fc.record({ value, at, by: fc.constantFrom("evt_1", "evt_2") }, plain);
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const oneOf = (...values: string[]) => fc.constantFrom(...values);
const some = (max: number) => fc.integer({ min: 0, max });

function dictionary<T>(value: fc.Arbitrary<T>, ...keys: string[]): fc.Arbitrary<Record<string, T>> {
  return fc.dictionary(oneOf(...keys), value, plain);
}

const terms: fc.Arbitrary<Terms> = fc.record({
  productId: oneOf("product-a", "product-b"),
  licenseTemplateId: maybe(oneOf("template-a", "template-b")),
  entitlementSetId: maybe(oneOf("set-a", "set-b")),
}, plain);

const line: fc.Arbitrary<Line> = fc.record({
  priceId: maybe(oneOf("price_a", "price_b")),
  productId: maybe(oneOf("prod_a", "prod_b")),
  terms: maybe(terms),
  quantity: maybe(some(3)),
  interval: maybe(oneOf("P1M", "P1Y")),
}, plain);

const session = fc.record({
  payment: fc.constantFrom("unpaid", "failed", "paid"),
  completed: fc.boolean(),
  amountTotal: maybe(some(2)),
  terms: latest(maybe(terms)),
  lines: maybe(dictionary(latest(line), "li_1", "li_22")),
}, plain);

const item = fc.record({
  paidThrough: maybe(some(5)),
  paidFrom: maybe(some(5)),
  line: latest(line),
}, plain);

const snapshot: fc.Arbitrary<Snapshot> = fc.record({
  status: fc.constantFrom(...subscriptionStatuses),
  items: dictionary(fc.record({ line, currentPeriodEnd: maybe(some(5)) }, plain), "si_1", "si_22"),
  isPartial: fc.boolean(),
}, plain);

const listed = fc.record({
  createdAt: maybe(some(3)),
  isAdded: fc.boolean(),
  line: latest(line),
}, plain);

const refund = fc.record({
  amount: some(2),
  status: fc.constantFrom("pending", "succeeded", "failed"),
}, plain);

const charge = fc.record({
  captured: maybe(some(2)),
  refunded: some(2),
  refunds: dictionary(refund, "re_1", "re_22"),
}, plain);

const dispute = fc.record(
  { status: fc.constantFrom(...disputeStatuses), createdAt: some(2) },
  plain,
);

/** What is said of an invoice that is finalized never changes: only whether it was listed does. */
const cutInvoices = fc.tuple(
  ...[2, 4, null].map((billedThrough, n) =>
    maybe(fc.boolean()).map((isListed): [string, CutInvoice][] =>
      isListed === null
        ? []
        : [[`in_${n}`, { created: n, billedThrough, subscriptionTerms: null, isListed }]]
    )
  ),
).map((invoices) => Object.fromEntries(invoices.flat()));

export const anyPurchase: fc.Arbitrary<Purchase> = fc.record({
  customerId: maybe(latest(oneOf("cus_1", "cus_2"))),
  email: maybe(latest(oneOf("ada@example.com", "bob@example.com"))),
  name: maybe(
    fc.tuple(latest(fc.string()), fc.boolean())
      .map(([name, billed]) => billed ? { ...name, billed: true as const } : name),
  ),
  company: maybe(latest(oneOf("Analytical Engines", "Difference Engines"))),
  // One in eight: erased, little of a merge of many would be left to look at.
  erased: fc.nat(7).map((n) => n === 0),
  wantsUser: fc.boolean(),
  sessions: dictionary(session, "cs_1", "cs_22", "cs_3"),
  subscriptionTerms: maybe(latest(maybe(terms))),
  invoiceTerms: maybe(latest(maybe(terms))),
  catalogTerms: dictionary(latest(maybe(terms)), "price_a", "prod_a", "prod_bb"),
  items: dictionary(item, "si_1", "si_22", "il_3"),
  usedFrom: dictionary(some(4), "si_1", "si_22"),
  usedThrough: dictionary(some(4), "si_1", "si_22"),
  cutInvoices,
  periods: dictionary(dictionary(some(6), "0", "2", "4"), "si_1", "si_22"),
  listed: dictionary(listed, "si_1", "si_22"),
  subscription: maybe(latest(snapshot)),
  trialThrough: maybe(some(3)),
  ended: fc.boolean(),
  charges: dictionary(charge, "pi_1", "pi_22"),
  invoicesPaid: dictionary(some(2), "in_1", "in_22"),
  disputes: dictionary(dispute, "du_1", "du_22"),
  invoiceKnown: fc.boolean(),
}, plain).map((known) => ({
  ...known,
  periods: withoutPassed(known),
  ...(known.erased ? { email: null, name: null, company: null } : {}),
}));
