// What the merchant chose for a cancellation, a refund and a dispute reaches the function.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { HOUR, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { type Bridge, bridgeTest } from "./bridge.ts";

const now = new Date();
const soon = later(now, HOUR);

type Is = "usable" | "suspended" | "revoked";

const policies: readonly {
  settings: Record<string, string>;
  cancelled: Is;
  refunded: Is;
  disputed: Is;
}[] = [
  { settings: {}, cancelled: "revoked", refunded: "revoked", disputed: "suspended" },
  {
    settings: { ON_CANCEL: "suspend", ON_REFUND: "suspend", ON_DISPUTE: "revoke" },
    cancelled: "suspended",
    refunded: "suspended",
    disputed: "revoked",
  },
  {
    settings: { ON_CANCEL: "expire", ON_REFUND: "ignore", ON_DISPUTE: "ignore" },
    cancelled: "usable",
    refunded: "usable",
    disputed: "usable",
  },
];

for (const { settings, cancelled, refunded, disputed } of policies) {
  const chosen = Object.entries(settings).map(([name, value]) => `${name}=${value}`).join(", ");
  bridgeTest(`what ends a license, by ${chosen || "default"}`, { settings }, async (bridge, t) => {
    const shop = createStripeShop({ seed: 2000, now });
    const order = () => shop.buy({ email: "ann@example.com", amount: 100, paymentStatus: "paid" });

    await t.step(`cancelled: ${cancelled}`, async () => {
      const sale = shop.subscribe({
        email: "ann@example.com",
        price: { amount: 1900, interval: "month" },
        startedAt: now,
      });
      await settle(bridge, sale.firstInvoicePaid());
      const { expiresAt } = licenseOf(bridge, sale.id);
      await settle(bridge, sale.canceled({ at: soon }));
      assert.equal(stateOf(bridge, sale.id), cancelled);
      assert.equal(licenseOf(bridge, sale.id).expiresAt, expiresAt);
    });

    await t.step(`refunded: ${refunded}`, async () => {
      const bought = order();
      await settle(bridge, bought.completed());
      await settle(bridge, bought.payment().refund({ at: soon }).chargeRefunded());
      assert.equal(stateOf(bridge, bought.id), refunded);
    });

    await t.step(`disputed: ${disputed}, and usable again once it is won`, async () => {
      const bought = order();
      const dispute = bought.payment().dispute({ at: soon });
      await settle(bridge, bought.completed());
      await settle(bridge, dispute.created());
      assert.equal(stateOf(bridge, bought.id), disputed);
      await settle(bridge, dispute.closed({ status: "won", at: later(soon, HOUR) }));
      assert.equal(stateOf(bridge, bought.id), "usable");
    });
  });
}

bridgeTest("a policy that is none stops the start, and is named", {}, async (bridge) => {
  await assert.rejects(
    bridge.startAnother({ ON_CANCEL: "never", ON_DISPUTE: "expire" }),
    /Cannot start: ON_CANCEL .*; ON_DISPUTE /,
  );
});

async function settle(bridge: Bridge, event: StripeEvent): Promise<void> {
  await bridge.send(event);
  const [row] = await bridge.settled(event);
  assert.equal(row?.status, "applied", row?.last_error ?? "");
}

function licenseOf({ sandbox }: Bridge, stripeId: string) {
  const [license, ...more] = sandbox.licenses().filter(({ metadata }) =>
    metadata.some(({ value }) => value === stripeId)
  );
  assert.ok(license !== undefined && more.length === 0);
  return license;
}

function stateOf(bridge: Bridge, stripeId: string): Is {
  const { revoked, suspended } = licenseOf(bridge, stripeId);
  assert.ok(!(revoked && suspended));
  return revoked ? "revoked" : suspended ? "suspended" : "usable";
}
