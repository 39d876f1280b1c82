// Random purchases of a chaos run, one at a time: told in any order, more than once, to workers that
// die at any call; and the licenses the chaos run's model says must be there. The same every time.

import { strict as assert } from "node:assert";
import { account, app, type PlanRow } from "../../tools/chaos/chaos_catalogue.ts";
import { wrongPurchases } from "../../tools/chaos/compare_licenses.ts";
import { type ChaosPurchase } from "../../tools/chaos/lives/chaos_purchase.ts";
import { randomPurchases } from "../../tools/chaos/lives/random_purchases.ts";
import { expectedBuyers } from "../../tools/chaos/model/expected_buyers.ts";
import { expectedLicenses } from "../../tools/chaos/model/expected_licenses.ts";
import { type Merchant, merchantOf } from "../../tools/chaos/merchant.ts";
import { createSeededRandom, type SeededRandom } from "../../tools/chaos/seeded_random.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { databaseTest, type LedgerDatabase } from "../database/ledger_database.ts";
import type { DeathRule } from "./deaths/fate.ts";
import { play } from "./deaths/play.ts";
import { graceDays, type SoldAs } from "./deaths/story.ts";

const count = 40;
const now = new Date("2026-06-10T10:00:00Z");

for (const seed of [1, 2, 3]) {
  databaseTest(`random lives end as the model says (seed ${seed})`, async (db, t) => {
    const merchant = merchantOf(seed);
    const hasPlans = merchant.plans.length > 0;
    const purchases = randomPurchases({ seed, count, hasPlans, now });
    for (const [nth, purchase] of purchases.entries()) {
      await t.step(`${nth}: ${purchase.title}`, async () => {
        const random = createSeededRandom(seed, `telling ${nth}`);
        await live(db, purchase, { random, merchant });
      });
    }
  });
}

async function live(
  db: LedgerDatabase,
  purchase: ChaosPurchase,
  { random, merchant }: { random: SeededRandom; merchant: Merchant },
): Promise<void> {
  const told = purchase.events.filter((event) => "data" in event);
  const { all, leased, events } = await play(db, {
    events: arranged(told, random),
    plans: Object.fromEntries(merchant.plans.map((row) => [row.stripeId, soldAs(row)])),
    account,
  }, {
    deaths: random.chance(0.5) ? [] : anyDeath(random),
    drains: random.chance(0.7),
    policy: merchant.policy,
  });

  const expected = expectedLicenses(told, { ...merchant, defaultProductId: app.id, graceDays });
  const buyers = expectedBuyers(told, expected);
  const wrong = wrongPurchases(expected, { licenses: all, buyers });
  assert.deepEqual(wrong.flatMap(({ problems }) => problems), []);
  assert.deepEqual(leased, []);
  assert.deepEqual(events.filter((event) => !/ (applied|ignored)$/.test(event)), []);
}

/** In order, backwards or in none; some twice. */
function arranged(events: readonly StripeEvent[], random: SeededRandom): StripeEvent[] {
  const again = events.filter(() => random.chance(0.2));
  const places = new Map([...events, ...again].map((event) => [event, random.next()]));
  const shuffled = [...events, ...again]
    .sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  return random.pick([[...events, ...again], events.toReversed(), shuffled, shuffled]);
}

/** One call in forty is a worker's last. */
function anyDeath(random: SeededRandom): DeathRule {
  return () => random.chance(1 / 40) ? random.pick(["before", "after"] as const) : undefined;
}

function soldAs({ productId, templateId, entitlementSetId, seats, perUnit }: PlanRow): SoldAs {
  return {
    cryptlex_product_id: productId,
    ...(templateId && { license_template_id: templateId }),
    ...(entitlementSetId && { entitlement_set_id: entitlementSetId }),
    ...(seats && { seats }),
    ...(perUnit && { activations_per_unit: perUnit }),
  };
}
