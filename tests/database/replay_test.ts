// Events asked for again, on a real PostgreSQL: which, by whom, and what is never touched.

import { strict as assert } from "node:assert";
import { createReplayDoors, type ReplayPage } from "../../tools/replay/replay_doors.ts";
import {
  applied,
  claimOf,
  databaseTest,
  type LedgerDatabase,
  parked,
  recorded,
} from "./ledger_database.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { ids, recordDone, results, unread } from "./asked_again.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** Everything the ledger has, as text: what changed shows. */
async function everything({ sql }: LedgerDatabase): Promise<string> {
  const [row] = await sql`
    select (select jsonb_agg(to_jsonb(e) order by e.event_id) from licensing.stripe_events e) as e,
      (select jsonb_agg(to_jsonb(p) order by p.purchase_id) from licensing.purchases p) as p`;
  return JSON.stringify(row);
}

databaseTest(
  "events are asked for again by id, and each is told what came of it",
  async (db, t) => {
    const ledger = db.ledger(start);
    const doors = createReplayDoors(db.client);
    await recordDone(db, { eventId: "evt_applied", purchaseId: "sub_applied", at: start });
    const refused = claimOf(await ledger.record(recorded("evt_parked", ["sub_parked"])));
    await ledger.settle(refused, parked(refused));
    await ledger.record(recorded("evt_leased", ["sub_leased"]));
    await ledger.record(unread("evt_ignored", "ignored"));
    await ledger.record(unread("evt_pruned", "parked"));
    await db.sql`update licensing.stripe_events set payload = null where event_id = 'evt_pruned'`;
    const rehearsal = db.ledger(start, { recordOnly: true });
    const held = claimOf(await rehearsal.record(recorded("evt_held", ["sub_held"])));
    const events = applied(held).events.map((event) => ({ ...event, status: "pending" as const }));
    await rehearsal.settle(held, applied(held, { events }));

    const asked = ids(
      ...["evt_applied", "evt_parked", "evt_leased", "evt_ignored", "evt_pruned", "evt_held"],
      "evt_none",
    );
    const expected = {
      evt_applied: "replayed",
      evt_parked: "replayed",
      evt_leased: "pending",
      evt_ignored: "replayed",
      evt_pruned: "resend",
      evt_held: "held",
    };

    await t.step("a dry run tells it all and changes nothing", async () => {
      const before = await everything(db);
      const page = await doors.find(asked);
      assert.deepEqual(results(page), expected);
      assert.deepEqual([page.total, page.notFound, page.next], [6, ["evt_none"], null]);
      assert.deepEqual(
        page.events.find(({ eventId }) => eventId === "evt_parked"),
        {
          eventId: "evt_parked",
          eventType: "invoice.paid",
          status: "parked",
          purchaseId: "sub_parked",
          result: "replayed",
        },
      );
      await doors.preview(["sub_applied", "sub_parked", "sub_leased", "sub_held", "sub_none"]);
      assert.equal(await everything(db), before);
    });

    await t.step("done, the others are as they were", async () => {
      const untouched = () =>
        db.sql`select * from licensing.stripe_events e left join licensing.purchases using (purchase_id)
        where event_id in ('evt_leased', 'evt_pruned', 'evt_held') order by event_id`;
      const before = [...await untouched()];
      const page = await doors.replay(asked);
      assert.deepEqual([results(page), page.notFound], [expected, ["evt_none"]]);
      assert.deepEqual([...await untouched()], before);
      assert.deepEqual(
        results(await doors.replay(asked)),
        { ...expected, evt_applied: "pending", evt_parked: "pending", evt_ignored: "pending" },
      );
    });

    await t.step("what was read is due at once, and Cryptlex is read first", async () => {
      const taken: unknown[] = [];
      for (;;) {
        const { claim } = await ledger.claimDue({ ignoreBackoff: false });
        if (claim === null) break;
        taken.push([claim.purchaseId, claim.mustRead, claim.replays]);
        await ledger.settle(claim, applied(claim));
      }
      // The rehearsal is over for a ledger that holds none.
      assert.deepEqual(
        taken.sort(),
        [["sub_applied", true, 1], ["sub_held", false, 0], ["sub_parked", true, 1]],
      );
    });

    await t.step("what was not read is read again", async () => {
      const { claim, unread: payload } = await ledger.claimDue({ ignoreBackoff: false });
      assert.deepEqual([claim, payload], [null, { id: "evt_ignored" }]);
      const again = await ledger.record(recorded("evt_ignored", ["sub_read"]));
      assert.equal(claimOf(again).purchaseId, "sub_read");
    });

    await t.step(
      "what was never read and has no payload any more is taken when resent",
      async () => {
        const again = await ledger.record(recorded("evt_pruned", ["sub_resent"]));
        assert.deepEqual([again.duplicate, claimOf(again).purchaseId], [false, "sub_resent"]);
        assert.equal((await ledger.record(recorded("evt_pruned", ["sub_resent"]))).duplicate, true);
        const [row] = await db
          .sql`select payload from licensing.stripe_events where event_id = 'evt_pruned'`;
        assert.deepEqual(row?.["payload"], { id: "evt_pruned" });
      },
    );
  },
);

