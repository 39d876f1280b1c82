import assert from "node:assert/strict";
import type { Item } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf } from "./builders/facts_of.ts";
import { basic, middle, pro, startedAt, subscribeWith } from "./builders/subscribe_with.ts";

Deno.test("a first invoice says who bought what, through when", () => {
  const subscription = subscribeWith({ name: "Ada" });
  const event = subscription.firstInvoicePaid();
  const facts = factsOf(event);
  const { at, by } = { at: event.created, by: event.id };
  assert.deepEqual(facts.stripeIds, [subscription.id, event.data.object.id]);
  assert.equal(facts.customerId, subscription.customer.id);
  assert.equal(facts.opensSale, true);
  assert.deepEqual(facts.facts.customerId, { value: subscription.customer.id, at, by });
  assert.deepEqual(facts.facts.email, { value: "ada@example.com", at, by });
  assert.deepEqual(facts.facts.name, { value: "Ada", at, by, billed: true });
  assert.deepEqual(facts.facts.subscriptionTerms, { value: null, at, by });
  assert.equal(facts.facts.invoiceTerms, null);
  assert.deepEqual(facts.facts.items, {
    [String(subscription.itemIds[0])]: {
      paidThrough: Date.parse("2026-07-01T00:00:00Z") / 1000,
      paidFrom: startedAt.getTime() / 1000,
      line: {
        value: {
          priceId: "price_basic",
          productId: "prod_a",
          terms: null,
          quantity: 1,
          interval: null,
        },
        at: event.data.object.created,
        by,
      },
    },
  });
});

/** Only before Basil a line says how often its price is paid. */
function withoutInterval([id, item]: [string, Item]): unknown {
  const { interval: _, ...value } = item.line.value;
  return [id, { ...item, line: { ...item.line, value } }];
}

Deno.test("an invoice paid late dates its price by its making, not by its payment", () => {
  const subscription = subscribeWith();
  const late = subscription.renewalPaid(1, { paidAt: new Date("2026-07-20T00:00:00Z") });
  const [item] = Object.values(factsOf(late).facts.items);
  assert.equal(item?.line.at, Date.parse("2026-07-01T00:00:00Z") / 1000);
});

Deno.test("both payload shapes of an invoice say the same", () => {
  const [basil, acacia] = (["basil", "acacia"] as const).map((shape) => {
    const subscription = createStripeShop({ shape }).subscribe({
      startedAt,
      prices: [basic, { ...basic, price: "price_addon", product: "prod_b" }],
      subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "product-a" },
      lineMetadata: { CRYPTLEX_ENTITLEMENT_SET_ID: "set-a" },
    });
    const always = { at: middle, prorationBehavior: "always_invoice" } as const;
    const change = subscription.changePrice({ ...always, to: pro });
    const byHand = createStripeShop({ shape }).invoice({
      metadata: { CRYPTLEX_PRODUCT_ID: "product-b" },
      lines: [{ amount: 100, price: "price_x", product: "prod_x", metadata: { a: "b" } }],
    });
    const events = [
      subscription.firstInvoicePaid(),
      change,
      subscription.renewalPaid(1),
      byHand.paid(),
    ];
    return events.map((event) => {
      const { stripeIds, ...told } = factsOf(event);
      // Only before Basil an invoice names its payment, and embeds its prices.
      const { items, catalogTerms: _, ...facts } = told.facts;
      return {
        ...told,
        stripeIds: stripeIds.filter((id) => !id.startsWith("pi_")),
        facts: { ...facts, items: Object.entries(items).map(withoutInterval) },
      };
    });
  });
  assert.deepEqual(basil, acacia);
});

Deno.test("before Basil the payment is another name of the purchase", () => {
  const subscription = subscribeWith({}, "acacia");
  const event = subscription.firstInvoicePaid();
  const { payment_intent, id } = event.data.object;
  assert.deepEqual(factsOf(event).stripeIds, [subscription.id, payment_intent, id]);
});

Deno.test("expanded objects are as good as their ids", () => {
  const subscriptionPath = {
    basil: "parent.subscription_details.subscription",
    acacia: "subscription",
  };
  const item = {
    basil: "lines.data.0.parent.subscription_item_details.subscription_item",
    acacia: "lines.data.0.subscription_item",
  };
  const price = {
    basil: "lines.data.0.pricing.price_details.price",
    acacia: "lines.data.0.price.product",
  };
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribeWith({}, shape);
    const event = subscription.firstInvoicePaid();
    const expansions = [
      ["customer", subscription.customer.id],
      [subscriptionPath[shape], subscription.id],
      [item[shape], subscription.itemIds[0]],
      [price[shape], shape === "basil" ? "price_basic" : "prod_a"],
    ] as const;
    for (const [path, id] of expansions) {
      assert.deepEqual(factsOf(bent(event, path, { id, object: "x" })), factsOf(event), path);
    }
  }
});

Deno.test("metadata on the subscription is not the line's own, though Stripe copies it there", () => {
  const event = subscribeWith({ subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "product-a" } })
    .firstInvoicePaid();
  const { facts } = factsOf(event);
  assert.equal(facts.subscriptionTerms?.value?.productId, "product-a");
  assert.equal(Object.values(facts.items)[0]?.line.value.terms, null);
});

Deno.test("metadata that differs from the subscription's is the line's own", () => {
  const event = subscribeWith({
    subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "product-a" },
    lineMetadata: { CRYPTLEX_PRODUCT_ID: "product-b" },
  }).firstInvoicePaid();
  const { facts } = factsOf(event);
  assert.equal(facts.subscriptionTerms?.value?.productId, "product-a");
  assert.equal(Object.values(facts.items)[0]?.line.value.terms?.productId, "product-b");
});

Deno.test("a line that bills no item of the subscription is none of its licenses", () => {
  const event = subscribeWith().firstInvoicePaid();
  const path = "lines.data.0.parent.subscription_item_details";
  assert.deepEqual(factsOf(bent(event, path, null)).facts.items, {});
});

Deno.test("a one-off invoice counts each charged line, without a period", () => {
  const written = createStripeShop().invoice({
    email: "ada@example.com",
    metadata: { CRYPTLEX_PRODUCT_ID: "product-a" },
    lines: [
      { amount: 500, price: "price_x", product: "prod_x" },
      { amount: 0, price: "price_gift", metadata: { CRYPTLEX_PRODUCT_ID: "product-b" } },
      { amount: -100, price: "price_rebate" },
    ],
  });
  const event = written.paid();
  const { facts, stripeIds, opensSale } = factsOf(event);
  assert.deepEqual(stripeIds, [written.id]);
  assert.equal(opensSale, false);
  assert.equal(facts.subscriptionTerms, null);
  assert.equal(facts.invoiceTerms?.value?.productId, "product-a");
  const items = Object.entries(facts.items);
  assert.ok(items.every(([id, item]) => id.startsWith("il_") && item.paidThrough === null));
  assert.deepEqual(
    items.map(([, { line }]) => [line.value.priceId, line.value.terms?.productId ?? null]),
    [["price_x", null], ["price_gift", "product-b"]],
  );
});

Deno.test("an invoice without a customer or e-mail still says what was paid", () => {
  const event = bent(
    bent(subscribeWith().firstInvoicePaid(), "customer", null),
    "customer_email",
    "",
  );
  const { facts, customerId } = factsOf(event);
  assert.equal(customerId, null);
  assert.equal(facts.email, null);
  assert.equal(Object.keys(facts.items).length, 1);
});
