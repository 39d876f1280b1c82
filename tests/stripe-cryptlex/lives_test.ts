// Whole lives through the real convergence, in any order of delivery: all in memory.

import assert from "node:assert/strict";
import fc from "fast-check";
import { nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { ignoredSeats } from "../../functions/stripe-cryptlex/seats.ts";
import type { Catalog } from "../../functions/stripe-cryptlex/line_mapping.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import type { SubscribeOptions } from "../../tools/stripe_sandbox/subscription_opening.ts";
import { anyLife, prices } from "./builders/any_life.ts";
import { factsOf } from "./builders/facts_of.ts";
import { anyDelivery } from "./builders/merged.ts";
import { createPurchaseAtWork } from "./builders/purchase_at_work.ts";
import { basic, pro, subscribeWith } from "./builders/subscribe_with.ts";

const products = [
  "product-setting",
  "product-m",
  "product-n",
  ...prices.map((p) => `product-${p}`),
];
const setting: Catalog = { plans: [], hasPlans: false, productId: "product-setting" };
const planned: Catalog = {
  plans: prices.map((stripeId) => ({
    stripeId,
    cryptlexProductId: `product-${stripeId}`,
    licenseTemplateId: null,
    entitlementSetId: null,
    seats: ignoredSeats,
  })),
  hasPlans: true,
  productId: null,
};

/** A life, its facts in any order and more than once, and what is sold where. */
const delivered = anyLife.chain(({ purchaseId, facts }) =>
  fc.record({
    purchaseId: fc.constant(purchaseId),
    facts: fc.constant(facts),
    delivery: anyDelivery(facts),
    catalog: fc.constantFrom(setting, planned),
  })
);

/** Nothing in metadata: no more than one place says what is bought. */
const plain = delivered.filter(({ facts }) =>
  facts.every((known) =>
    !known.subscriptionTerms?.value && !known.invoiceTerms?.value &&
    Object.values(known.items).every((item) => item.line.value.terms === null) &&
    Object.values(known.sessions).every((session) => session.terms.value === null)
  )
);

/** Said on the way that a purchase waits for what plans need to be told. */
const parks = (catalog: Catalog, purchaseId: string) =>
  catalog.hasPlans && /^(pi|cs)_/.test(purchaseId);

Deno.test("what was done once is not done again", async () => {
  await fc.assert(fc.asyncProperty(delivered, async ({ purchaseId, delivery, catalog }) => {
    fc.pre(!parks(catalog, purchaseId));
    const purchase = createPurchaseAtWork({ purchaseId, catalog, products });
    for (const facts of delivery) {
      await purchase.know(facts);
      assert.deepEqual(await purchase.know(nothing), []);
    }
  }));
});

Deno.test("where one place says what is bought, any delivery ends in the same licenses", async () => {
  await fc.assert(fc.asyncProperty(plain, async ({ purchaseId, facts, delivery, catalog }) => {
    fc.pre(!parks(catalog, purchaseId));
    const after = async (facts: readonly Purchase[]) => {
      const purchase = createPurchaseAtWork({ purchaseId, catalog, products });
      for (const known of facts) await purchase.know(known);
      return purchase.licenses().sort();
    };
    assert.deepEqual(await after(delivery), await after(facts));
  }));
});

/** The slots after a sale's session and first invoice, in either order. */
async function slotsOfSale(sale: Partial<SubscribeOptions>): Promise<[unknown, unknown]> {
  const subscription = subscribeWith(sale);
  const events = [subscription.checkoutCompleted(), subscription.firstInvoicePaid()];
  const slots = async (events: readonly StripeEvent[]) => {
    const { id: purchaseId } = subscription;
    const purchase = createPurchaseAtWork({ purchaseId, catalog: setting, products });
    for (const event of events) await purchase.know(factsOf(event).facts);
    return purchase.licenses().map(([slot]) => slot);
  };
  return [await slots(events), await slots(events.toReversed())];
}

Deno.test("the subscription's metadata wins over the setting, whichever event comes first", async () => {
  const subscriptionMetadata = { CRYPTLEX_PRODUCT_ID: "product-n" };
  const [first, second] = await slotsOfSale({ subscriptionMetadata });
  assert.deepEqual([first, second], [["product-n/1"], ["product-n/1"]]);
});

Deno.test("the session's metadata wins over the subscription's, whichever event comes first", async () => {
  const subscriptionMetadata = { CRYPTLEX_PRODUCT_ID: "product-n" };
  const sessionMetadata = { CRYPTLEX_PRODUCT_ID: "product-m" };
  const [first, second] = await slotsOfSale({ subscriptionMetadata, sessionMetadata });
  assert.deepEqual([first, second], [["product-m/1"], ["product-m/1"]]);
});

Deno.test("a line's own metadata wins over the session's, whichever event comes first", async () => {
  const lineMetadata = { CRYPTLEX_PRODUCT_ID: "product-n" };
  const sessionMetadata = { CRYPTLEX_PRODUCT_ID: "product-m" };
  const [first, second] = await slotsOfSale({ lineMetadata, sessionMetadata });
  assert.deepEqual([first, second], [["product-n/1"], ["product-n/1"]]);
});

Deno.test("several lines' own metadata wins over the setting, whichever event comes first", async () => {
  const lineMetadata = { CRYPTLEX_PRODUCT_ID: "product-n" };
  const [first, second] = await slotsOfSale({ lineMetadata, prices: [basic, pro] });
  assert.deepEqual(first, second);
});
