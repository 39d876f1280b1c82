import assert from "node:assert/strict";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { subscriptionStatuses } from "../../functions/stripe-cryptlex/subscription_snapshot.ts";
import { bent } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";
import { termsOf } from "./builders/purchase_with.ts";
import { basic, metered, middle, startedAt, subscribeWith } from "./builders/subscribe_with.ts";

const endOfJune = Date.parse("2026-07-01T00:00:00Z") / 1000;
const productA = { CRYPTLEX_PRODUCT_ID: "product-a" };

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a subscription is told as it is, and sells nothing by itself (${shape})`, () => {
    const subscription = subscribeWith({
      price: { ...basic, quantity: 3, metadata: productA, itemMetadata: { a: "b" } },
      subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "product-b" },
    }, shape);
    const event = subscription.subscriptionCreated();
    const said = { at: event.created, by: event.id };
    const { latest_invoice } = event.data.object;
    const itemId = String(subscription.itemIds[0]);
    const line = {
      priceId: "price_basic",
      productId: "prod_a",
      terms: null,
      quantity: 3,
      interval: "P1M",
    };
    assert.deepEqual(factsOf(event), {
      kind: "facts",
      stripeIds: [subscription.id, latest_invoice],
      customerId: subscription.customer.id,
      opensSale: false,
      facts: {
        ...nothing,
        customerId: { value: subscription.customer.id, ...said },
        subscriptionTerms: { value: termsOf("product-b"), ...said },
        catalogTerms: { price_basic: { value: termsOf("product-a"), ...said } },
        periods: {
          [String(subscription.itemIds[0])]: { [startedAt.getTime() / 1000]: endOfJune },
        },
        subscription: {
          value: {
            status: "active",
            isPartial: false,
            items: { [itemId]: { currentPeriodEnd: endOfJune, line } },
          },
          ...said,
        },
        listed: {
          [itemId]: {
            createdAt: event.created,
            isAdded: false,
            line: { value: line, ...said },
          },
        },
      },
    });
  });

  Deno.test(`an item that came after the rest is known as added, with when (${shape})`, () => {
    const subscription = subscribeWith({}, shape);
    const { updated } = subscription.addItem({
      price: { ...basic, price: "price_addon" },
      at: middle,
      prorationBehavior: "none",
    });
    const { facts } = factsOf(updated);
    const [first, added] = subscription.itemIds.map((itemId) => facts.listed[itemId]);
    assert.equal(first?.isAdded, false);
    assert.deepEqual([added?.isAdded, added?.createdAt], [true, updated.created]);
    assert.equal(added?.line.value.priceId, "price_addon");
  });

  Deno.test(`a change is told by every event of a subscription (${shape})`, () => {
    const subscription = subscribeWith({}, shape);
    const { updated } = subscription.changeQuantity({
      at: middle,
      quantity: 7,
      prorationBehavior: "create_prorations",
    });
    const [item] = Object.values(factsOf(updated).facts.subscription?.value.items ?? {});
    assert.equal(item?.line.quantity, 7);
  });

  Deno.test(`a trial counts to its end while it lasts (${shape})`, () => {
    const subscription = subscribeWith({ trialDays: 14 }, shape);
    const created = factsOf(subscription.subscriptionCreated()).facts;
    assert.equal(created.trialThrough, startedAt.getTime() / 1000 + 14 * 24 * 60 * 60);
    assert.equal(created.subscription?.value.status, "trialing");
    const active = factsOf(subscription.endTrial({ at: new Date("2026-06-05T00:00:00Z") }).updated);
    assert.equal(active.facts.trialThrough, null);
  });

  Deno.test(`a deleted subscription is over, for good (${shape})`, () => {
    const event = subscribeWith({}, shape).canceled({ at: middle });
    const { ended, subscription } = factsOf(event).facts;
    assert.deepEqual([ended, subscription?.value.status], [true, "canceled"]);
  });

  Deno.test(`paused is a status of its own, and ends nothing (${shape})`, () => {
    const { paused, updated } = subscribeWith({}, shape).paused({ at: middle });
    for (const event of [paused, updated]) {
      const { ended, subscription } = factsOf(event).facts;
      assert.deepEqual([ended, subscription?.value.status], [false, "paused"]);
    }
  });
}

const created = subscribeWith().subscriptionCreated();

Deno.test("a canceled status ends it in any event, and the event of the end in any status", () => {
  assert.equal(factsOf(bent(created, "status", "canceled")).facts.ended, true);
  const deleted = { ...created, type: "customer.subscription.deleted" };
  assert.equal(factsOf(deleted).facts.ended, true);
  assert.equal(factsOf({ ...created, type: "customer.subscription.resumed" }).facts.ended, false);
});

Deno.test("every status Stripe has is known, and another is parked, naming the field", () => {
  for (const status of subscriptionStatuses) {
    assert.equal(factsOf(bent(created, "status", status)).facts.subscription?.value.status, status);
  }
  const reason = reasonOf(bent(created, "status", "hibernating"), "parked");
  assert.match(reason, /: status$/);
});

Deno.test("a metered price has no quantity, and none is none, not nothing known", () => {
  const quantityOf = (event: unknown) =>
    Object.values(factsOf(event).facts.subscription?.value.items ?? {})[0]?.line.quantity;
  assert.equal(quantityOf(subscribeWith({ price: metered }).subscriptionCreated()), null);
  assert.equal(
    quantityOf(bent(created, "items.data.0.price.recurring.usage_type", "metered")),
    null,
  );
  assert.equal(quantityOf(bent(created, "items.data.0.quantity", undefined)), null);
  assert.equal(quantityOf(bent(created, "items.data.0.quantity", 0)), 0);
});

Deno.test("an item's own metadata is its own", () => {
  const event = bent(created, "items.data.0.metadata", productA);
  const [item] = Object.values(factsOf(event).facts.subscription?.value.items ?? {});
  assert.equal(item?.line.terms?.productId, "product-a");
});

Deno.test("an expanded product says what it sells", () => {
  const event = bent(created, "items.data.0.price.product", { id: "prod_a", metadata: productA });
  const { catalogTerms, subscription } = factsOf(event).facts;
  assert.equal(catalogTerms.prod_a?.value?.productId, "product-a");
  assert.equal(catalogTerms.price_basic?.value, null);
  const [item] = Object.values(subscription?.value.items ?? {});
  assert.equal(item?.line.productId, "prod_a");
});

Deno.test("a list cut short is known to be", () => {
  assert.equal(
    factsOf(bent(created, "items.has_more", true)).facts.subscription?.value.isPartial,
    true,
  );
});

Deno.test("only an invoice leads to another purchase", () => {
  const id = created.data.object.id;
  for (const invoice of [undefined, null, "", "pi_1", 7, {}]) {
    assert.deepEqual(factsOf(bent(created, "latest_invoice", invoice)).stripeIds, [id]);
  }
  const expanded = bent(created, "latest_invoice", { id: "in_1", object: "invoice" });
  assert.deepEqual(factsOf(expanded).stripeIds, [id, "in_1"]);
});

Deno.test("a subscription without a customer is told all the same", () => {
  const { facts, customerId } = factsOf(bent(created, "customer", null));
  assert.deepEqual([facts.customerId, customerId], [null, null]);
});

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`what is metered is used from the subscription's start on, in its first period (${shape})`, () => {
    const subscription = subscribeWith({ price: metered }, shape);
    const [id = ""] = subscription.itemIds;
    const start = startedAt.getTime() / 1000;
    const { periods, usedFrom } = factsOf(subscription.subscriptionCreated()).facts;
    assert.deepEqual(periods, { [id]: { [start]: endOfJune } });
    assert.deepEqual(usedFrom, { [id]: start });
    const later = factsOf(subscription.renewed(1)).facts;
    assert.deepEqual(Object.keys(later.periods[id] ?? {}), [String(endOfJune)]);
    assert.deepEqual(later.usedFrom, {});
  });
}
