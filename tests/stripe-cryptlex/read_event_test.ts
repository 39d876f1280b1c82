import assert from "node:assert/strict";
import fc from "fast-check";
import { NotAnEventError, readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent, pathsIn } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";

const shop = createStripeShop();
const subscription = shop.subscribe({
  email: "ada@example.com",
  name: "Ada",
  price: { amount: 1000, interval: "month" },
  subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "product-a" },
});
const session = subscription.checkoutCompleted();
const invoice = subscription.firstInvoicePaid();
const customer = shop.customer({ email: "ada@example.com", name: "Ada" }).created();
const deleted = shop.customer({ email: "ada@example.com", name: "Ada" }).deleted();
const handled = [session, invoice, customer];
const snapshot = subscription.subscriptionCreated();
const refund = subscription.payment(0).refund({ at: new Date("2026-11-05T10:00:00Z") });
const dispute = subscription.payment(0).dispute({ at: new Date("2026-11-05T10:00:00Z") }).created();
const payment = subscription.payment(0).invoicePaymentPaid();
assert.ok(payment !== null);

Deno.test("the head says what every event says", () => {
  assert.deepEqual(readEvent(invoice).head, {
    eventId: invoice.id,
    eventType: "invoice.paid",
    createdAt: new Date(invoice.created * 1000),
    livemode: false,
    apiVersion: "2025-03-31.basil",
    customerId: subscription.customer.id,
  });
});

Deno.test("the head names the customer of any object that has or is one, and no other", () => {
  const customerIdOf = (object: unknown, type = "charge.updated") =>
    readEvent({ ...invoice, type, data: { object } }).head.customerId;
  assert.equal(customerIdOf({ id: "ch_1", customer: "cus_1" }), "cus_1");
  assert.equal(customerIdOf({ id: "ch_1", customer: { id: "cus_1", email: "a@b.c" } }), "cus_1");
  assert.equal(customerIdOf({ id: "cus_1", object: "customer" }, "customer.updated"), "cus_1");
  assert.equal(customerIdOf({ id: "in_1", customer: "cus_1" }, "invoice.paid"), "cus_1");
  for (const customer of [null, undefined, "acct_1", 7, {}, { id: 7 }, ["cus_1"]]) {
    assert.equal(customerIdOf({ id: "ch_1", customer }), null);
  }
  for (const object of [null, undefined, "cus_1", [], {}]) assert.equal(customerIdOf(object), null);
  assert.equal(readEvent(shop.thin("v1.customer.deleted")).head.customerId, null);
});

Deno.test("what an event says is dated by the event and names it", () => {
  for (const event of handled) {
    const { email } = factsOf(event).facts;
    assert.deepEqual(email, { value: "ada@example.com", at: event.created, by: event.id });
  }
});

Deno.test("an unknown type is ignored, whatever it carries", () => {
  for (
    const type of ["product.created", "customer.subscription.trial_will_end", "x", "constructor"]
  ) {
    assert.match(reasonOf(shop.other(type), "ignored"), new RegExp(type));
    assert.match(reasonOf({ ...shop.other(type), data: null }, "ignored"), new RegExp(type));
  }
});

Deno.test("a thin event is ignored, and its reason names the cure", () => {
  const thin = shop.thin("v1.invoice.paid");
  assert.match(reasonOf(thin, "ignored"), /snapshot/);
  assert.equal(readEvent(thin).head.createdAt.toISOString(), thin.created);
  const elsewhere = { ...thin, created: "2026-11-02T12:00:00+02:00" };
  assert.equal(readEvent(elsewhere).head.createdAt.toISOString(), "2026-11-02T10:00:00.000Z");
});

Deno.test("a handled type without what must be there is parked, naming it", () => {
  const needed = new Map([
    [session, ["id", "mode", "payment_status"]],
    [invoice, [
      "id",
      "created",
      "lines",
      "lines.data",
      "lines.data.0.id",
      "lines.data.0.amount",
      "lines.data.0.period",
      "lines.data.0.period.start",
      "lines.data.0.period.end",
    ]],
    [customer, ["id"]],
    [deleted, ["id"]],
    [snapshot, [
      "id",
      "status",
      "items",
      "items.data",
      "items.data.0.id",
      "items.data.0.price",
    ]],
    [refund.created(), ["id", "amount", "status"]],
    [refund.chargeRefunded(), ["id", "amount_refunded"]],
    [dispute, ["id", "status", "created"]],
    [payment, ["invoice"]],
  ]);
  for (const [event, paths] of needed) {
    for (const path of paths) {
      const reason = reasonOf(bent(event, path, undefined), "parked");
      assert.ok(reason.includes(`: ${path}`), `${path} is not named: ${reason}`);
      if (path === "lines") assert.match(reason, /lines \(expected object\)/);
    }
  }
});

