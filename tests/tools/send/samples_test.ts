import assert from "node:assert/strict";
import { type SampleContext, samples } from "../../../tools/send/samples.ts";
import type { Order, ShopState } from "../../../tools/send/shop_state.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";

/** Sends samples one after the other; their state goes from one to the next, through JSON. */
function createSender() {
  let state: ShopState = { sale: null, unpaid: null, lastEvent: null };
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

Deno.test("two sales are two purchases", () => {
  const send = createSender();
  assert.notEqual(subscriptionOf(send("sale")), subscriptionOf(send("sale")));
});

Deno.test("what follows something needs it", () => {
  for (const name of ["renewal", "paid-later", "payment-failed", "duplicate"]) {
    assert.throws(() => createSender()(name), /first send/);
  }
});

Deno.test("one-time purchases name a product only when told which", () => {
  const send = createSender();
  const { metadata } = send("one-time").data.object;
  assert.deepEqual(metadata, { CRYPTLEX_PRODUCT_ID: "product-forever" });
  assert.deepEqual(send("free", { oneTimeProductId: null }).data.object.metadata, {});
});
