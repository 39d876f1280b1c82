// The model of a chaos run, checked by hand: it must be right on its own. Here: what is paid, and what
// it is in Cryptlex.

import assert from "node:assert/strict";
import { expectedLicenses } from "../../../../tools/chaos/model/expected_licenses.ts";
import { oneTimeProduct, prices } from "../../../../tools/chaos/chaos_catalogue.ts";
import { createStripeShop } from "../../../../tools/stripe_sandbox/stripe_shop.ts";
import {
  buyer,
  byPlans,
  bySetting,
  inDays,
  only,
  opened,
  shapes,
  subscribe,
  usable,
} from "./story.ts";

for (const shape of shapes) {
  Deno.test(`a subscription lasts to its last paid period and the grace (${shape})`, () => {
    const sale = subscribe({}, shape);
    const events = [sale.renewalPaid(2), sale.checkoutCompleted(), sale.firstInvoicePaid()];
    const { stripeIds, licenses } = only([...events, sale.renewalPaid(1)], bySetting);
    assert.equal(stripeIds[0], sale.id);
    assert.ok(stripeIds.includes(sale.sessionId));
    assert.deepEqual(licenses[0]?.until, new Date("2026-05-03T10:00:00Z"));
  });

  Deno.test(`told by invoices alone, the newest line says the price (${shape})`, () => {
    const sale = subscribe({}, shape);
    const change = sale.changePrice({
      to: prices.yearly,
      at: inDays(10),
      prorationBehavior: "always_invoice",
    });
    assert.deepEqual(usable([change, sale.firstInvoicePaid()]), ["pro 2027-02-13"]);
  });

  Deno.test(`a trial lasts to its end and the grace (${shape})`, () => {
    const sale = subscribe({ trialDays: 14 }, shape);
    const [firstInvoice, created] = [sale.firstInvoicePaid(), sale.subscriptionCreated()];
    assert.deepEqual(usable([sale.checkoutCompleted(), firstInvoice]), ["app 2026-02-17 basic"]);
    assert.deepEqual(usable([created]), ["app 2026-02-17 basic"]);
    const longer = sale.updated({ at: inDays(3), trialEnd: inDays(20) });
    assert.deepEqual(usable([created, firstInvoice, longer]), ["app 2026-02-23 basic"]);
  });

  Deno.test(`what is used lasts to the end of the period after the one billed (${shape})`, () => {
    const sale = subscribe({ price: prices.metered }, shape);
    assert.deepEqual(usable([sale.checkoutCompleted(), sale.firstInvoicePaid()]), [
      "usage template",
    ]);
    for (const first of [sale.checkoutCompleted(), sale.firstInvoicePaid()]) {
      assert.deepEqual(usable([first, sale.subscriptionCreated()]), ["usage 2026-03-03"]);
    }
    const billed = [...opened(sale), sale.renewalPaid(1)];
    // Nobody showed that March runs: as long again as what was billed.
    assert.deepEqual(usable(billed), ["usage 2026-03-31"]);
    assert.deepEqual(usable([...billed, sale.renewed(1)]), ["usage 2026-04-03"]);
  });

  Deno.test(`an invoice of many lines pays the period it begins (${shape})`, () => {
    const sale = subscribe({}, shape);
    const changes = [2, 3, 4, 5, 6, 7].map((day) =>
      sale.changeQuantity({
        quantity: day,
        at: inDays(day),
        prorationBehavior: "create_prorations",
      }).updated
    );
    const dateIn = (license: string) => /\d{4}-\d\d-\d\d/.exec(license)?.[0];
    const told = [...opened(sale), ...changes, sale.renewalPaid(1)];
    assert.deepEqual(usable(told).map(dateIn), ["2026-03-03"]);
    assert.deepEqual(usable([...told, sale.renewed(1)]).map(dateIn), ["2026-04-03"]);
  });

  Deno.test(`session before subscription before plan before setting (${shape})`, () => {
    const product = (place: Record<string, Record<string, string>>, options = byPlans) => {
      const sale = subscribe({ price: prices.yearly, ...place }, shape);
      return only([sale.firstInvoicePaid(), sale.checkoutCompleted()], options).licenses[0]
        ?.productId;
    };
    const of = (id: string) => ({ CRYPTLEX_PRODUCT_ID: id });
    assert.equal(product({ sessionMetadata: of("a"), subscriptionMetadata: of("b") }), "a");
    assert.equal(product({ subscriptionMetadata: of("b") }), "b");
    assert.equal(product({}), "product-pro");
    assert.equal(product({}, bySetting), "product-app");
  });

  Deno.test(`an order with an invoice is one purchase (${shape})`, () => {
    const order = createStripeShop({ shape })
      .buy({ ...buyer, amount: 100, paymentStatus: "paid", withInvoice: true });
    const purchase = only([order.invoicePaid(), order.completed()], bySetting);
    assert.deepEqual(purchase.stripeIds, [order.id, order.sessionId, order.invoiceId]);
    assert.equal(purchase.licenses[0]?.until, "template");
  });
}

Deno.test("an order entitles once its money is there", () => {
  const buy = (paymentStatus: "unpaid" | "no_payment_required") =>
    createStripeShop().buy({ ...buyer, amount: 100, paymentStatus });
  const order = buy("unpaid");
  assert.equal(only([order.completed()], bySetting).isEntitled, false);
  assert.deepEqual(usable([order.completed(), order.asyncPaymentFailed()], bySetting), []);
  assert.equal(usable([order.asyncPaymentSucceeded(), order.completed()], bySetting).length, 1);
  assert.equal(usable([buy("no_payment_required").completed()], bySetting).length, 1);
});

Deno.test("the setting maps no invoice written by hand, its own metadata and plans do", () => {
  const paid = (metadata: Record<string, string> = {}) =>
    createStripeShop().invoice({
      ...buyer,
      lines: [{ product: oneTimeProduct, amount: 100 }],
      metadata,
    }).paid();
  assert.deepEqual(usable([paid()], bySetting), []);
  assert.deepEqual(usable([paid()]), ["pro template"]);
  assert.deepEqual(usable([paid({ CRYPTLEX_PRODUCT_ID: "a" })], bySetting), ["a template"]);
});

Deno.test("noise tells of no purchase", () => {
  const shop = createStripeShop();
  const customer = shop.customer(buyer);
  const events = [shop.other("product.created"), customer.created(), shop.setup().completed()];
  assert.deepEqual(expectedLicenses(events, bySetting), []);
});