databaseTest(
  "events are looked at before, and asked for again by being parked or by when they came",
  async (db, t) => {
    await t.step("what is looked at before is what a replay then gets to work on", async () => {
      const doors = createReplayDoors(db.client, { at: later(7200) });
      const ledger = db.ledger(start);
      // One with a license and a look ahead, its better id not joined yet, as nobody is let near it.
      const first = claimOf(await ledger.record(recorded("evt_first", ["in_1"], "in@example.com")));
      await ledger.settle(
        first,
        applied(first, {
          state: first.states[0] ?? assert.fail(),
          licenses: [knownLicense()],
          lookAgainSeconds: 3600,
          quietSeconds: 7200,
        }),
      );
      await ledger.record(recorded("evt_better", ["pi_1", "in_1"]));
      await db
        .sql`insert into licensing.plans (stripe_id, cryptlex_product_id) values ('price_1', 'p')`;

      const found = await doors.find(ids("evt_first"));
      assert.equal(found.events[0]?.purchaseId, "pi_1");
      const [preview, ...more] = await doors.preview(["pi_1", "in_1"]);
      assert.ok(preview !== undefined && more.length === 0);
      assert.deepEqual([preview.token, preview.mustRead, preview.looksAgain], ["", true, true]);

      await doors.replay(ids("evt_first"));
      const claim = claimOf(await db.ledger(later(7200)).claimDue({ ignoreBackoff: false }));
      const emails = (states: typeof claim.states) =>
        states.map((state) => state.email?.value).sort();
      assert.deepEqual(emails(preview.states), ["a@example.com", "in@example.com"]);
      assert.deepEqual(emails(preview.states), emails(claim.states));
      assert.deepEqual(
        { ...preview, states: [], events: [], token: "", replays: 0, charged: null },
        { ...claim, states: [], events: [], token: "", replays: 0, charged: null },
      );
    });

    const doors = createReplayDoors(db.client);
    await db.sql`
      insert into licensing.stripe_events (event_id, status, event_type, livemode, event_created_at,
        received_at, settled_at, payload)
      select 'evt_' || n, case when n % 2 = 0 then 'parked' else 'ignored' end, 'product.created',
        false, ${start}::timestamptz, ${start}::timestamptz + n / 3 * interval '1 second',
        case when n % 2 = 1 then ${start}::timestamptz end, '{}'
      from generate_series(1, 1200) n`;

    await t.step("all that are parked, and no others, a page at a time", async () => {
      const first = await doors.replay({ kind: "parked" });
      assert.deepEqual([first.total, first.events.length], [600, 500]);
      const second = await doors.replay({ kind: "parked" }, first.next);
      assert.deepEqual([second.events.length, second.next], [100, null]);
      const [row] = await db.sql`select count(*)::int as n from licensing.stripe_events
        where status = 'pending' and right(event_id, 1) in ('0', '2', '4', '6', '8')`;
      assert.equal(row?.["n"], 600);
      assert.equal((await doors.find({ kind: "parked" })).total, 0);
    });

    await t.step(
      "those received since, every one once, whatever the page they are on",
      async () => {
        const since = { kind: "since", since: later(100) } as const;
        const seen: string[] = [];
        let next: ReplayPage["next"] = null;
        do {
          const page: ReplayPage = await doors.find(since, next);
          assert.equal(page.total, 901 - seen.length);
          seen.push(...page.events.map(({ eventId }) => eventId));
          next = page.next;
        } while (next !== null);
        assert.equal(new Set(seen).size, 901);
        assert.equal(seen.length, 901);
        assert.ok(!seen.includes("evt_299") && seen.includes("evt_300"));
      },
    );
  },
);
