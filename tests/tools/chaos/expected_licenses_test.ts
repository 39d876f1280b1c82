// The model of a chaos run, checked by hand: it must be right on its own.

import assert from "node:assert/strict";
import { app, plans, prices, pro } from "../../../tools/chaos/chaos_catalogue.ts";
import { expectedLicenses, type ModelOptions } from "../../../tools/chaos/expected_licenses.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";

const bySetting: ModelOptions = { plans: [], defaultProductId: app.id, graceDays: 3 };
const buyer = { email: "Ann@Example.com", name: "Ann" };
const startedAt = new Date("2026-01-31T10:00:00Z");

/** The one purchase these events tell of. */
function only(events: StripeEvent[], options: ModelOptions = bySetting) {
  const found = expectedLicenses(events, options);
  assert.equal(found.length, 1);
  const [purchase] = found;
  assert.ok(purchase);
  return purchase;
}

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a subscription lasts to its last paid period and the grace (${shape})`, () => {
    const sale = createStripeShop({ shape }).subscribe({
      ...buyer,
      price: prices.monthly,
      startedAt,
    });
    const events = [sale.renewalPaid(2), sale.checkoutCompleted(), sale.firstInvoicePaid()];
    const { stripeIds, email, license } = only([...events, sale.renewalPaid(1)]);
    assert.equal(stripeIds[0], sale.id);
    assert.ok(stripeIds.includes(sale.sessionId));
    assert.equal(email, "ann@example.com");
    const until = new Date("2026-05-03T10:00:00Z");
    assert.deepEqual(license, { productId: app.id, templateId: null, until });
  });

  Deno.test(`a change to yearly maps by the new price and lasts a year (${shape})`, () => {
    const sale = createStripeShop({ shape }).subscribe({
      ...buyer,
      price: prices.monthly,
      startedAt,
    });
    const change = sale.changePrice({
      to: prices.yearly,
      at: new Date("2026-02-10T10:00:00Z"),
      prorationBehavior: "always_invoice",
    });
    const { license } = only([change, sale.firstInvoicePaid()], { ...bySetting, plans });
    assert.equal(license?.productId, pro.id);
    assert.deepEqual(license?.until, new Date("2027-02-13T10:00:00Z"));
  });

  Deno.test(`a trial lasts to its end and the grace (${shape})`, () => {
    const sale = createStripeShop({ shape })
      .subscribe({ ...buyer, price: prices.monthly, startedAt, trialDays: 14 });
    const { license } = only([sale.firstInvoicePaid(), sale.checkoutCompleted()]);
    assert.deepEqual(license?.until, new Date("2026-02-17T10:00:00Z"));
  });

  Deno.test(`session before subscription before plan before setting (${shape})`, () => {
    const product = (place: Record<string, Record<string, string>>, options = bySetting) => {
      const sale = createStripeShop({ shape })
        .subscribe({ ...buyer, price: prices.yearly, startedAt, ...place });
      return only([sale.firstInvoicePaid(), sale.checkoutCompleted()], options).license?.productId;
    };
    const of = (id: string) => ({ CRYPTLEX_PRODUCT_ID: id });
    const withPlans = { ...bySetting, plans };
    assert.equal(product({ sessionMetadata: of("a"), subscriptionMetadata: of("b") }), "a");
    assert.equal(product({ subscriptionMetadata: of("b") }, withPlans), "b");
    assert.equal(product({}, withPlans), pro.id);
    assert.equal(product({}), app.id);
  });

  Deno.test(`an order with an invoice is one purchase (${shape})`, () => {
    const order = createStripeShop({ shape })
      .buy({ ...buyer, amount: 100, paymentStatus: "paid", withInvoice: true });
    const purchase = only([order.invoicePaid(), order.completed()]);
    assert.deepEqual(purchase.stripeIds, [order.id, order.sessionId, order.invoiceId]);
    assert.equal(purchase.license?.until, "template");
  });
}

Deno.test("an order entitles once its money is there", () => {
  const buy = (paymentStatus: "unpaid" | "no_payment_required") =>
    createStripeShop().buy({ ...buyer, amount: 100, paymentStatus });
  const order = buy("unpaid");
  assert.equal(only([order.completed()]).license, null);
  assert.equal(only([order.completed(), order.asyncPaymentFailed()]).license, null);
  assert.ok(only([order.asyncPaymentSucceeded(), order.completed()]).license);
  assert.ok(only([buy("no_payment_required").completed()]).license);
});

Deno.test("noise tells of no purchase", () => {
  const shop = createStripeShop();
  const events = [shop.other("product.created"), shop.customer(buyer).created()];
  assert.deepEqual(expectedLicenses(events, bySetting), []);
});
