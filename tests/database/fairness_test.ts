// Who is served when something goes wrong again and again: on a real PostgreSQL, on its clock.

import { strict as assert } from "node:assert";
import { knownLicense, licenseFields } from "../stripe-cryptlex/builders/known_license.ts";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  leaseSeconds,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

databaseTest("nobody holds up others, and news waits for nobody's back-off", async (db, t) => {
  let now = 0;
  const ledger = db.ledger(() => later(now));
  const due = async () => (await ledger.claimDue({ ignoreBackoff: false })).claim;

  await t.step("a purchase that kills whoever takes it waits longer each time", async () => {
    claimOf(await ledger.record(recorded("evt_poison", ["sub_poison"])));
    const waits = [];
    for (let deaths = 1; deaths <= 5; deaths++) {
      const dead = now + leaseSeconds;
      now = dead;
      while ((await due()) === null) now++;
      waits.push(now - dead);
    }
    assert.deepEqual(waits, [0, 5, 10, 20, 40]);
  });

  await t.step("meanwhile others are served", async () => {
    now += leaseSeconds;
    const other = claimOf(await ledger.record(recorded("evt_other", ["sub_other"])));
    await ledger.settle(other, failed(other, { retrySeconds: 1 }));
    now += 1;
    assert.equal((await due())?.purchaseId, "sub_other");
  });

  await t.step("news of it is looked at once, whatever its back-off", async () => {
    assert.equal(await due(), null);
    const claim = claimOf(await ledger.record(recorded("evt_news", ["sub_poison"])));
    assert.equal(claim.mustRead, true);
    await ledger.settle(claim, applied(claim));
  });

  await t.step("news that cannot be taken up at once is due as soon as it can be", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_slow", ["sub_slow"])));
    await ledger.settle(claim, failed(claim, { retrySeconds: 3000, quietSeconds: 30 }));
    assert.equal((await ledger.record(recorded("evt_quiet", ["sub_slow"]))).claim, null);
    now += 29;
    assert.equal(await due(), null);
    now += 1;
    assert.equal(claimOf({ claim: await due() }).events.length, 2);
  });

  await t.step("news that came in a lease, too, does not wait for what failed in it", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_long", ["sub_long"])));
    await ledger.record(recorded("evt_during", ["sub_long"]));
    const pause = failed(claim, { retrySeconds: 3000, pauseSeconds: 10 });
    assert.equal((await ledger.settle(claim, pause)).claim, null);
    now += 30;
    assert.equal((await due())?.purchaseId, "sub_long");
  });

  await t.step("a worker that may take up nothing leaves news to the next", async () => {
    const claim = claimOf(await ledger.record(recorded("evt_late", ["sub_late"])));
    await ledger.record(recorded("evt_later", ["sub_late"]));
    const { claim: none } = await ledger.settle(claim, applied(claim), { takes: "nothing" });
    assert.equal(none, null);
    assert.equal((await due())?.purchaseId, "sub_late");
  });
});

databaseTest("a license of another purchase is never changed here", async (db) => {
  const ledger = db.ledger(start);
  const owner = claimOf(await ledger.record(recorded("evt_a", ["sub_a"])));
  const license = knownLicense({ licenseId: "license-a" });
  await ledger.settle(owner, applied(owner, { licenses: [license] }));
  const claim = claimOf(await ledger.record(recorded("evt_b", ["sub_b"])));
  const ended = { wrote: licenseFields({ revoked: true }) };
  for (const change of [ended, { writing: { suspended: true } }, { writing: {} }]) {
    const licenses = [{ ...license, slot: "product-a/2", ...change }];
    const { settled, refused } = await ledger.settle(claim, applied(claim, { licenses }));
    assert.deepEqual([settled, refused], [
      false,
      "license license-a is recorded for purchase sub_a",
    ]);
  }
  const [row] = await db.sql`select wrote_revoked, writing, slot from licensing.licenses`;
  assert.deepEqual({ ...row }, { wrote_revoked: false, writing: null, slot: "product-a/1" });
  assert.equal((await ledger.settle(claim, applied(claim))).settled, true);
});

databaseTest("a rehearsal does not forget a look that is due", async (db) => {
  const ledger = db.ledger(start);
  const claim = claimOf(await ledger.record(recorded("evt_looks", ["sub_looks"])));
  await ledger.settle(claim, applied(claim, { lookAgainSeconds: 3600 }));
  const rehearsing = db.ledger(later(4000), { recordOnly: true });
  const rehearsal = claimOf(await rehearsing.record(recorded("evt_rehearsed", ["sub_looks"])));
  assert.equal(rehearsal.looksAgain, false);
  await rehearsing.settle(rehearsal, failed(rehearsal, { retrySeconds: null }));
  assert.equal(
    claimOf(await db.ledger(later(4001)).claimDue({ ignoreBackoff: false })).looksAgain,
    true,
  );
});

databaseTest("a purchase the database fails over holds up nothing but itself", async (db) => {
  let now = 0;
  const ledger = db.ledger(() => later(now));
  await db.sql.unsafe(`
      create function public.fail() returns trigger language plpgsql as
        $$ begin raise exception 'broken'; end $$;
      create trigger fail before update on licensing.purchases for each row
        when (new.purchase_id = 'sub_broken' and new.lease_token is not null)
        execute function public.fail();
      grant execute on function public.fail to service_role;
    `).simple();
  const { duplicate, claim } = await ledger.record(recorded("evt_broken", ["sub_broken"]));
  assert.deepEqual([duplicate, claim], [false, null], "it is recorded all the same");
  const other = claimOf(await ledger.record(recorded("evt_whole", ["sub_whole"])));
  await ledger.settle(other, failed(other, { retrySeconds: 1 }));
  now += 60;
  assert.equal(claimOf(await ledger.claimDue({ ignoreBackoff: false })).purchaseId, "sub_whole");
  const [row] = await db.sql`
      select last_error, next_attempt_at > ${later(now)} as waits from licensing.purchases
      where purchase_id = 'sub_broken'`;
  assert.deepEqual(row, { last_error: "Cannot be claimed: P0001 broken", waits: true });
});
