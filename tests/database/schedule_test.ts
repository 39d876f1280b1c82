// The schedule in the database, with stand-ins for pg_cron and pg_net: what is scheduled, and what posts.

import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import postgres from "postgres";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";
import { cronStub, netStub, oldCronStub } from "./extension_stubs.ts";
import { databaseTest, type LedgerDatabase } from "./ledger_database.ts";

const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";

const jobs = [
  ["stripe-cryptlex-drain", "15 seconds", "select licensing.post_drain()"],
  ["stripe-cryptlex-prune", "43 * * * *", "select licensing.prune()"],
  ["stripe-cryptlex-prune-job-runs", "17 3 * * *", "select licensing.prune_job_runs()"],
];

async function scheduled(sql: postgres.Sql) {
  const rows = await sql`select jobname, schedule, command from cron.job order by jobname`;
  return rows.map((row) => [row["jobname"], row["schedule"], row["command"]]);
}

async function scheduleJobs({ sql }: LedgerDatabase): Promise<string[]> {
  const rows = await sql`select licensing.schedule_jobs() as said`;
  return rows.map((row) => String(row["said"]));
}

databaseTest("jobs are scheduled once there is something to schedule them", async (db, t) => {
  await t.step("without pg_cron and pg_net nothing is, and that is said", async () => {
    assert.deepEqual(await scheduleJobs(db), [
      "stripe-cryptlex-drain: not scheduled: there is no schema net",
      "stripe-cryptlex-prune-job-runs: not scheduled: there is no schema cron",
      "stripe-cryptlex-prune: not scheduled: there is no schema cron",
    ]);
  });

  await t.step("with pg_cron alone nothing that would post is", async () => {
    await db.sql.unsafe(cronStub).simple();
    await scheduleJobs(db);
    assert.deepEqual(await scheduled(db.sql), jobs.slice(1));
  });

  await t.step("with both all are, and the second time no more", async () => {
    await db.sql.unsafe(netStub).simple();
    for (let time = 0; time < 2; time++) {
      assert.deepEqual(await scheduleJobs(db), [
        "stripe-cryptlex-drain: 15 seconds",
        "stripe-cryptlex-prune-job-runs: 17 3 * * *",
        "stripe-cryptlex-prune: 43 * * * *",
      ]);
      assert.deepEqual(await scheduled(db.sql), jobs);
    }
  });

  await t.step("what pg_cron notes is deleted after three days, of our jobs alone", async () => {
    const [ours, theirs] = ["select licensing.post_drain()", "select their.licensing()"];
    await db.sql`insert into cron.job_run_details (command, start_time) values
      (${ours}, now() - interval '73 hours'), (${ours}, now() - interval '71 hours'),
      (${theirs}, now() - interval '73 hours')`;
    await db.sql.unsafe("select licensing.prune_job_runs()");
    const left = await db.sql`select command from cron.job_run_details order by start_time`;
    assert.deepEqual(left.map((row) => row["command"]), [theirs, ours]);
  });

  await t.step("an old pg_cron drains every minute", async () => {
    await db.sql.unsafe(`drop schema cron cascade; ${oldCronStub}`).simple();
    assert.equal((await scheduleJobs(db))[0], "stripe-cryptlex-drain: * * * * *");
    assert.equal((await scheduled(db.sql))[0]?.[1], "* * * * *");
  });

  await t.step("a job that is refused is told, and keeps no other from its schedule", async () => {
    await db.sql`delete from cron.job`;
    await db.sql`alter table cron.job add constraint none_left check (jobname !~ 'drain')`;
    const [drain, pruneRuns] = await scheduleJobs(db);
    assert.match(drain ?? "", /^stripe-cryptlex-drain: not scheduled: .*none_left/);
    assert.equal(pruneRuns, "stripe-cryptlex-prune-job-runs: 17 3 * * *");
    assert.equal((await scheduled(db.sql)).length, 2);
  });
});

Deno.test("the migrations schedule the jobs where there are pg_cron and pg_net", async () => {
  const server = await startPostgres();
  try {
    const url = server.url(await server.createDatabase());
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await sql.unsafe(cronStub + netStub).simple();
      await applyMigrations(url, new URL("../../supabase/migrations/", import.meta.url));
      assert.deepEqual(await scheduled(sql), jobs);
    } finally {
      await sql.end();
    }
  } finally {
    await server.stop();
  }
});

