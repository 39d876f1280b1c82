// What one event costs: calls to Cryptlex, and round trips to the database.

import { strict as assert } from "node:assert";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { DAY, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { type Bridge, bridgeTest, product } from "./bridge.ts";

const now = new Date();
const inDays = (days: number) => later(now, days * DAY);
/** By the week: a month more may be another day than Stripe's, and then is corrected. */
const price = { amount: 1900, interval: "week" } as const;
const sandbox = {
  products: [{ ...product, licenseTemplateId: "template-weekly" }],
  licenseTemplates: [{ id: "template-weekly", subscriptionInterval: "P1W" }],
  entitlementSets: [{ id: "set-pro", productIds: [product.id] }],
};
const email = () => `${crypto.randomUUID()}@example.com`;

type Cost = { readonly cryptlex: readonly string[]; readonly database: readonly string[] };

const record = "record_stripe_event";
const settle = "settle_purchase";

/** What needs no call. */
const free: Cost = { cryptlex: [], database: [record, settle] };
const sale: Cost = {
  cryptlex: ["POST /v3/users", "POST /v3/licenses"],
  database: [record, settle],
};
const renewal: Cost = { cryptlex: ["POST /v3/licenses/{id}/renew"], database: [record, settle] };
/** An operator may have changed the license: it is read, and the change written down before it is made. */
const change: Cost = {
  cryptlex: ["GET /v3/licenses/{id}", "PATCH /v3/licenses/{id}"],
  database: [record, settle, settle],
};

async function costs(bridge: Bridge, event: StripeEvent, expected: Cost): Promise<void> {
  bridge.forget();
  await bridge.send(event);
  await bridge.settled(event);
  const calls = bridge.sandbox.calls()
    .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, "{id}")}`);
  const database = [...bridge.databaseCalls()];
  assert.deepEqual({ cryptlex: calls, database }, expected);
}

bridgeTest("an event costs no more than it must", { sandbox }, async (bridge, t) => {
  const shop = createStripeShop({ seed: 800, now });
  const subscribe = (customer = shop.customer({ email: email() })) =>
    shop.subscribe({ customer, price, startedAt: now });
  const step = (name: string, event: StripeEvent, expected: Cost) =>
    t.step(name, () => costs(bridge, event, expected));

  const first = subscribe();
  await step("a sale to a new buyer: 2 calls, 2 round trips", first.firstInvoicePaid(), sale);
  await step("what else is sent of it: no call", first.checkoutCompleted(), free);
  await step("the subscription itself: no call", first.subscriptionCreated(), free);
  await step("a renewal: 1 call, 2 round trips", first.renewalPaid(1), renewal);
  await step("a duplicate: no call, 1 round trip", first.renewalPaid(1), {
    cryptlex: [],
    database: [record],
  });
  await step(
    "a sale to a known buyer: 1 call, 2 round trips",
    subscribe(first.customer).checkoutCompleted(),
    { cryptlex: ["POST /v3/licenses"], database: [record, settle] },
  );
  await step(
    "a type that says nothing: no call, 1 round trip",
    shop.other("product.created"),
    { cryptlex: [], database: [record] },
  );

  const told = subscribe();
  await step("a subscription nobody paid for yet: no call", told.subscriptionCreated(), free);
  await step("its sale costs as much", told.firstInvoicePaid(), sale);
  await step("its next period begins: no call", told.renewed(1), free);
  await step("its renewal costs as much", told.renewalPaid(1), renewal);
  await step("a card that fails: no call, 1 round trip", told.paymentFailed(2), {
    cryptlex: [],
    database: [record],
  });
  await step(
    "a subscription past due: no call",
    told.updated({ at: inDays(15), status: "past_due" }),
    free,
  );
  await step(
    "a suspension: 2 calls, 3 round trips",
    told.updated({ at: inDays(20), status: "unpaid" }),
    change,
  );
  await step(
    "its end: 2 calls, 3 round trips",
    told.updated({ at: inDays(21), status: "active" }),
    change,
  );
  await step("a cancellation: 2 calls, 3 round trips", told.canceled({ at: inDays(22) }), change);
  await step("and once more: no call", told.updated({ at: inDays(23) }), free);

  const order = shop.buy({ email: email(), amount: 100, paymentStatus: "paid" });
  const dispute = order.payment().dispute({ at: inDays(5) });
  const refund = order.payment().refund({ at: inDays(40) });
  await step("a one-time sale: 2 calls, 2 round trips", order.completed(), sale);
  await step("a dispute: 2 calls, 3 round trips", dispute.created(), change);
  await step("its money withdrawn: no call", dispute.fundsWithdrawn(), free);
  await step(
    "a dispute won: 2 calls, 3 round trips",
    dispute.closed({ status: "won", at: inDays(30) }),
    change,
  );
  await step("a refund: 2 calls, 3 round trips", refund.created(), change);
  await step("its charge: no call", refund.chargeRefunded(), free);
});

bridgeTest("an upgrade costs no more than it must", { sandbox }, async (bridge, t) => {
  const step = (name: string, event: StripeEvent, expected: Cost) =>
    t.step(name, () => costs(bridge, event, expected));
  const at = { product: "prod_app", ...price };
  const [basic, pro] = [{ ...at, price: "price_basic" }, { ...at, price: "price_pro" }];
  await bridge.lite.query(
    `insert into licensing.plans
       (stripe_id, cryptlex_product_id, entitlement_set_id, seats)
     values ('price_basic', $1, null, 'activations'), ('price_pro', $1, 'set-pro', 'activations')`,
    [product.id],
  );
  const subscription = createStripeShop({ seed: 801, now })
    .subscribe({ email: email(), price: { ...basic, quantity: 3 }, startedAt: now });
  const prorationBehavior = "always_invoice";

  await step("the session, which lists nothing: no call", subscription.checkoutCompleted(), free);
  await step("a sale by plans: 2 calls, 2 round trips", subscription.firstInvoicePaid(), sale);
  await step("what is known already: no call", subscription.subscriptionCreated(), free);
  const seats = subscription.changeQuantity({ quantity: 5, at: inDays(2), prorationBehavior });
  await step("seats: 2 calls, 3 round trips", seats.updated, change);
  const upgrade = subscription.changePlan({
    to: { ...pro, quantity: 7 },
    at: inDays(4),
    prorationBehavior,
  });
  await step("an upgrade, with seats: 2 calls, 3 round trips", upgrade.updated, change);
  assert.ok(seats.invoicePaid !== null && upgrade.invoicePaid !== null);
  await step("what is billed for seats: no call", seats.invoicePaid, free);
  await step("what is billed for it: no call", upgrade.invoicePaid, free);
  await step("the renewal: 1 call, 2 round trips", subscription.renewalPaid(1), renewal);
});
