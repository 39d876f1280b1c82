import assert from "node:assert/strict";
import type { PayloadShape, StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { at, iso, objectOf } from "./payload.ts";

const startedAt = new Date("2026-06-01T00:00:00Z");
const middle = new Date("2026-06-16T00:00:00Z");
const end = new Date("2026-07-01T00:00:00Z");
const price = {
  price: "price_pro",
  product: "prod_app",
  amount: 3000,
  interval: "month",
  metadata: { tier: "pro" },
  itemMetadata: { seat: "1" },
} as const;

function subscribe(options: Partial<SubscribeOptions> = {}, shape: PayloadShape = "basil") {
  return createStripeShop({ shape }).subscribe({ price, startedAt, ...options });
}

/** Where either shape keeps the billing period. */
function period(event: StripeEvent): [string, string] {
  const subscription = objectOf(event);
  const place = "current_period_end" in subscription
    ? subscription
    : at(subscription, "items.data.0");
  return [iso(at(place, "current_period_start")), iso(at(place, "current_period_end"))];
}

const june = ["2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"];
const july = ["2026-07-01T00:00:00Z", "2026-08-01T00:00:00Z"];

Deno.test("a new subscription tells its items with their prices, and its period in either place", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const options = {
      subscriptionMetadata: { plan: "pro" },
      prices: [
        { ...price, quantity: 3 },
        { ...price, price: "price_use", usageType: "metered" } as const,
      ],
    };
    const subscription = createStripeShop({ shape }).subscribe({ startedAt, ...options });
    const event = subscription.subscriptionCreated();
    const object = objectOf(event);
    assert.equal(event.type, "customer.subscription.created");
    assert.equal(event.created, startedAt.getTime() / 1000);
    assert.equal(object.id, subscription.id);
    assert.equal(object.status, "active");
    assert.equal(object.customer, subscription.customer.id);
    assert.equal(object.collection_method, "charge_automatically");
    assert.equal(object.latest_invoice, objectOf(subscription.firstInvoicePaid()).id);
    assert.deepEqual(object.metadata, { plan: "pro" });
    assert.deepEqual(period(event), june);
    const item = at(object, "items.data.0");
    assert.equal(at(item, "id"), subscription.itemIds[0]);
    assert.equal(at(item, "quantity"), 3);
    assert.deepEqual(at(item, "metadata"), { seat: "1" });
    assert.equal(at(item, "price.id"), "price_pro");
    assert.equal(at(item, "price.product"), "prod_app");
    assert.deepEqual(at(item, "price.metadata"), { tier: "pro" });
    assert.equal(at(item, "price.recurring.interval"), "month");
    assert.equal(at(item, "price.recurring.usage_type"), "licensed");
    assert.equal(at(item, "current_period_end") !== undefined, shape === "basil");
    assert.equal("current_period_end" in object, shape === "acacia");
    const metered = at(object, "items.data.1") as Record<string, unknown>;
    assert.equal("quantity" in metered, false);
    assert.equal(at(metered, "price.recurring.usage_type"), "metered");
  }
});

Deno.test("what was updated holds from then on and is told with what was before", () => {
  const subscription = subscribe({ subscriptionMetadata: { plan: "pro", seat: "1" } });
  const first = subscription.firstInvoicePaid();
  const update = { at: middle, status: "past_due", metadata: { plan: "pro", team: "a" } } as const;
  const event = subscription.updated(update);
  assert.equal(event.type, "customer.subscription.updated");
  assert.equal(event.created, middle.getTime() / 1000);
  assert.deepEqual(event.data.previous_attributes, {
    status: "active",
    metadata: { seat: "1", team: null },
  });
  assert.deepEqual(subscription.updated(update), event);
  const renewed = objectOf(subscription.renewed(1));
  assert.deepEqual([renewed.status, renewed.metadata], ["past_due", { plan: "pro", team: "a" }]);
  assert.equal(objectOf(subscription.subscriptionCreated()).status, "active");
  const metadataOf = (invoice: StripeEvent) =>
    at(objectOf(invoice), "parent.subscription_details.metadata");
  assert.deepEqual(metadataOf(first), { plan: "pro", seat: "1" });
  assert.deepEqual(metadataOf(subscription.renewalPaid(1)), { plan: "pro", team: "a" });
});

Deno.test("the period advances an hour before its invoice is paid", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribe({}, shape);
    const event = subscription.renewed(1);
    const paid = subscription.renewalPaid(1);
    assert.equal(event.created, end.getTime() / 1000);
    assert.deepEqual(period(event), july);
    assert.equal(objectOf(event).latest_invoice, objectOf(paid).id);
    assert.ok(paid.created - event.created >= 3600);
    const previous = event.data.previous_attributes ?? {};
    assert.equal(previous.latest_invoice, objectOf(subscription.firstInvoicePaid()).id);
    const before = shape === "acacia" ? previous : at(previous, "items.data.0");
    assert.equal(iso(at(before, "current_period_end")), june[1]);
  }
});

Deno.test("a trial passes into an active subscription by itself", () => {
  const subscription = subscribe({ trialDays: 30 });
  const created = objectOf(subscription.subscriptionCreated());
  assert.equal(created.status, "trialing");
  assert.deepEqual([iso(created.trial_start), iso(created.trial_end)], june);
  assert.equal(iso(subscription.trialWillEnd().created), "2026-06-28T00:00:00Z");
  assert.equal(objectOf(subscription.renewed(1)).status, "active");
  assert.equal(at(subscription.renewed(1), "data.previous_attributes.status"), "trialing");
  const short = subscribe({ trialDays: 1 });
  assert.equal(iso(short.trialWillEnd().created), "2026-06-01T00:00:00Z");
  assert.throws(() => subscribe().trialWillEnd(), TypeError);
});

