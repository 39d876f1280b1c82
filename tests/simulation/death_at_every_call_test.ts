// A worker that dies, before or after any call it makes, leaves nothing that the next one does not
// put right: real migrations on a real PostgreSQL, and time going on until nothing is due.

import { strict as assert } from "node:assert";
import fc from "fast-check";
import { anyLife } from "../stripe-cryptlex/builders/any_life.ts";
import type { Death } from "./deaths/fate.ts";
import { type Ended, play } from "./deaths/play.ts";
import { app, pro, stories, type Told } from "./deaths/story.ts";
import { databaseTest, type LedgerDatabase } from "../database/ledger_database.ts";

const hour = 60 * 60 * 1000;
const moments = ["before", "after"] as const;
const plans = { price_basic: app.id, price_pro: pro.id, price_addon: "product-a" };

const death = (call: fc.Arbitrary<number>) =>
  fc.record({ call, when: fc.constantFrom(...moments) });

/**
 * What the lines of a subscription's invoices name, its items do not say here: which of them is heard of
 * first decides, and that is not only up to deaths.
 */
const consistentLife = anyLife.filter(({ purchaseId, facts }) =>
  !purchaseId.startsWith("sub_") ||
  facts.every(({ items }) => Object.values(items).every(({ line }) => line.value.terms === null))
);

const disturbedLife = fc.record({
  life: consistentLife,
  isPlanned: fc.boolean(),
  drains: fc.boolean(),
  /** Of the calls undisturbed; and so many after it. */
  first: death(fc.nat(99)),
  second: death(fc.integer({ min: 1, max: 12 })),
});

databaseTest("a worker may die at any call", async (db, t) => {
  for (const story of stories()) {
    await t.step(`${story.name}: before and after every call`, async () => {
      const undisturbed = await play(db, story, { deaths: [], drains: false });
      assertSame(undisturbed, {
        ...undisturbed,
        licenses: story.ends.map((one) => ({ ...one, user: "ada@example.com" })),
        users: ["ada@example.com"],
        events: story.events.map((event) => `${event.type} applied`),
      });
      const wrong: string[] = [];
      for (const [index, call] of undisturbed.calls.entries()) {
        for (const when of moments) {
          for (const drains of isLong(story) ? [false, true] : [false]) {
            const deaths = [{ call: index + 1, when }];
            const problem = await problemOf(db, { story, deaths, drains, undisturbed });
            if (problem !== null) wrong.push(`${when} call ${index + 1}, ${call}: ${problem}`);
          }
        }
      }
      assert.deepEqual(wrong, []);
    });
  }

  await t.step("whoever takes over from the dead may die as well", async () => {
    const [, story] = stories();
    assert.ok(story);
    const undisturbed = await play(db, story, { deaths: [], drains: false });
    const create = undisturbed.calls.indexOf("POST /v3/licenses") + 1;
    const first: Death = { call: create, when: "after" };
    const { calls } = await play(db, story, { deaths: [first], drains: false });
    const wrong: string[] = [];
    for (let call = create + 1; call <= calls.length; call++) {
      for (const when of moments) {
        const deaths = [first, { call, when }];
        const problem = await problemOf(db, { story, deaths, drains: false, undisturbed });
        if (problem !== null) wrong.push(`${when} call ${call}, ${calls[call - 1]}: ${problem}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  await t.step("two deaths in any life leave it as it would have been", async () => {
    const property = fc.asyncProperty(
      disturbedLife,
      async ({ life, isPlanned, drains, first, second }) => {
        const events = life.events.toSorted((a, b) => a.created - b.created);
        const story: Told = { events, ...(isPlanned ? { plans } : {}) };
        const undisturbed = await play(db, story, { deaths: [], drains });
        const call = 1 + first.call % undisturbed.calls.length;
        const deaths = [{ ...first, call }, { ...second, call: call + second.call }];
        const ended = await play(db, story, { deaths, drains });
        assertSame(loosened(ended, life.purchaseId), loosened(undisturbed, life.purchaseId));
      },
    );
    await fc.assert(property, { numRuns: 40, seed: 20261124 });
  });
});

/** Between its events a lease may run out, and a schedule may drain. */
function isLong({ events }: Told): boolean {
  const times = events.map((event) => event.created * 1000);
  return Math.max(...times) - Math.min(...times) > hour;
}

/** Plays the story with these deaths; null: it ended as undisturbed. */
async function problemOf(
  db: LedgerDatabase,
  { story, deaths, drains, undisturbed }: {
    story: Told;
    deaths: readonly Death[];
    drains: boolean;
    undisturbed: Ended;
  },
): Promise<string | null> {
  try {
    const ended = await play(db, story, { deaths, drains });
    assert.equal(ended.died, deaths.length, "not every death came to pass");
    assertSame(ended, undisturbed);
    return null;
  } catch (error) {
    return String(error);
  }
}

function assertSame(ended: Ended, expected: Ended): void {
  const dateless = (one: Ended) => one.licenses.map(({ until: _, ...license }) => license);
  assert.deepEqual(dateless(ended), dateless(expected));
  for (const [index, { until }] of ended.licenses.entries()) {
    const wanted = expected.licenses[index]?.until ?? null;
    const misses = Math.abs((until?.getTime() ?? 0) - (wanted?.getTime() ?? 0));
    assert.ok(misses <= hour, `until ${until?.toISOString()}, not ${wanted?.toISOString()}`);
  }
  assert.deepEqual(ended.users, expected.users);
  assert.deepEqual(ended.events.toSorted(), expected.events.toSorted());
  assert.deepEqual(ended.leased, []);
}

/**
 * Of an order the date is the template's, from the moment it was made. What came too late to do
 * anything may have been ignored or applied; what was worked off together waits together. Who was not
 * served before the purchase ended is not served any more, and so may be no user.
 */
function loosened(ended: Ended, purchaseId: string): Ended {
  const isSubscription = purchaseId.startsWith("sub_");
  const waits = ended.events.some((event) => event.endsWith("parked"));
  return {
    ...ended,
    licenses: ended.licenses.map((one) => isSubscription ? one : { ...one, until: null }),
    users: ended.licenses.length === 0 ? [] : ended.users,
    events: ended.events.map((event) =>
      event.replace(/(applied|ignored|parked)$/, waits ? "waiting" : "settled")
    ),
  };
}
