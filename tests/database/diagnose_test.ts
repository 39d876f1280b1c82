// What the database tells a check of the set-up, with and without stand-ins for pg_cron and pg_net.

import { z } from "zod";
import { strict as assert } from "node:assert";
import { cronStub, netStub } from "./extension_stubs.ts";
import { applied, claimOf, databaseTest, parked, recorded } from "./ledger_database.ts";

/** The answer is looked at field by field. */
const anything = z.record(z.string(), z.any());

databaseTest(
  "diagnose tells of the schedule as the function's role may not see it",
  async (db, t) => {
    const diagnose = async (at = new Date()) => {
      const { data, error } = await db.client.rpc("diagnose", {
        request: "{}",
        at: at.toISOString(),
      });
      assert.equal(error, null);
      return anything.parse(data);
    };

    await t.step("without pg_cron and pg_net", async () => {
      const before = Date.now();
      const { schedule, function_url, rehearsal, plans, now } = await diagnose();
      assert.deepEqual(schedule, { has_cron: false, has_net: false, jobs: null, answers: null });
      assert.deepEqual([function_url, rehearsal, plans], [null, false, []]);
      const told = new Date(now).getTime();
      assert.ok(before <= told && told <= Date.now(), now);
    });

    await t.step("with them: the jobs, their last runs, the last hour's answers", async () => {
      await db.sql.unsafe(cronStub + netStub).simple();
      await db.sql`select licensing.schedule_jobs()`;
      await db.sql`select cron.schedule('theirs', '* * * * *', 'select 1')`;
      await db.sql`insert into cron.job_run_details (jobid, command, status, start_time)
      select jobid, command, status, now() from cron.job,
        (values ('failed'), ('succeeded')) as runs (status) where jobname = 'stripe-cryptlex-drain'`;
      await db.sql`insert into net._http_response (status_code, content, timed_out, created) values
      (200, '{"settled":1,"retrying":0}', false, now() - interval '1 minute'),
      (null, null, true, now() - interval '2 minutes'),
      (401, 'a@example.com', null, now() - interval '3 minutes'),
      (500, '', false, now() - interval '2 hours')`;
      const { schedule } = await diagnose();
      assert.deepEqual(
        schedule.jobs.map((job: Record<string, unknown>) => [job["name"], job["last_status"]]),
        [
          ["stripe-cryptlex-drain", "succeeded"],
          ["stripe-cryptlex-prune", null],
          ["stripe-cryptlex-prune-job-runs", null],
        ],
      );
      assert.deepEqual(
        schedule.answers.map((answer: Record<string, unknown>) => [
          answer["status_code"],
          answer["timed_out"],
          answer["is_drain"],
        ]),
        [[200, false, true], [null, true, false], [401, false, false]],
      );
      assert.ok(!JSON.stringify(schedule).includes("@"));
    });

    await t.step("an extension of another shape is not told of, and fails nothing", async () => {
      await db.sql`alter table net._http_response rename column timed_out to late`;
      const { schedule } = await diagnose();
      assert.deepEqual([schedule.has_net, schedule.answers], [true, null]);
    });
  },
);

databaseTest(
  "diagnose tells what is parked, of which mode events are, and the plans",
  async (db) => {
    const at = new Date("2026-11-24T12:00:00Z");
    const ledger = db.ledger(at);
    const first = claimOf(await ledger.record(recorded("evt_1", ["sub_1"])));
    await ledger.settle(first, parked(first));
    const live = recorded("evt_2", ["sub_2"]);
    const second = claimOf(
      await ledger.record({ ...live, head: { ...live.head, livemode: true } }),
    );
    await ledger.settle(second, applied(second));
    await db
      .sql`insert into licensing.plans (stripe_id, cryptlex_product_id) values ('price_1', 'p')`;

    // A set-up's own.
    for (const livemode of [true, false]) {
      const own = recorded(`evt_setup_${livemode}`, []);
      await ledger.record({
        ...own,
        head: { ...own.head, livemode },
        reading: { kind: "ignored", reason: "it says nothing" },
      });
    }

    const diagnosed = async (at: Date) =>
      anything.parse(
        (await db.client.rpc("diagnose", { request: "{}", at: at.toISOString() })).data,
      );
    const data = await diagnosed(at);
    assert.deepEqual(data.modes, { live: 1, test: 1 });
    assert.equal(data.plans[0].stripe_id, "price_1");
    assert.ok(data.oldest_parked !== null);
    const after = await diagnosed(new Date(at.getTime() + 48 * 3600_000));
    assert.deepEqual(after.modes, { live: 0, test: 0 });
  },
);