Deno.test("a customer under an id that is no customer's is parked: it would be taken for a purchase", () => {
  for (const event of [session, invoice, snapshot, refund.chargeRefunded()]) {
    for (const id of ["sub_1", "pi_1", "acct_1", ""]) {
      assert.match(reasonOf(bent(event, "customer", id), "parked"), /: customer/);
    }
  }
});

Deno.test("what leads to another object under an id that is no such object's is parked", () => {
  const led = [
    [session, "subscription"],
    [session, "payment_intent"],
    [session, "invoice"],
    [invoice, "parent.subscription_details.subscription"],
    [snapshot, "id"],
    [refund.created(), "payment_intent"],
    [refund.chargeRefunded(), "payment_intent"],
    [refund.chargeRefunded(), "invoice"],
    [dispute, "payment_intent"],
    [payment, "invoice"],
    [payment, "payment.payment_intent"],
  ] as const;
  for (const [event, path] of led) {
    for (const id of ["ada@example.com", "", "acct_1", `sub_${"x".repeat(252)}`]) {
      assert.match(reasonOf(bent(event, path, id), "parked"), new RegExp(`: ${path}`));
    }
  }
});

Deno.test("what is filed in metadata under somebody's words is not told by them", () => {
  const metadata = { "ada@example.com": 5 };
  const reason = reasonOf(bent(invoice, "lines.data.0.metadata", metadata), "parked");
  assert.match(reason, /: lines\.data\.0\.metadata \(/);
  assert.doesNotMatch(reason, /@/);
});

Deno.test("a handled type without an object is parked", () => {
  for (const event of [...handled, snapshot, refund.created(), dispute, payment]) {
    for (const data of [undefined, null, {}, { object: null }, { object: "in_1" }]) {
      reasonOf({ ...event, data }, "parked");
    }
  }
});

Deno.test("whatever Stripe does to a field, the event is read and no reason tells a value", () => {
  const secret = "ada.lovelace@example.com";
  const values = [secret, { id: 7, email: secret }, [secret], { [secret]: 1.5 }, -1.5, null, true];
  for (const event of [...handled, snapshot, refund.created(), refund.chargeRefunded(), dispute]) {
    for (const path of pathsIn(event.data.object)) {
      for (const value of [...values, undefined]) {
        if (path.includes("metadata") && typeof value === "object") continue;
        const { reading } = readEvent(bent(event, path, value));
        if (reading.kind !== "facts") assert.ok(!reading.reason.includes(secret), reading.reason);
      }
    }
  }
});

Deno.test("a handled event without a time is parked: facts need one to be merged", () => {
  for (const created of [undefined, null, "yesterday", {}, -1, 253_402_300_800, 1e300]) {
    assert.match(reasonOf({ ...invoice, created }, "parked"), /created/);
    assert.equal(readEvent({ ...invoice, created }).head.createdAt.getTime(), 0);
  }
});

Deno.test("a period no calendar has is parked, naming it", () => {
  for (const end of [-1, 253_402_300_800, Number.MAX_SAFE_INTEGER]) {
    const reason = reasonOf(bent(invoice, "lines.data.0.period.end", end), "parked");
    assert.match(reason, /lines\.data\.0\.period\.end/);
  }
});

Deno.test("an event without mode or version is still read", () => {
  const { livemode: _, api_version: __, object: ___, ...rest } = invoice;
  assert.deepEqual(readEvent(rest).reading, readEvent(invoice).reading);
  assert.deepEqual(readEvent({ ...rest, object: {} }).reading, readEvent(invoice).reading);
  assert.equal(readEvent(rest).head.livemode, true);
  assert.equal(readEvent(rest).head.apiVersion, null);
});

Deno.test("what is no event at all is refused, naming fields and never values", () => {
  const secret = "ada.lovelace@example.com";
  const bodies = [
    undefined,
    null,
    5,
    secret,
    [],
    [invoice],
    {},
    {
      id: secret,
      type: "invoice.paid",
    },
    {
      ...invoice,
      type: 5,
    },
    { ...invoice, id: undefined },
    { ...invoice, id: `evt_${"x".repeat(252)}` },
  ];
  for (const body of bodies) {
    assert.throws(() => readEvent(body), (error) => {
      assert.ok(error instanceof NotAnEventError);
      assert.ok(!error.message.includes(secret));
      return true;
    });
  }
});

Deno.test("no JSON at all makes reading throw anything but NotAnEventError", () => {
  const any = fc.oneof(
    fc.jsonValue(),
    fc.jsonValue().map((object) => ({ ...invoice, data: { object } })),
  );
  fc.assert(fc.property(any, (body) => {
    try {
      readEvent(body);
    } catch (error) {
      assert.ok(error instanceof NotAnEventError);
    }
  }));
});