Deno.test("a trial's new end moves the next payment, and one ended early is billed at once", () => {
  const longer = subscribe({ trialDays: 30 });
  const trialEnd = new Date("2026-07-20T00:00:00Z");
  const extended = longer.updated({ at: middle, trialEnd });
  assert.equal(objectOf(extended).status, "trialing");
  assert.equal(period(extended)[1], "2026-07-20T00:00:00Z");
  assert.equal(longer.periodEnd(0).toISOString(), trialEnd.toISOString());
  assert.equal(objectOf(longer.renewalPaid(1)).amount_paid, 3000);
  assert.throws(() => longer.updated({ at: middle, trialEnd: startedAt }), RangeError);

  const shorter = subscribe({ trialDays: 30 });
  const { updated, invoicePaid, payment } = shorter.endTrial({ at: middle });
  assert.equal(objectOf(updated).status, "active");
  assert.deepEqual(period(updated), ["2026-06-16T00:00:00Z", "2026-07-16T00:00:00Z"]);
  assert.equal(invoicePaid && objectOf(invoicePaid).amount_paid, 3000);
  assert.equal(payment?.amount, 3000);
  assert.equal(shorter.periodEnd(0).toISOString(), "2026-07-16T00:00:00.000Z");
  assert.throws(() => shorter.endTrial({ at: end }), TypeError);
});

Deno.test("a subscription can begin incomplete and expire so", () => {
  const subscription = subscribe();
  assert.equal(
    objectOf(subscription.subscriptionCreated({ status: "incomplete" })).status,
    "incomplete",
  );
  const expired = objectOf(subscription.updated({ at: middle, status: "incomplete_expired" }));
  assert.deepEqual([expired.status, iso(expired.ended_at)], [
    "incomplete_expired",
    "2026-06-16T00:00:00Z",
  ]);
  const paid = subscribe();
  paid.subscriptionCreated({ status: "incomplete" });
  assert.equal(objectOf(paid.updated({ at: middle, status: "active" })).status, "active");
});

Deno.test("a cancellation at the period's end can be taken back; a date inside it cuts it", () => {
  for (const shape of ["basil", "acacia"] as const) {
    const subscription = subscribe({}, shape);
    const asked = objectOf(subscription.updated({ at: middle, cancelAtPeriodEnd: true }));
    assert.deepEqual(
      [asked.cancel_at_period_end, iso(asked.cancel_at), iso(asked.canceled_at), asked.status],
      [true, "2026-07-01T00:00:00Z", "2026-06-16T00:00:00Z", "active"],
    );
    const back = { at: new Date("2026-06-17T00:00:00Z"), cancelAtPeriodEnd: false };
    const kept = objectOf(subscription.updated(back));
    assert.deepEqual(
      [kept.cancel_at_period_end, kept.cancel_at, kept.canceled_at],
      [false, null, null],
    );
    const cancelAt = new Date("2026-06-25T00:00:00Z");
    const cut = subscription.updated({ at: new Date("2026-06-18T00:00:00Z"), cancelAt });
    assert.deepEqual(period(cut), ["2026-06-01T00:00:00Z", "2026-06-25T00:00:00Z"]);
    assert.equal(objectOf(cut).cancel_at_period_end, false);
  }
});

Deno.test("a cancelled subscription keeps its last period and is not renewed", () => {
  const subscription = subscribe();
  subscription.updated({ at: middle, cancelAtPeriodEnd: true });
  const event = subscription.canceled({ at: end });
  const object = objectOf(event);
  assert.equal(event.type, "customer.subscription.deleted");
  assert.equal(object.status, "canceled");
  assert.equal(iso(object.canceled_at), "2026-06-16T00:00:00Z");
  assert.equal(iso(object.ended_at), "2026-07-01T00:00:00Z");
  assert.deepEqual(period(event), june);
  assert.throws(() => subscription.renewalPaid(1), RangeError);
  assert.equal(objectOf(subscription.firstInvoicePaid()).status, "paid");
});

Deno.test("pausing collection leaves the status, being paused is one", () => {
  const subscription = subscribe();
  const held = objectOf(
    subscription.updated({ at: middle, pauseCollection: { behavior: "void", resumesAt: end } }),
  );
  assert.equal(held.status, "active");
  assert.deepEqual(held.pause_collection, { behavior: "void", resumes_at: end.getTime() / 1000 });

  const other = subscribe();
  const { updated, paused } = other.paused({ at: middle });
  assert.equal(paused.type, "customer.subscription.paused");
  assert.deepEqual([objectOf(updated).status, objectOf(paused).status], ["paused", "paused"]);
  assert.deepEqual(updated.data.previous_attributes, { status: "active" });
  const again = new Date("2026-09-10T00:00:00Z");
  const { resumed, invoicePaid } = other.resumed({ at: again });
  assert.equal(resumed.type, "customer.subscription.resumed");
  assert.equal(objectOf(resumed).status, "active");
  assert.deepEqual(period(resumed), ["2026-09-10T00:00:00Z", "2026-10-10T00:00:00Z"]);
  assert.equal(invoicePaid && objectOf(invoicePaid).amount_paid, 3000);
  const kept = subscribe();
  kept.paused({ at: middle });
  const unchanged = kept.resumed({ at: new Date("2026-06-20"), billingCycleAnchor: "unchanged" });
  assert.equal(unchanged.invoicePaid, null);
  assert.deepEqual(period(unchanged.resumed), june);
});
