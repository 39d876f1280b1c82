// What a burst leaves: recorded, not claimed, and then claimed by whoever asks for it first.

import { strict as assert } from "node:assert";
import { applied, claimOf, databaseTest, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");

databaseTest("a purchase that was left is claimed as fresh as it came", async (db, t) => {
  const ledger = db.ledger(start);

  await t.step(
    "what is only recorded is due at once, to who asks for it and to any other",
    async () => {
      const record = (eventId: string) =>
        ledger.record(recorded(eventId, ["sub_later"]), { claims: false });
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => record(`evt_later${n}`)),
      );
      for (const answer of answers) {
        assert.deepEqual(answer, { duplicate: false, claim: null, left: "sub_later" });
      }
      assert.deepEqual(await record("evt_later0"), { duplicate: true, claim: null, left: null });
      const claims = await Promise.all(answers.map(({ left }) => ledger.claimFresh(left ?? "")));
      const [claim, ...others] = claims.filter((one) => one !== null);
      assert.deepEqual(others, []);
      assert.equal(claim?.events.length, answers.length);
      if (claim) await ledger.settle(claim, applied(claim));
      assert.equal(await ledger.claimFresh("sub_later"), null);

      await record("evt_latest");
      const due = claimOf(await ledger.claimDue({ ignoreBackoff: false }));
      assert.deepEqual(due.events.map(({ eventId }) => eventId), ["evt_latest"]);
      await ledger.settle(due, applied(due));
    },
  );

  await t.step("what proved to be part of another meanwhile is claimed with it", async () => {
    await ledger.record(recorded("evt_part", ["in_whole"]), { claims: false });
    await ledger.record(recorded("evt_join", ["sub_whole", "in_whole"]), { claims: false });
    const claim = claimOf({ claim: await ledger.claimFresh("in_whole") });
    assert.equal(claim.purchaseId, "sub_whole");
    assert.equal(claim.events.length, 2);
    await ledger.settle(claim, applied(claim));
    assert.equal(await ledger.claimFresh("in_never"), null);
  });

  await t.step(
    "joined at the moment it is asked for, it is claimed once, and nobody waits in a circle",
    async () => {
      for (let round = 0; round < 40; round++) {
        const [lesser, middle, better] = [`in_c${round}`, `pi_c${round}`, `sub_c${round}`];
        const record = (event: string, ids: readonly string[]) =>
          ledger.record(recorded(`evt_${event}${round}`, ids), { claims: false });
        for (const id of [lesser, middle, better]) await record(id, [id]);
        const claims = await Promise.all([
          ledger.claimFresh(better),
          record("one", [middle, lesser]),
          ledger.claimFresh(lesser),
          record("two", [better, middle]),
          ledger.claimFresh(middle),
          ledger.claimDue({ ignoreBackoff: false }).then(({ claim }) => claim),
        ]);
        let open = claims.filter((one) => one !== null && "token" in one);
        const settled = new Set<string>();
        while (open.length > 0) {
          const next = await Promise.all(open.map(async (claim) => {
            for (const { eventId } of claim.events) {
              assert.ok(!settled.has(eventId), `${eventId} was claimed twice`);
              settled.add(eventId);
            }
            return (await ledger.settle(claim, applied(claim))).claim;
          }));
          open = next.filter((one) => one !== null);
          if (open.length > 0) continue;
          const { claim } = await ledger.claimDue({ ignoreBackoff: false });
          if (claim !== null) open = [claim];
        }
        assert.equal(settled.size, 5);
      }
    },
  );
});
