// Stripe ids that prove to be one purchase become one, whoever is at work on them.

import { strict as assert } from "node:assert";
import { merge } from "../../functions/stripe-cryptlex/purchase.ts";
import { applied, claimOf, databaseTest, recorded } from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");

databaseTest("ids that prove to be one purchase become one", async (db, t) => {
  const ledger = db.ledger(start);

  await t.step("a lesser id's purchase moves to the better one, with all it has", async () => {
    const first = claimOf(await ledger.record(recorded("evt_inv", ["in_1"], "in@example.com")));
    assert.equal(first.purchaseId, "in_1");
    await ledger.settle(first, applied(first, { state: first.states.reduce(merge) }));
    const joined = claimOf(await ledger.record(recorded("evt_cs", ["pi_1", "cs_1", "in_1"])));
    assert.equal(joined.purchaseId, "pi_1");
    assert.deepEqual(
      joined.states.map((state) => state.email?.value).sort(),
      ["a@example.com", "in@example.com"],
    );
    await ledger.settle(joined, applied(joined));
    const [row] = await db.sql`select joined_to, state from licensing.purchases
      where purchase_id = 'in_1'`;
    assert.deepEqual(row, { joined_to: "pi_1", state: [] });
  });

  await t.step(
    "while the lesser one is leased neither is claimed; its settle claims both",
    async () => {
      const busy = claimOf(await ledger.record(recorded("evt_busy", ["in_2"])));
      assert.equal((await ledger.record(recorded("evt_link", ["sub_2", "in_2"]))).claim, null);
      const next = claimOf(await ledger.settle(busy, applied(busy)));
      assert.equal(next.purchaseId, "sub_2");
      assert.deepEqual(next.events.map((event) => event.eventId), ["evt_link"]);
      await ledger.settle(next, applied(next));
    },
  );

  await t.step(
    "joined at the moment it is settled, one of the two claims what they became",
    async () => {
      for (let round = 0; round < 30; round++) {
        const [lesser, better] = [`in_at${round}`, `sub_at${round}`];
        const busy = claimOf(await ledger.record(recorded(`evt_at${round}`, [lesser])));
        const join = recorded(`evt_with${round}`, [better, lesser]);
        const answers = await Promise.all([
          ledger.record(join),
          ledger.settle(busy, applied(busy)),
        ]);
        const [claim, ...others] = answers.map(({ claim }) => claim).filter((one) => one !== null);
        assert.deepEqual([claim?.purchaseId, others], [better, []]);
        if (claim) await ledger.settle(claim, applied(claim));
      }
    },
  );

  await t.step("an event of the lesser one asked for again is read for once", async () => {
    await db.sql`update licensing.stripe_events set status = 'pending' where event_id = 'evt_inv'`;
    const replayed = claimOf(await ledger.claimDue({ ignoreBackoff: false }));
    assert.deepEqual([replayed.purchaseId, replayed.mustRead], ["pi_1", true]);
    await ledger.settle(replayed, applied(replayed));
    const next = claimOf(await ledger.record(recorded("evt_next", ["pi_1"])));
    assert.equal(next.mustRead, false);
    await ledger.settle(next, applied(next));
  });

  await t.step("links chain, whatever the order they come in", async () => {
    for (const ids of [["pi_3"], ["in_3", "pi_3"], ["sub_3", "in_3"]]) {
      const claim = claimOf(await ledger.record(recorded(`evt_${ids.join("")}`, ids)));
      await ledger.settle(claim, applied(claim));
    }
    const last = claimOf(await ledger.record(recorded("evt_last", ["pi_3"])));
    assert.equal(last.purchaseId, "sub_3");
    await ledger.settle(last, applied(last));
  });

  await t.step("two events that link at the same moment end in one purchase", async () => {
    for (let round = 0; round < 20; round++) {
      const n = `r${round}`;
      const answers = await Promise.all([
        ledger.record(recorded(`evt_x${n}`, [`in_${n}`])),
        ledger.record(recorded(`evt_y${n}`, [`pi_${n}`, `in_${n}`])),
        ledger.record(recorded(`evt_z${n}`, [`pi_${n}`, `cs_${n}`])),
      ]);
      // Two may be at work until the link is known; what it joins is then one's alone.
      const seen: string[] = [];
      const claims = answers.map((answer) => answer.claim).filter((claim) => claim !== null);
      for (let claim = claims.shift(); claim !== undefined; claim = claims.shift()) {
        seen.push(...claim.events.map((event) => event.eventId));
        const { claim: next } = await ledger.settle(claim, applied(claim));
        if (next !== null) {
          assert.equal(claims.length, 0);
          claims.push(next);
        }
      }
      assert.deepEqual(seen.sort(), [`evt_x${n}`, `evt_y${n}`, `evt_z${n}`]);
    }
    assert.equal((await ledger.health()).pending, 0);
    const lasting = await db.sql`select purchase_id from licensing.purchases
      where purchase_id ~ '_r[0-9]' and state <> '[]' and purchase_id !~ '^pi_'`;
    assert.deepEqual([...lasting], []);
  });
});
