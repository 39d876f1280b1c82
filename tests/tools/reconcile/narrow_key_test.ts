// A key that may not read all of it.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { product, reconcileTest } from "./stage.ts";

const shop = createStripeShop({ seed: 79 });

reconcileTest("payments the key may not look for are told, and the run comes to its end", {
  shops: [shop],
  forbidden: ["/v1/payment_intents"],
}, async (stage) => {
  const seed = (key: string, value: string) =>
    stage.sandbox.seedLicense({
      productId: product.id,
      metadata: [{ key, value, viewPermissions: [] }],
    });
  const payments = ["pi_1NobodyKnows", "pi_2NobodyKnows"].map((value) =>
    seed("stripe_transaction_id", value)
  );
  const orphan = seed("stripe_subscription_id", "sub_1NobodyKnows");
  const { code, findings } = await stage.found();
  assert.equal(code, 1);
  const told = (kind: string) =>
    findings.filter((finding) => finding.kind === kind).map(({ license_id }) => license_id).sort();
  assert.deepEqual(told("unread"), payments.map(({ id }) => id).sort());
  assert.deepEqual(told("orphaned"), [orphan.id]);
  const [unread] = findings.filter(({ kind }) => kind === "unread");
  assert.match(unread?.found ?? "", /could not be read: the key needs Read for PaymentIntents$/);
  assert.match(unread?.proposal ?? "", /docs\/reconcile\.md/);
});

reconcileTest("where the key may not read what is listed the page of its permissions is named", {
  shops: [shop],
  forbidden: ["/v1/subscriptions"],
}, async (stage) => {
  const { code, stderr } = await stage.reconcile();
  assert.equal(code, 1);
  assert.match(stderr, /^Stripe refused GET \/v1\/subscriptions with 403.*docs\/reconcile\.md/m);
});
