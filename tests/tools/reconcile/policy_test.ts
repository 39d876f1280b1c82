// By whose settings it is decided: the function's, or nothing is changed.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { product, reconcileTest } from "./stage.ts";

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { amount: 1900, interval: "month" } as const;

const shop = createStripeShop({ seed: 88, now: ago(10) });
const ended = shop.subscribe({ email: "ended@example.com", price, startedAt: ago(10) });

reconcileTest(
  "what the function decides otherwise than the shell is not put right from the shell",
  {
    shops: [shop],
    settings: { ON_CANCEL: "expire", RENEWAL_GRACE_DAYS: "14" },
  },
  async (stage, t) => {
    await stage.deliver(ended.firstInvoicePaid(), ended.canceled({ at: ago(1) }));
    const told = {
      CRYPTLEX_PRODUCT_ID: product.id,
      RENEWAL_GRACE_DAYS: 14,
      ON_CANCEL: "expire",
      ON_REFUND: "revoke",
      ON_DISPUTE: "suspend",
    };
    const unset = { ON_CANCEL: "", RENEWAL_GRACE_DAYS: "" };
    const isUsable = () => assert.equal(stage.usable(ended.id).length, 1);
    isUsable();

    await t.step("a report says by what it decided", async () => {
      const { stdout } = await stage.reconcileWith(unset);
      assert.match(
        stdout.replace(/\s+/g, " "),
        /decided by CRYPTLEX_PRODUCT_ID product-app, RENEWAL_GRACE_DAYS 3, ON_CANCEL revoke,/,
      );
      const { policy } = JSON.parse((await stage.reconcileWith(unset, "--json")).stdout);
      assert.deepEqual([policy.on_cancel, policy.renewal_grace_days], ["revoke", 3]);
    });

    await t.step("where the function never told, every setting is to be there", async () => {
      const refused = await stage.reconcileWith(unset, "--apply");
      assert.deepEqual([refused.code, refused.stdout], [1, ""]);
      assert.match(
        refused.stderr,
        /^Cannot --apply: the function has not told .*: set RENEWAL_GRACE_DAYS, ON_CANCEL here/,
      );
      isUsable();
      assert.equal((await stage.reconcile("--apply")).code, 0);
      isUsable();
    });

    await t.step("each that differs is named, with both values", async () => {
      await stage.sql`update licensing.schedule set policy = ${stage.sql.json(told)}`;
      const refused = await stage.reconcileWith(
        { ...unset, CRYPTLEX_PRODUCT_ID: "" },
        "--apply",
      );
      assert.deepEqual([refused.code, refused.stdout], [1, ""]);
      assert.match(
        refused.stderr,
        /^Cannot --apply: it would decide otherwise than the function: /,
      );
      assert.match(refused.stderr, /CRYPTLEX_PRODUCT_ID is not set here and product-app there/);
      assert.match(refused.stderr, /RENEWAL_GRACE_DAYS is 3 here and 14 there/);
      assert.match(refused.stderr, /ON_CANCEL is revoke here and expire there/);
      assert.doesNotMatch(refused.stderr, /ON_REFUND/);
      isUsable();
    });

    await t.step("what it told is enough where nothing differs", async () => {
      assert.equal((await stage.reconcileWith({ ON_REFUND: "" }, "--apply")).code, 0);
      isUsable();
    });
  },
);
