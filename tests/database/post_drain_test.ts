// When the scheduled job posts, and what.

import { strict as assert } from "node:assert";
import { cronStub, netStub } from "./extension_stubs.ts";
import { applied, claimOf, databaseTest, failed, parked, recorded } from "./ledger_database.ts";

const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const start = new Date(Date.now() - 86_400_000);
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

databaseTest("the job posts when something is due, and only then", async (db, t) => {
  await db.sql.unsafe(cronStub + netStub).simple();
  await db.sql`select licensing.schedule_jobs()`;
  let seconds = 0;
  /** Time goes on; each step works on what the ones before it left. */
  const wait = (by: number) => later(seconds += by);
  const now = () => later(seconds);
  const ledger = db.ledger(now);
  const claimDue = async () => claimOf(await ledger.claimDue({ ignoreBackoff: false }));

  async function posts(): Promise<boolean> {
    const [row] = await db.sql`select licensing.post_drain(${now()}) as id`;
    const [posted] = await db.sql`select id from net.posted order by id desc limit 1`;
    const id = row?.["id"] ?? null;
    if (id !== null) assert.equal(posted?.["id"], id);
    await db.sql`delete from net.posted`;
    return id !== null;
  }

  await t.step("not while the function's URL is not known", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_first", ["sub_first"])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 1 }));
    wait(1);
    assert.equal(await posts(), false);
    await ledger.announce(functionUrl);
    assert.equal(await posts(), true);
  });

  await t.step("to the URL's drain, with the secret, and does not wait long", async () => {
    const [job] = await db
      .sql`select command from cron.job where jobname = 'stripe-cryptlex-drain'`;
    await db.sql.unsafe(String(job?.["command"]));
    const [schedule] = await db.sql`select drain_secret from licensing.schedule`;
    assert.deepEqual(
      (await db.sql`select url, body, headers, timeout from net.posted`).map((row) => ({ ...row })),
      [{
        url: `${functionUrl}/drain`,
        body: {},
        headers: {
          "Content-Type": "application/json",
          "Authorization": `Bearer ${schedule?.["drain_secret"]}`,
        },
        timeout: 5000,
      }],
    );
    await db.sql`delete from net.posted`;
  });

  await t.step("not while somebody works on it, and not when it is done", async () => {
    const claim = await claimDue();
    assert.equal(await posts(), false);
    await ledger.settle(claim, applied(claim));
    assert.equal(await posts(), false);
  });

  await t.step("not before its back-off is over", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_failed", ["sub_failed"])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 60 }));
    wait(59);
    assert.equal(await posts(), false);
    wait(1);
    assert.equal(await posts(), true);
  });

  await t.step("not while it must be quiet, though its back-off is over", async () => {
    const claim = await claimDue();
    await ledger.settle(claim, failed(claim, { retrySeconds: 5, quietSeconds: 60 }));
    wait(59);
    assert.equal(await posts(), false);
    wait(1);
    assert.equal(await posts(), true);
  });

  await t.step("not while Cryptlex told all to slow down", async () => {
    const claim = await claimDue();
    await ledger.settle(claim, failed(claim, { retrySeconds: 5, pauseSeconds: 60 }));
    wait(59);
    assert.equal(await posts(), false);
    wait(1);
    assert.equal(await posts(), true);
  });

  await t.step("for a look at what an unheard call left behind", async () => {
    // After a pause there are no calls to begin with.
    wait(5);
    const claim = await claimDue();
    await ledger.settle(claim, applied(claim, { lookAgainSeconds: 3600 }));
    wait(3599);
    assert.equal(await posts(), false);
    wait(1);
    assert.equal(await posts(), true);
    const look = await claimDue();
    assert.equal(look.looksAgain, true);
    await ledger.settle(look, applied(look));
    assert.equal(await posts(), false);
  });

  await t.step("for an event that could not be read and is to be read again", async () => {
    const { head, payload } = recorded("evt_unread", []);
    await ledger.record({ head, payload, reading: { kind: "parked", reason: "cannot be read" } });
    assert.equal(await posts(), false);
    await db
      .sql`update licensing.stripe_events set status = 'pending' where event_id = 'evt_unread'`;
    assert.equal(await posts(), true);
    await db
      .sql`update licensing.stripe_events set status = 'ignored' where event_id = 'evt_unread'`;
    assert.equal(await posts(), false);
  });

  await t.step("for a replay, and not for what is parked", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_parked", ["sub_parked"])));
    await ledger.settle(claim, parked(claim));
    assert.equal(await posts(), false);
    await db
      .sql`update licensing.stripe_events set status = 'pending' where event_id = 'evt_parked'`;
    assert.equal(await posts(), true);
    const again = await claimDue();
    await ledger.settle(again, applied(again));
  });

  await t.step("for what people are to be told, once it may be, while anybody asks", async () => {
    const park = async (name: string) => {
      const claim = claimOf(await ledger.record(recorded(`evt_${name}`, [`sub_${name}`])));
      await ledger.settle(claim, parked(claim));
    };
    await park("told");
    assert.equal(await posts(), false, "nobody has asked: alerts are off");
    const alert = await ledger.claimAlert();
    assert.ok(alert !== null);
    await ledger.settleAlert(alert);
    await park("untold");
    wait(299);
    assert.equal(await posts(), false);
    wait(1);
    assert.equal(await posts(), true);
    const next = await ledger.claimAlert();
    assert.ok(next !== null);
    await ledger.settleAlert(next);
    assert.equal(await posts(), false);
  });

  await t.step("not for what is rehearsed until the function says that it acts", async () => {
    const rehearsing = db.ledger(now, { recordOnly: true });
    await rehearsing.announce(functionUrl);
    const claim = claimOf(await rehearsing.record(recorded("evt_held", ["sub_held"])));
    await rehearsing.settle(claim, failed(claim, { retrySeconds: null }));
    assert.equal(await posts(), false);
    await ledger.announce(functionUrl);
    assert.equal(await posts(), true);
  });

  await t.step("for what was rehearsed, when it has not been said for long", async () => {
    await db.ledger(now, { recordOnly: true }).announce(functionUrl);
    assert.equal(await posts(), false);
    wait(10 * 60);
    assert.equal(await posts(), true);
  });
});
