import assert from "node:assert/strict";
import type { SampleContext } from "../../../tools/send/sample.ts";
import { samples } from "../../../tools/send/samples.ts";
import { nothingSold, type Order, type ShopState } from "../../../tools/send/shop_state.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";

/** Sends samples one after the other; their state goes from one to the next, through JSON. */
function createSender() {
  let state: ShopState = nothingSold;
  let seed = 0;
  const newOrder = (): Order => ({
    seed: ++seed,
    at: "2026-11-02T10:00:00.000Z",
    shape: "basil",
    buyer: { email: "ann@example.com", name: "Ann Archer" },
  });
  return (name: string, more: Partial<SampleContext> = {}): StripeEvent => {
    const context = { state, newOrder, oneTimeProductId: "product-forever", ...more };
    const made = samples[name]?.make(context);
    assert.ok(made, name);
    state = JSON.parse(JSON.stringify({ ...state, ...made.left, lastEvent: made.event }));
    return made.event as StripeEvent;
  };
}

function subscriptionOf(event: StripeEvent): unknown {
  const { subscription, parent } = event.data.object as {
    subscription?: string;
    parent?: { subscription_details: { subscription: string } };
  };
  return subscription ?? parent?.subscription_details.subscription;
}

Deno.test("every name makes the event its description says", () => {
  const send = createSender();
  send("unpaid");
  for (const [name, { description }] of Object.entries(samples)) {
    const [, type] = /\(([a-z0-9._]+)\)$/.exec(description) ?? [];
    const event = send(name);
    if (type !== undefined) assert.equal(event.type, type, name);
  }
});

Deno.test("an invoice and the renewals are of the sale before them", () => {
  const send = createSender();
  send("sale");
  const sale = subscriptionOf(send("sale"));
  const invoices = ["first-invoice", "renewal", "renewal"].map((name) => send(name));
  assert.deepEqual(invoices.map(subscriptionOf), [sale, sale, sale]);
  assert.equal(new Set(invoices.map(({ id }) => id)).size, 3);
  const [first, second] = invoices.slice(1).map(({ created }) => created);
  assert.ok(first !== undefined && second !== undefined && second > first);
});

Deno.test("a first invoice without a sale is of one that renewals then follow", () => {
  const send = createSender();
  assert.equal(subscriptionOf(send("first-invoice")), subscriptionOf(send("renewal")));
});

Deno.test("a debit's outcome is of the order before it, and so is a duplicate", () => {
  const send = createSender();
  const unpaid = send("unpaid");
  send("one-time");
  for (const name of ["paid-later", "payment-failed"]) {
    const outcome = send(name);
    assert.equal(outcome.data.object.id, unpaid.data.object.id);
    assert.equal(send("duplicate").id, outcome.id);
  }
});

/** What an event of a subscription says its one item is. */
function itemOf(event: StripeEvent): [price: unknown, quantity: unknown, status: unknown] {
  const { items, status } = event.data.object as {
    items: { data: { price: { id: string }; quantity: number }[] };
    status: string;
  };
  return [items.data[0]?.price.id, items.data[0]?.quantity, status];
}

Deno.test("what happens to a sale adds up, and its renewals know of it", () => {
  const send = createSender();
  const sale = subscriptionOf(send("sale"));
  const told = ["upgrade", "seats", "renewal", "seats", "pause", "resume", "upgrade", "cancel"]
    .map((name) => send(name));
  const [pro, two, renewal, three, paused, resumed, back, cancelled] = told;
  const changes = told.filter(({ data }) => data.object.object === "subscription");
  assert.deepEqual(new Set(changes.map(({ data }) => data.object.id)), new Set([sale]));
  assert.deepEqual(
    [pro, two, three, paused, resumed, back, cancelled].map((one) => one && itemOf(one)),
    [
      ["price_app_pro", 1, "active"],
      ["price_app_pro", 2, "active"],
      ["price_app_pro", 3, "active"],
      ["price_app_pro", 3, "paused"],
      ["price_app_pro", 3, "active"],
      ["price_app_monthly", 3, "active"],
      ["price_app_monthly", 3, "canceled"],
    ],
  );
  const { total } = renewal?.data.object as { total: number };
  assert.ok(total >= 2 * 4900, `the renewal bills ${total}`);
  const times = told.map(({ created }) => created);
  assert.deepEqual(times, times.toSorted((a, b) => a - b));
});

Deno.test("a sale that is cancelled stays so", () => {
  const send = createSender();
  send("sale");
  send("cancel");
  for (const name of ["renewal", "upgrade", "pause", "new-name", "renewal-failed"]) {
    assert.throws(() => send(name), /is cancelled: first send another sale/);
  }
  send("sale");
  send("upgrade");
});

Deno.test("a trial is upgraded once it is over", () => {
  const send = createSender();
  send("trial");
  assert.throws(() => send("upgrade"), /in its trial, and cannot be upgraded: first send renewal/);
  send("renewal");
  assert.equal(itemOf(send("upgrade"))[0], "price_app_pro");
});

Deno.test("its buyer has another name each time, and the same customer's", () => {
  const send = createSender();
  const { customer } = send("sale").data.object;
  const objects = [send("new-name"), send("new-name")].map(({ data }) => data.object);
  assert.deepEqual(objects.map(({ id, name, email }) => [id, name, email]), [
    [customer, "Ann Young", "ann@example.com"],
    [customer, "Ann Stone", "ann@example.com"],
  ]);
});

Deno.test("a refund and a dispute are of the last order that was paid", () => {
  const send = createSender();
  const first = send("one-time").data.object;
  send("free");
  const intentOf = ({ data }: StripeEvent) => data.object["payment_intent"];
  assert.equal(intentOf(send("dispute")), first["payment_intent"]);
  assert.equal(send("dispute-won").data.object["status"], "won");
  const later = send("unpaid").data.object;
  assert.equal(intentOf(send("refund")), first["payment_intent"]);
  send("paid-later");
  assert.equal(intentOf(send("refund")), later["payment_intent"]);
  assert.throws(() => send("dispute-won"), /first send dispute/);
});

Deno.test("two sales are two purchases", () => {
  const send = createSender();
  assert.notEqual(subscriptionOf(send("sale")), subscriptionOf(send("sale")));
});

Deno.test("what follows something needs it", () => {
  const followers = [
    ...["renewal", "renewal-failed", "upgrade", "seats", "pause", "resume", "new-name", "cancel"],
    ...["paid-later", "payment-failed", "dispute", "dispute-won", "refund", "duplicate"],
  ];
  for (const name of followers) {
    assert.throws(() => createSender()(name), /first send/);
  }
});

Deno.test("one-time purchases name a product only when told which", () => {
  const send = createSender();
  const { metadata } = send("one-time").data.object;
  assert.deepEqual(metadata, { CRYPTLEX_PRODUCT_ID: "product-forever" });
  assert.deepEqual(send("free", { oneTimeProductId: null }).data.object.metadata, {});
});
