import assert from "node:assert/strict";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { SubscribeOptions } from "../../../tools/stripe_sandbox/subscription_opening.ts";
import { DAY, later } from "../../../tools/stripe_sandbox/unix_time.ts";
import { at, linesOf, objectOf, periodOf } from "./payload.ts";

const startedAt = new Date("2027-01-31T10:00:00Z");
const monthly = { amount: 2900, interval: "month" } as const;

function subscribe(options: Partial<SubscribeOptions> = {}) {
  return createStripeShop().subscribe({
    price: monthly,
    startedAt,
    ...options,
  });
}

Deno.test("a trial is invoiced at nothing, and the first renewal begins where it ends", () => {
  const subscription = subscribe({ trialDays: 14 });
  const first = subscription.firstInvoicePaid();
  assert.equal(objectOf(subscription.checkoutCompleted()).payment_status, "no_payment_required");
  assert.equal(objectOf(first).total, 0);
  assert.deepEqual(linesOf(first).map(periodOf), [[
    "2027-01-31T10:00:00Z",
    "2027-02-14T10:00:00Z",
  ]]);
  assert.equal(subscription.trialEnd?.toISOString(), "2027-02-14T10:00:00.000Z");
  assert.deepEqual(linesOf(subscription.renewalPaid(1)).map(periodOf), [
    ["2027-02-14T10:00:00Z", "2027-03-14T10:00:00Z"],
  ]);
  assert.equal(objectOf(subscription.renewalPaid(1)).amount_paid, 2900);
});

Deno.test("a full discount leaves the lines their amount and nothing to pay, for ever", () => {
  const subscription = subscribe({ discount100: true });
  for (const event of [subscription.firstInvoicePaid(), subscription.renewalPaid(1)]) {
    assert.equal(linesOf(event)[0]?.amount, 2900);
    assert.equal(objectOf(event).subtotal, 2900);
    assert.equal(objectOf(event).total, 0);
    assert.equal(objectOf(event).amount_paid, 0);
  }
  assert.equal(objectOf(subscription.checkoutCompleted()).payment_status, "no_payment_required");
});

Deno.test("an anchor day bills a part first and whole months from that day on", () => {
  const subscription = subscribe({ startedAt: new Date("2027-02-14T10:00:00Z"), anchorDay: 31 });
  const first = subscription.firstInvoicePaid();
  assert.deepEqual(linesOf(first).map(periodOf), [[
    "2027-02-14T10:00:00Z",
    "2027-02-28T10:00:00Z",
  ]]);
  assert.equal(objectOf(first).total, Math.round(2900 * 14 / 28));
  assert.deepEqual(linesOf(subscription.renewalPaid(1)).map(periodOf), [
    ["2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z"],
  ]);
  assert.equal(objectOf(subscription.renewalPaid(1)).total, 2900);
});

Deno.test("quantities multiply the amount", () => {
  const [line] = linesOf(subscribe({ price: { ...monthly, quantity: 5 } }).firstInvoicePaid());
  assert.equal(line?.quantity, 5);
  assert.equal(line?.amount, 14_500);
});

Deno.test("a metered price is billed in arrears, a licensed one in advance", () => {
  const subscription = createStripeShop().subscribe({
    startedAt,
    prices: [monthly, { amount: 10, interval: "month", quantity: 40, usageType: "metered" }],
  });
  const [unused] = linesOf(subscription.firstInvoicePaid());
  assert.deepEqual([unused?.amount, unused?.quantity], [0, 0]);
  const [used, licensed] = linesOf(subscription.renewalPaid(1));
  assert.deepEqual(periodOf(licensed), ["2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z"]);
  assert.deepEqual(periodOf(used), ["2027-01-31T10:00:00Z", "2027-02-28T10:00:00Z"]);
  assert.equal(used?.amount, 400);
});

Deno.test("use during a trial costs nothing, use after it does", () => {
  const subscription = subscribe({
    price: { amount: 10, interval: "month", quantity: 40, usageType: "metered" },
    trialDays: 14,
  });
  assert.equal(objectOf(subscription.renewalPaid(1)).total, 0);
  assert.equal(objectOf(subscription.renewalPaid(2)).total, 400);
});

Deno.test("items of different intervals are billed each at its own time", () => {
  const subscription = createStripeShop().subscribe({
    startedAt,
    prices: [{ amount: 30_000, interval: "year" }, monthly],
  });
  const [yearly, month] = subscription.itemIds;
  const itemsOf = (n: number) =>
    linesOf(subscription.renewalPaid(n)).map((line) =>
      at(line, "parent.subscription_item_details.subscription_item")
    );
  assert.deepEqual(itemsOf(1), [month]);
  assert.deepEqual(itemsOf(11), [month]);
  assert.deepEqual(itemsOf(12), [month, yearly]);
  assert.equal(subscription.periodEnd(11).toISOString(), "2028-01-31T10:00:00.000Z");
});

Deno.test("lines come as Stripe sorts them: what was left over, then the items, the newest first", () => {
  const subscription = createStripeShop().subscribe({
    startedAt,
    prices: [{ ...monthly, price: "price_first" }, { ...monthly, price: "price_second" }],
  });
  const to = (days: number, price: string) =>
    subscription.changePlan({
      to: { ...monthly, price },
      at: later(startedAt, days * DAY),
      prorationBehavior: "create_prorations",
    });
  to(2, "price_third");
  to(4, "price_fourth");
  const priceOf = (line: unknown) => at(line, "pricing.price_details.price");
  const sold = linesOf(subscription.renewalPaid(1)).map((line) =>
    `${Math.sign(Number(line.amount))} ${priceOf(line)}`
  );
  assert.deepEqual(sold, [
    "-1 price_third",
    "1 price_fourth",
    "-1 price_first",
    "1 price_third",
    "1 price_second",
    "1 price_fourth",
  ]);
});

Deno.test("an event lists the first ten lines and items, and says that there are more", () => {
  for (const count of [10, 11]) {
    const prices = Array.from({ length: count }, (_, n) => ({ ...monthly, price: `price_${n}` }));
    const subscription = createStripeShop().subscribe({ startedAt, prices });
    const invoice = objectOf(subscription.firstInvoicePaid());
    for (const list of [invoice.lines, objectOf(subscription.subscriptionCreated()).items]) {
      assert.equal(at(list, "data.length"), 10);
      assert.equal(at(list, "has_more"), count > 10);
    }
    assert.equal(at(invoice, "lines.total_count"), count);
  }
});
