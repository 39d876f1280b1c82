import assert from "node:assert/strict";
import { namesNoSubscription, stripeIdsOf } from "../../../tools/reconcile/license_links.ts";

const of = (...metadata: [key: string, value: string][]) => ({
  metadata: metadata.map(([key, value]) => ({ key, value })),
});

Deno.test("a license names a purchase only under a key meant for its kind", () => {
  const license = of(
    ["SUBSCRIPTION_ID_KEY", "sub_1"],
    ["subscription_id", "sub_2"],
    ["stripe_transaction_id", "pi_1"],
    ["stripe_checkout_session_id", "cs_1"],
    ["stripe_invoice_id", "in_1"],
    ["see_also", "sub_3"],
    ["stripe_subscription_id", "pi_2"],
    ["stripe_subscription_id", "subscription_empty"],
  );
  assert.deepEqual(stripeIdsOf(license), ["sub_1", "sub_2", "pi_1", "cs_1", "in_1"]);
});

Deno.test("the script's word for no subscription counts where an id belongs", () => {
  assert.ok(namesNoSubscription(of(["stripe_subscription_id", "subscription_empty"])));
  assert.ok(namesNoSubscription(of(["SUBSCRIPTION_ID_KEY", "subscription_empty"])));
  assert.ok(!namesNoSubscription(of(["note", "subscription_empty"])));
  assert.ok(!namesNoSubscription(of(["stripe_subscription_id", "sub_1"])));
});
