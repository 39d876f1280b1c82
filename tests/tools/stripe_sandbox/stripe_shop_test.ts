import assert from "node:assert/strict";
import Stripe from "stripe";
import type { StripeAccountOptions } from "../../../tools/stripe_sandbox/stripe_account.ts";
import { SANDBOX_NOW } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { signatureHeader } from "../../../tools/stripe_sandbox/sign.ts";
import { at, iso, linesOf, objectOf } from "./payload.ts";

const price = { amount: 2900, interval: "month" } as const;

/** One of everything, and a function that sends all of it. */
function trade(options: StripeAccountOptions) {
  const shop = createStripeShop(options);
  const customer = shop.customer({ email: "ada@example.com", businessName: "Engines" });
  const subscription = shop.subscribe({ email: "bob@example.com", name: "Bob", price });
  const order = shop.buy({ amount: 4900, paymentStatus: "unpaid", withInvoice: true });
  const later = new Date((options.now ?? SANDBOX_NOW).getTime() + 1000);
  const refund = order.payment().refund({ at: later });
  const dispute = order.payment().dispute({ at: later });
  const invoice = shop.invoice({ email: "eve@example.com", lines: [{ amount: 100 }] });
  const setup = shop.setup({ customer });
  const others = [shop.thin("v1.customer.created"), shop.other("product.created")];
  const sends = [
    customer.created,
    () => customer.deleted(),
    subscription.customer.created,
    subscription.checkoutCompleted,
    () => subscription.subscriptionCreated(),
    () => subscription.renewed(1),
    () => subscription.paymentFailed(2),
    subscription.payment(1).chargeSucceeded,
    refund.created,
    refund.chargeRefunded,
    dispute.created,
    () => dispute.fundsWithdrawn(),
    () => order.payment().earlyFraudWarning({ at: later }),
    () => subscription.firstInvoicePaid(),
    () => subscription.renewalPaid(1),
    () => subscription.renewalPaid(2),
    order.completed,
    order.asyncPaymentSucceeded,
    order.asyncPaymentFailed,
    order.invoicePaid,
    () => invoice.paid(),
    setup.completed,
  ];
  return { sends, others };
}

Deno.test("the same seed trades the same, another seed shares no id", () => {
  const events = (seed: number) => {
    const { sends, others } = trade({ seed });
    return [...sends.map((send) => send()), ...others];
  };
  assert.deepEqual(events(1), events(1));
  const ids = (seed: number) => JSON.stringify(events(seed)).match(/\b[a-z]+_[0-9A-Za-z_]{14,}/g);
  const ours = new Set(ids(1)?.filter((id) => !id.includes("payment") && /\d/.test(id)));
  assert.ok(ours.size > 30, `${ours.size}`);
  assert.deepEqual(ids(2)?.filter((id) => ours.has(id)), []);
});

Deno.test("the order of the sends changes no event", () => {
  const forwards = trade({}).sends.map((send) => send());
  const backwards = trade({}).sends.reverse().map((send) => send()).reverse();
  assert.deepEqual(backwards, forwards);
});

Deno.test("a resend is the same event, whatever was done to the first copy", () => {
  for (const send of trade({}).sends) {
    const first = send();
    const kept = structuredClone(first);
    first.data.object.customer = "bent";
    assert.deepEqual(send(), kept);
  }
});

Deno.test("all events differ in id, and verify under Stripe's own verifier", async () => {
  const { sends } = trade({});
  const events = sends.map((send) => send());
  assert.equal(new Set(events.map((event) => event.id)).size, events.length);
  for (const event of events) {
    const payload = JSON.stringify(event);
    const header = await signatureHeader(payload, { secret: "whsec_x" });
    const verified = await Stripe.webhooks.constructEventAsync(payload, header, "whsec_x");
    assert.deepEqual(verified, event);
  }
});

Deno.test("mode, clock and version are the account's in every event", () => {
  const now = new Date("2030-01-01T00:00:00Z");
  for (const send of trade({ livemode: true, shape: "acacia", now }).sends) {
    const event = send();
    assert.equal(event.livemode, true);
    assert.equal(objectOf(event).livemode ?? true, true);
    assert.equal(event.api_version, "2025-02-24.acacia");
    assert.ok(event.created * 1000 >= now.getTime());
  }
});

