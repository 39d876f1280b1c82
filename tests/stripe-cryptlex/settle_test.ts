import assert from "node:assert/strict";
import { LedgerError, type Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { settle } from "../../functions/stripe-cryptlex/settle.ts";
import { parkedInstead } from "../../functions/stripe-cryptlex/settlement.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { purchaseWith } from "./builders/purchase_with.ts";
import { worldWith } from "./builders/world_with.ts";

const settlement: Settlement = {
  state: purchaseWith(),
  events: [],
  licenses: [],
  customers: [],
  actions: [],
  retrySeconds: null,
  quietSeconds: null,
  pauseSeconds: null,
  mustRead: false,
  lookAgainSeconds: null,
  lastError: null,
  stripeIds: [],
  stripeRead: null,
};

/** A ledger that fails that many times, then answers. */
function failing(times: number, answer = { settled: true, claim: null, refused: null }) {
  let tries = 0;
  const ledger = createFakeLedger({
    settle: () =>
      ++tries <= times
        ? Promise.reject(new LedgerError("settle_purchase", "57014"))
        : Promise.resolve(answer),
  });
  return { ledger, tries: () => tries };
}

Deno.test("what was done is written down once", async () => {
  const ledger = createFakeLedger();
  const world = worldWith({ ledger });
  const claim = claimOf({ attempts: 2 });
  assert.deepEqual(await settle(claim, settlement, world), {
    settled: true,
    claim: null,
    done: settlement,
  });
  assert.deepEqual(ledger.settled, [{ claim, done: settlement }]);
  const { ms: _, ...entry } = world.logged[0] ?? { action: "" };
  assert.deepEqual(entry, {
    action: "settle",
    purchase_id: "sub_1",
    attempts: 2,
    error: null,
  });
});

Deno.test("news that came meanwhile is passed on", async () => {
  const next = claimOf({ token: "token-2" });
  const ledger = createFakeLedger({
    settle: () => Promise.resolve({ settled: true, claim: next, refused: null }),
  });
  assert.equal((await settle(claimOf(), settlement, worldWith({ ledger }))).claim, next);
});

Deno.test("a database that fails for a while is tried again, each failure logged", async () => {
  const { ledger, tries } = failing(2);
  const world = worldWith({ ledger });
  const settled = await settle(claimOf(), settlement, world);
  assert.deepEqual([settled.settled, tries()], [true, 3]);
  assert.deepEqual(world.logged.map(({ error }) => error), [
    "Cannot settle_purchase: the database answered 57014",
    "Cannot settle_purchase: the database answered 57014",
    null,
  ]);
});

Deno.test("a database that stays away is left to the lease: nothing counts as settled", async () => {
  const { ledger, tries } = failing(Infinity);
  const settled = await settle(claimOf(), settlement, worldWith({ ledger }));
  assert.deepEqual([settled, tries()], [{ settled: false, claim: null, done: settlement }, 5]);
});

Deno.test("a purchase that another worker has by now is not tried again", async () => {
  const { ledger, tries } = failing(0, { settled: false, claim: null, refused: null });
  const world = worldWith({ ledger });
  const settled = await settle(claimOf(), settlement, world);
  assert.deepEqual([settled.settled, tries()], [false, 1]);
  assert.equal(world.logged[0]?.action, "settle_stale");
});

Deno.test("what the database will never store is parked instead, for a person to see", async () => {
  const done: Settlement[] = [];
  const ledger = createFakeLedger({
    settle(_claim, settlement) {
      done.push(settlement);
      return done.length === 1
        ? Promise.reject(new LedgerError("settle_purchase", "23505"))
        : Promise.resolve({ settled: true, claim: null, refused: null });
    },
  });
  const world = worldWith({ ledger });
  assert.equal((await settle(claimOf(), settlement, world)).settled, true);
  assert.deepEqual(done[1], parkedInstead(settlement, String(done[1]?.lastError)));
  assert.match(String(done[1]?.lastError), /23505/);
});

Deno.test("what the ledger will not write down is parked, and says why", async () => {
  const done: Settlement[] = [];
  const ledger = createFakeLedger({
    settle(_claim, settlement) {
      done.push(settlement);
      const refused = done.length === 1 ? "license l is recorded for purchase sub_2" : null;
      return Promise.resolve({ settled: refused === null, claim: null, refused });
    },
  });
  const settled = await settle(claimOf(), settlement, worldWith({ ledger }));
  assert.equal(settled.settled, true);
  assert.equal(
    settled.done.lastError,
    "Cannot write down what was done: license l is recorded for purchase sub_2",
  );
  assert.deepEqual(done[1], settled.done);
});
