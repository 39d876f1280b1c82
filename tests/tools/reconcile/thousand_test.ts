// A thousand purchases with every kind of damage done to them.

import { strict as assert } from "node:assert";
import type { SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { OneTimeOrder } from "../../../tools/stripe_sandbox/one_time_order.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import { reconcileTest, type Stage } from "./stage.ts";

const many = 1000;
const day = 24 * 60 * 60 * 1000;
const graceMs = 3 * day;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = {
  price: "price_seats",
  product: "prod_app",
  amount: 1900,
  interval: "month",
} as const;

type Sold = { readonly subscription: Subscription } | { readonly order: OneTimeOrder };

/** What is done to one, and what must be true of it in the end. */
type Damage = {
  readonly name: string;
  readonly sells: "subscription" | "order";
  readonly harm: (at: Harmed) => Promise<unknown> | unknown;
  /** Usable licenses, and what else holds of the first. */
  readonly usable: number;
  readonly check?: (license: SandboxLicense, sold: Sold) => void;
  /** What the second run still tells of it. */
  readonly stays?: readonly string[];
};

type Harmed = {
  readonly stage: Stage;
  readonly license: SandboxLicense;
  readonly sold: Sold;
  readonly subscription: Subscription;
  readonly order: OneTimeOrder;
};

const until = (license: SandboxLicense) => Date.parse(license.expiresAt ?? "");
const paidUntil = (n: number) => (license: SandboxLicense, sold: Sold) => {
  assert.ok("subscription" in sold);
  assert.equal(until(license), sold.subscription.periodEnd(n).getTime() + graceMs);
};
const activations = (count: number) => (license: SandboxLicense) =>
  assert.equal(license.allowedActivations, count);
const noted = ["by_hand"];

const damages: readonly Damage[] = [
  { name: "none", sells: "subscription", harm: () => {}, usable: 1, check: paidUntil(0) },
  {
    name: "deleted in Cryptlex",
    sells: "subscription",
    harm: ({ stage, license }) => stage.sandbox.remove(license.id),
    usable: 0,
    stays: noted,
  },
  {
    name: "revoked by hand",
    sells: "subscription",
    harm: ({ stage, license }) => stage.sandbox.change(license.id, { revoked: true }),
    usable: 0,
    stays: noted,
  },
  {
    name: "suspended by hand",
    sells: "order",
    harm: ({ stage, license }) => stage.sandbox.change(license.id, { suspended: true }),
    usable: 0,
    stays: noted,
  },
  {
    name: "longer by hand",
    sells: "subscription",
    harm: ({ stage, license }) =>
      stage.sandbox.change(license.id, { expiresAt: "2031-01-01T00:00:00Z" }),
    usable: 1,
    check: (license) => assert.equal(until(license), Date.parse("2031-01-01T00:00:00Z")),
    stays: noted,
  },
  {
    name: "shorter by hand, and the renewal never arrived",
    sells: "subscription",
    harm({ stage, license, subscription }) {
      stage.sandbox.change(license.id, { expiresAt: ago(30).toISOString() });
      subscription.renewalPaid(1);
    },
    usable: 1,
    check: paidUntil(1),
  },
  {
    name: "the renewal never arrived",
    sells: "subscription",
    harm: ({ subscription }) => subscription.renewalPaid(1),
    usable: 1,
    check: paidUntil(1),
  },
  {
    name: "fewer seats by hand, more bought, which never arrived",
    sells: "subscription",
    harm({ stage, license, subscription }) {
      stage.sandbox.change(license.id, { allowedActivations: 1 });
      subscription.changeQuantity({ quantity: 7, at: ago(2), prorationBehavior: "none" });
    },
    usable: 1,
    check: activations(14),
  },
  {
    name: "more seats by hand",
    sells: "subscription",
    harm: ({ stage, license }) => stage.sandbox.change(license.id, { allowedActivations: 50 }),
    usable: 1,
    check: activations(50),
    stays: noted,
  },
  {
    name: "one more of ours",
    sells: "subscription",
    harm: ({ stage, license }) =>
      stage.sandbox.seedLicense({
        productId: license.productId,
        expiresAt: license.expiresAt,
        metadata: license.metadata.map(({ key, value }) => ({ key, value, viewPermissions: [] })),
      }),
    usable: 1,
    check: paidUntil(0),
  },
  {
    name: "the end never arrived",
    sells: "subscription",
    harm: ({ subscription }) => subscription.canceled({ at: ago(1) }),
    usable: 0,
  },
  {
    name: "the pause never arrived",
    sells: "subscription",
    harm: ({ subscription }) => subscription.paused({ at: ago(1) }),
    usable: 0,
  },
  {
    name: "its license is not in the tables",
    sells: "subscription",
    harm: ({ stage, license }) =>
      stage.sql`delete from licensing.licenses where license_id = ${license.id}`,
    usable: 1,
    check: paidUntil(0),
  },
  {
    name: "nothing of it is in the tables",
    sells: "order",
    async harm({ stage: { sql }, order: { id } }) {
      await sql`delete from licensing.stripe_events where purchase_id = ${id}`;
      await sql`delete from licensing.licenses where purchase_id = ${id}`;
      await sql`delete from licensing.purchase_links where purchase_id = ${id}`;
      await sql`delete from licensing.purchases where purchase_id = ${id}`;
    },
    usable: 1,
  },
  {
    name: "the refund never arrived",
    sells: "order",
    harm: ({ order }) => order.payment().refund({ at: ago(1) }),
    usable: 0,
  },
  {
    name: "a part of it went back",
    sells: "order",
    harm: ({ order }) => order.payment().refund({ at: ago(1), amount: 10 }),
    usable: 1,
  },
  {
    name: "the dispute never arrived",
    sells: "order",
    harm: ({ order }) => order.payment().dispute({ at: ago(1) }),
    usable: 0,
  },
  {
    name: "of a subscription, too",
    sells: "subscription",
    harm: ({ subscription }) => subscription.payment(0).dispute({ at: ago(1) }),
    usable: 0,
  },
  {
    name: "a dispute that is over: only that never arrived",
    sells: "order",
    async harm({ stage, order }) {
      const dispute = order.payment().dispute({ at: ago(2) });
      await stage.deliver(dispute.created());
      dispute.closed({ at: ago(1), status: "won" });
    },
    usable: 1,
  },
  {
    name: "suspended, and deleted from the tables",
    sells: "subscription",
    async harm({ stage, license }) {
      stage.sandbox.change(license.id, { suspended: true });
      await stage.sql`delete from licensing.licenses where license_id = ${license.id}`;
    },
    usable: 0,
    stays: noted,
  },
];

const shop = createStripeShop({ seed: many, now: ago(40) });

function sell(nth: number): Sold {
  const email = `buyer${nth}@example.com`;
  const { sells } = damageOf(nth);
  if (sells === "subscription") {
    const subscription = shop.subscribe({
      email,
      name: "Ada",
      price: { ...price, quantity: 2 },
      startedAt: ago(40),
    });
    subscription.firstInvoicePaid();
    return { subscription };
  }
  return {
    order: shop.buy({
      email,
      amount: 4900,
      price: "price_once",
      product: "prod_app",
      paymentStatus: "paid",
      at: ago(40),
    }),
  };
}

function damageOf(nth: number): Damage {
  return damages[nth % damages.length] ?? assert.fail();
}

const idOf = (sold: Sold) => "order" in sold ? sold.order.id : sold.subscription.id;

/** Stands still while the tool runs, and what the read API lists need not be made anew every second. */
let clock = ago(0);

reconcileTest("a thousand purchases, with every kind of damage done to them", {
  shops: [shop],
  now: () => clock,
}, async (stage, t) => {
  await stage.sql`insert into licensing.plans ${
    stage.sql([{
      stripe_id: "prod_app",
      cryptlex_product_id: "product-app",
      seats: "activations",
      activations_per_unit: 2,
    }])
  }`;
  const all = Array.from({ length: many }, (_, nth) => sell(nth));
  const licenses = new Map<string, SandboxLicense>();

  await t.step("none of them arrived: all are made", async () => {
    const { code, findings, compared } = await stage.found("--apply");
    assert.deepEqual([code, compared], [0, many]);
    assert.ok(findings.every(({ state }) => state === "fixed"));
    for (const license of stage.sandbox.licenses()) {
      for (const { value } of license.metadata) licenses.set(value, license);
    }
    assert.equal(stage.sandbox.licenses().length, many);
  });

  await t.step("all are damaged, and put right", async () => {
    for (const [nth, sold] of all.entries()) {
      const license = licenses.get(idOf(sold)) ?? assert.fail();
      const both = { order: {} as OneTimeOrder, subscription: {} as Subscription, ...sold };
      await damageOf(nth).harm({ stage, license, sold, ...both });
    }
    clock = ago(0);
    const { code, findings } = await stage.found("--apply");
    const left = findings.filter(({ state }) => state !== "fixed" && state !== "noted");
    assert.deepEqual(left.slice(0, 5), []);
    assert.equal(code, 0);
  });

  await t.step("they are as they must be", () => {
    const problems: string[] = [];
    for (const [nth, sold] of all.entries()) {
      const { name, usable, check } = damageOf(nth);
      const found = stage.usable(idOf(sold));
      try {
        assert.equal(found.length, usable);
        if (found[0] !== undefined) check?.(found[0], sold);
      } catch (error) {
        problems.push(`${name}: ${(error as Error).message}`);
      }
    }
    assert.deepEqual([...new Set(problems)], []);
  });

  await t.step("a second run finds nothing more, and what people did is told", async () => {
    const { code, findings } = await stage.found();
    assert.equal(code, 0);
    for (const [nth, sold] of all.entries()) {
      const { name, stays = [] } = damageOf(nth);
      const told = findings.filter(({ purchase_id }) => purchase_id === idOf(sold));
      assert.deepEqual([...new Set(told.map(({ kind }) => kind))], stays, name);
      assert.ok(told.every(({ state }) => state === "noted"));
    }
  });
});