Deno.test("the event of a customer's end tells once more all that was known of it", () => {
  const customer = createStripeShop().customer({ email: "ada@example.com", name: "Ada" });
  const end = new Date("2027-01-01T00:00:00Z");
  const deleted = customer.deleted({ at: end });
  assert.equal(deleted.type, "customer.deleted");
  assert.equal(deleted.created, end.getTime() / 1000);
  assert.deepEqual(objectOf(deleted), objectOf(customer.created()));
});

Deno.test("a customer has a business name only when given one", () => {
  const shop = createStripeShop();
  const company = objectOf(shop.customer({ businessName: "Engines" }).created());
  const person = objectOf(shop.customer({ email: "ada@example.com", name: "Ada" }).created());
  assert.equal(company.business_name, "Engines");
  assert.deepEqual([company.email, company.name], [null, null]);
  assert.equal("business_name" in person, false);
  assert.deepEqual([person.email, person.name], ["ada@example.com", "Ada"]);
});

Deno.test("an invoice by hand is paid without session or subscription", () => {
  const invoice = createStripeShop().invoice({
    email: "eve@example.com",
    name: "Eve",
    lines: [{
      price: "price_1",
      product: "prod_1",
      amount: 100,
      quantity: 3,
      metadata: { a: "b" },
    }],
    metadata: { order: "7" },
  });
  const event = invoice.paid();
  const [line] = linesOf(event);
  assert.equal(objectOf(event).id, invoice.id);
  assert.equal(objectOf(event).billing_reason, "manual");
  assert.equal(objectOf(event).parent, null);
  assert.equal(objectOf(event).customer_email, "eve@example.com");
  assert.deepEqual(objectOf(event).metadata, { order: "7" });
  assert.deepEqual([line?.amount, line?.quantity, line?.metadata], [300, 3, { a: "b" }]);
  assert.equal(at(line, "parent.type"), "invoice_item_details");
  assert.equal(at(line, "pricing.price_details.price"), "price_1");
});

Deno.test("a saved card is a session in setup mode without amounts", () => {
  const setup = createStripeShop().setup({ email: "ada@example.com" });
  const session = objectOf(setup.completed());
  assert.equal(session.mode, "setup");
  assert.equal(session.setup_intent, setup.id);
  assert.equal(session.payment_status, "no_payment_required");
  assert.deepEqual([session.amount_total, session.currency], [null, null]);
});

Deno.test("a thin event refers to its object and says when in ISO", () => {
  const shop = createStripeShop({ now: new Date("2026-01-01T00:00:00Z") });
  const event = shop.thin("v1.customer.created");
  assert.equal(event.object, "v2.core.event");
  assert.equal(event.created, "2026-01-01T00:00:00.000Z");
  assert.equal(event.related_object.type, "customer");
  assert.equal(event.related_object.url, `/v1/customers/${event.related_object.id}`);
  assert.match(event.related_object.id, /^cus_/);
  assert.equal(shop.thin("v2.core.account.closed").related_object.type, "v2.core.account");
  assert.notEqual(shop.thin("v1.customer.created").id, event.id);
});

Deno.test("Stripe's webhook verifier refuses a thin event even when signed", async () => {
  const payload = JSON.stringify(createStripeShop().thin("v1.invoice.paid"));
  const header = await signatureHeader(payload, { secret: "whsec_x" });
  await assert.rejects(
    Stripe.webhooks.constructEventAsync(payload, header, "whsec_x"),
    /thin event/,
  );
});

Deno.test("any other event is about an object of its kind, with the fields given", () => {
  const shop = createStripeShop();
  const event = shop.other("charge.refunded", { amount_refunded: 4900 });
  assert.equal(event.type, "charge.refunded");
  assert.match(String(objectOf(event).id), /^ch_3/);
  assert.equal(objectOf(event).object, "charge");
  assert.equal(objectOf(event).amount_refunded, 4900);
  assert.equal(iso(event.created), "2026-11-02T10:00:00Z");
  assert.notEqual(shop.other("charge.refunded").id, event.id);
});
