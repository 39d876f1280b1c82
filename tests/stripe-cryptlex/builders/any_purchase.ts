// Any knowledge of a purchase, from so few times, events and ids that ties are common.

import fc from "fast-check";
import type { Latest, Purchase, Terms } from "../../../functions/stripe-cryptlex/purchase.ts";

const plain = { noNullPrototype: true } as const;

function latest<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Latest<T>> {
  const at = fc.integer({ min: 1, max: 3 });
  return fc.record({ value, at, by: fc.constantFrom("evt_1", "evt_2") }, plain);
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });
const oneOf = (...values: string[]) => fc.constantFrom(...values);

const terms: fc.Arbitrary<Terms> = fc.record({
  productId: oneOf("product-a", "product-b"),
  licenseTemplateId: maybe(oneOf("template-a", "template-b")),
  entitlementSetId: maybe(oneOf("set-a", "set-b")),
}, plain);

const session = fc.record({
  payment: fc.constantFrom("unpaid", "failed", "paid"),
  completed: fc.boolean(),
  terms: latest(maybe(terms)),
}, plain);

const item = fc.record({
  paidThrough: maybe(fc.integer({ min: 1, max: 5 })),
  line: latest(fc.record({
    priceId: maybe(oneOf("price_a", "price_b")),
    productId: maybe(oneOf("prod_a", "prod_b")),
    terms: maybe(terms),
  }, plain)),
}, plain);

export const anyPurchase: fc.Arbitrary<Purchase> = fc.record({
  customerId: maybe(latest(oneOf("cus_1", "cus_2"))),
  email: maybe(latest(oneOf("ada@example.com", "bob@example.com"))),
  name: maybe(latest(fc.string())),
  // One in eight: erased, little of a merge of many would be left to look at.
  erased: fc.nat(7).map((n) => n === 0),
  sessions: fc.dictionary(oneOf("cs_1", "cs_22", "cs_3"), session, plain),
  subscriptionTerms: maybe(latest(maybe(terms))),
  invoiceTerms: maybe(latest(maybe(terms))),
  items: fc.dictionary(oneOf("si_1", "si_22", "il_3"), item, plain),
}, plain).map((known) => known.erased ? { ...known, email: null, name: null } : known);
