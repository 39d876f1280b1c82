// With every webhook dropped, or every other one, and no event left to be fetched, reconcile alone reaches
// the state that an independent model says is right: random purchases of merchants who chose otherwise.

import { strict as assert } from "node:assert";
import { account, app, type PlanRow } from "../../../tools/chaos/chaos_catalogue.ts";
import { strayProblems, wrongPurchases } from "../../../tools/chaos/compare_licenses.ts";
import { chaosShops, randomPurchases } from "../../../tools/chaos/lives/random_purchases.ts";
import { merchantOf } from "../../../tools/chaos/merchant.ts";
import { expectedBuyers } from "../../../tools/chaos/model/expected_buyers.ts";
import { expectedLicenses } from "../../../tools/chaos/model/expected_licenses.ts";
import { reconcileTest } from "./stage.ts";

const many = 60;

for (const seed of [1, 2, 3, 4, 5, 6]) {
  // Of the second half of the seeds some events arrive.
  const arrives = (nth: number) => seed % 6 > 2 && nth % 2 === seed % 2;
  const now = new Date();
  const merchant = merchantOf(seed);
  const { policy, plans } = merchant;
  const shops = chaosShops({ seed, now });
  const purchases = randomPurchases({
    seed,
    count: many,
    hasPlans: plans.length > 0,
    now,
    shops,
  });
  // All that happened, whether or not such an endpoint would have been sent it.
  const events = shops.flatMap((shop) => shop.events());
  // Their events tell less of the money than Stripe shows: there reconcile knows better than the model.
  // Or the clock is years past the period in which use was billed, of which only an event tells the day.
  const strange = purchases.filter(({ title }) =>
    /told by charges|no payment's events|by hand.*refunded|Metered.*month's end/.test(title)
  )
    .map((purchase) => JSON.stringify(purchase.events)).join();
  const last = Math.max(...events.map(({ created }) => created), now.getTime() / 1000);

  const lost = seed % 6 > 2 ? "every other event was lost" : "every event was lost";
  reconcileTest(`${lost}: reconcile gets it right (seed ${seed})`, {
    shops,
    sandbox: { ...account },
    settings: {
      CRYPTLEX_PRODUCT_ID: app.id,
      ON_CANCEL: policy.onCancel,
      ON_REFUND: policy.onRefund,
      ON_DISPUTE: policy.onDispute,
    },
    now: () => new Date((last + 3600) * 1000),
  }, async ({ sql, sandbox, found, deliver }, t) => {
    for (const row of plans) await sql`insert into licensing.plans ${sql(columns(row))}`;
    await deliver(...events.filter((_, nth) => arrives(nth)));

    await t.step("all is put right", async () => {
      const { code, findings } = await found("--apply");
      const left = findings.filter(({ state }) => state !== "fixed" && state !== "noted");
      assert.deepEqual(left, []);
      assert.equal(code, 0);
      const expected = expectedLicenses(events, {
        ...merchant,
        defaultProductId: app.id,
        graceDays: 3,
      });
      const licenses = sandbox.licenses();
      const known = expected.filter(({ stripeIds }) =>
        !stripeIds.some((id) => strange.includes(`"${id}"`))
      );
      assert.ok(known.length > many / 2);
      const wrong = wrongPurchases(known, {
        licenses,
        buyers: expectedBuyers(events, expected),
      });
      assert.deepEqual(
        wrong.map(({ expected, problems }) => [expected.stripeIds[0], problems]),
        [],
      );
      assert.deepEqual(strayProblems(expected, licenses), []);
    });

    await t.step("a second run finds nothing", async () => {
      const { code, findings } = await found();
      assert.deepEqual(findings, []);
      assert.equal(code, 0);
    });
  });
}

function columns(row: PlanRow): Record<string, string | number> {
  const { stripeId, productId, templateId, entitlementSetId, seats, perUnit } = row;
  return {
    stripe_id: stripeId,
    cryptlex_product_id: productId,
    ...(templateId && { license_template_id: templateId }),
    ...(entitlementSetId && { entitlement_set_id: entitlementSetId }),
    ...(seats && { seats }),
    ...(perUnit && { activations_per_unit: perUnit }),
  };
}
