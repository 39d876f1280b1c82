// What one event costs: calls to Cryptlex, and round trips to the database.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { bridgeTest } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;

bridgeTest("an event costs no more than it must", {}, async (bridge, t) => {
  const shop = createStripeShop({ seed: 800, now: new Date() });
  const subscribe = (customer = shop.customer({ email: `${crypto.randomUUID()}@example.com` })) =>
    shop.subscribe({ customer, price, startedAt: new Date() });
  const recordAndSettle = ["record_stripe_event", "settle_purchase"];

  async function costs(event: StripeEvent, expected: { cryptlex: number; database: string[] }) {
    bridge.forget();
    await bridge.send(event);
    await bridge.settled(event);
    assert.equal(bridge.sandbox.calls().length, expected.cryptlex);
    assert.deepEqual(bridge.databaseCalls(), expected.database);
  }

  const sale = subscribe();
  await t.step(
    "a sale to a new buyer: 2 calls, 2 round trips",
    () => costs(sale.firstInvoicePaid(), { cryptlex: 2, database: recordAndSettle }),
  );
  await t.step(
    "what else is sent of it: no call",
    () => costs(sale.checkoutCompleted(), { cryptlex: 0, database: recordAndSettle }),
  );
  await t.step(
    "a renewal: 1 call, 2 round trips",
    () => costs(sale.renewalPaid(1), { cryptlex: 1, database: recordAndSettle }),
  );
  await t.step(
    "a duplicate: no call, 1 round trip",
    () => costs(sale.renewalPaid(1), { cryptlex: 0, database: ["record_stripe_event"] }),
  );
  await t.step(
    "a sale to a known buyer: 1 call, 2 round trips",
    () =>
      costs(subscribe(sale.customer).checkoutCompleted(), {
        cryptlex: 1,
        database: recordAndSettle,
      }),
  );
  await t.step(
    "a type that says nothing: no call, 1 round trip",
    () => costs(shop.other("product.created"), { cryptlex: 0, database: ["record_stripe_event"] }),
  );
});