databaseTest(
  "the function tells where it is, and learns the digest of the secret",
  async (db, t) => {
    const ledger = db.ledger(new Date());
    const row = async () => (await db.sql`select * from licensing.schedule`)[0] ?? {};
    const digest = (secret: unknown) => createHash("sha256").update(String(secret)).digest("hex");

    await t.step("what it cannot tell stays as it is", async () => {
      assert.equal(await ledger.announce(functionUrl), digest((await row())["drain_secret"]));
      await ledger.announce(null);
      assert.equal((await row())["function_url"], functionUrl);
    });

    await t.step("whether it rehearses is told, too", async () => {
      await db.ledger(new Date(), { recordOnly: true }).announce(null);
      assert.equal((await row())["rehearsal"], true);
      await ledger.announce(null);
      assert.equal((await row())["rehearsal"], false);
    });

    await t.step(
      "by which policy it decides is told with where it is, and as it is now",
      async () => {
        const policy = {
          cryptlexProductId: null,
          renewalGraceDays: 3,
          onCancel: "expire",
          onRefund: "revoke",
          onDispute: "suspend",
        } as const;
        const told = {
          CRYPTLEX_PRODUCT_ID: null,
          RENEWAL_GRACE_DAYS: 3,
          ON_CANCEL: "expire",
          ON_REFUND: "revoke",
          ON_DISPUTE: "suspend",
        };
        assert.equal((await row())["policy"], null);
        await db.ledger(new Date(), { policy }).announce(null);
        assert.equal((await row())["policy"], null);
        await db.ledger(new Date(), { policy }).announce(functionUrl);
        assert.deepEqual((await row())["policy"], told);
        await ledger.announce(functionUrl);
        assert.deepEqual((await row())["policy"], told);
        await db.ledger(new Date(), { policy: { ...policy, renewalGraceDays: 14 } })
          .announce(functionUrl);
        assert.deepEqual((await row())["policy"], { ...told, RENEWAL_GRACE_DAYS: 14 });
      },
    );

    await t.step("the secret is long, made anew each time, and may be changed", async () => {
      const before = (await row())["drain_secret"];
      await db.sql`delete from licensing.schedule`;
      await db.sql`insert into licensing.schedule default values`;
      const made = (await row())["drain_secret"];
      assert.match(String(made), /^[0-9a-f]{64}$/);
      assert.notEqual(made, before);
      await ledger.announce(functionUrl);
      await db.sql`update licensing.schedule set drain_secret = 'chosen_by-a-Person-2026'`;
      assert.equal(await ledger.announce(null), digest("chosen_by-a-Person-2026"));
      for (
        const poor of ["", "nineteen-characters", "no white space is taken", "nor-are-umlauts-äöü-"]
      ) {
        const attempt = db.sql`update licensing.schedule set drain_secret = ${poor}`;
        await assert.rejects(attempt, { code: "23514" }, poor);
      }
    });

    await t.step("a URL that would send the secret in the clear is refused", async () => {
      const fine = ["http://127.0.0.1:54321/stripe-cryptlex", "http://[::1]/x", "http://localhost"];
      for (const url of [...fine, functionUrl]) await ledger.announce(url);
      const refused = [
        "http://example.com/stripe-cryptlex",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1.example.com/",
        "https://user:word@example.com/",
        "https://example.com/?a=b",
        "ftp://127.0.0.1/",
        "",
      ];
      for (const url of refused) {
        const refusal = (error: unknown) => error instanceof LedgerError && error.refusesData;
        await assert.rejects(ledger.announce(url), refusal, url);
      }
      assert.equal((await row())["function_url"], functionUrl);
    });

    await t.step(
      "the function's role can neither read the secret nor have anything posted",
      async () => {
        for (
          const statement of [
            "select drain_secret from licensing.schedule",
            "update licensing.schedule set drain_secret = 'twenty-characters-long'",
            "select licensing.post_drain()",
            "select licensing.schedule_jobs()",
            "select licensing.schedule_job('x', '* * * * *', 'select 1')",
            "select licensing.prune_job_runs()",
          ]
        ) {
          const attempt = db.sql.begin(async (transaction) => {
            await transaction`set local role service_role`;
            await transaction.unsafe(statement);
          });
          await assert.rejects(attempt, { code: "42501" }, statement);
        }
      },
    );
  },
);
