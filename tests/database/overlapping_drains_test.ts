// The schedule may call drain while another drain is at it.

import { strict as assert } from "node:assert";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { drain } from "../../functions/stripe-cryptlex/drain.ts";
import { worldWith } from "../stripe-cryptlex/builders/world_with.ts";
import { claimOf, databaseTest, failed, recorded } from "./ledger_database.ts";

databaseTest("drains that overlap work off each purchase once, between them all", async (db) => {
  const start = new Date("2026-06-01T00:00:00Z");
  const names = Array.from({ length: 60 }, (_, n) => `sub_${n}`);
  for (const name of names) {
    const ledger = db.ledger(start);
    const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [name])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 60 }));
  }

  const settled: string[] = [];
  const tallies = await Promise.all(Array.from({ length: 5 }, () => {
    const ledger = db.ledger(new Date(start.getTime() + 60_000));
    const settle: typeof ledger.settle = async (claim, ...rest) => {
      const answer = await ledger.settle(claim, ...rest);
      if (answer.settled) settled.push(claim.purchaseId);
      return answer;
    };
    const world = worldWith({ ledger: { ...ledger, settle } });
    const background = createBackground(assert.ifError);
    return drain(world, { background, ignoreBackoff: false });
  }));

  assert.deepEqual(settled.toSorted(), names.toSorted());
  assert.equal(tallies.reduce((sum, tally) => sum + tally.settled, 0), names.length);
  assert.ok(
    tallies.filter((tally) => tally.settled > 0).length > 1,
    "more than one drain had work",
  );
  assert.equal((await db.ledger(start).health()).pending, 0);
});
