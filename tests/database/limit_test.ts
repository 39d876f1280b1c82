// How many calls to Cryptlex all workers together may make: on a real PostgreSQL, on its clock.

import { strict as assert } from "node:assert";
import fc from "fast-check";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { CallRecord } from "../../functions/stripe-cryptlex/cryptlex_caller.ts";
import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { applied, databaseTest, failed, recorded } from "./ledger_database.ts";

const rate = { calls: 50, seconds: 5 };
const start = new Date("2026-11-02T10:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);
const call = (status = 200): CallRecord => ({
  action: "renew_license",
  licenseId: null,
  status,
  ms: 1,
  error: null,
});
const calls = (many: number) => Array.from({ length: many }, () => call());
const renewal = (id: string) => recorded(`evt_${id}`, [`sub_${id}`]);
const sale = (id: string): RecordedEvent => {
  const { reading, ...event } = renewal(id);
  assert.ok(reading.kind === "facts");
  return { ...event, reading: { ...reading, opensSale: true } };
};

databaseTest("all workers together keep to what Cryptlex allows", async (db, t) => {
  let now = start;
  const ledger = db.ledger(() => now, { rate });
  const due = () => ledger.claimDue({ ignoreBackoff: false });
  const clear = async () => {
    await db.sql`update licensing.stripe_events set status = 'ignored', settled_at = now()
      where status in ('pending', 'parked')`;
    await db.sql`update licensing.cryptlex_limit set fresh_calls = 0, older_calls = 0,
      refilled_at = 'epoch', low_since = null,
      paused_until = null`;
  };
  let serial = 0;
  const recordMany = async (many: number, of: typeof sale) => {
    const claims: (Claim | null)[] = [];
    for (let n = 0; n < many; n++) claims.push((await ledger.record(of(`${++serial}`))).claim);
    return claims.filter((claim) => claim !== null);
  };

  await t.step("a burst of sales has all there is, but for one that waits", async () => {
    assert.equal((await recordMany(20, sale)).length, 10);
    assert.equal((await ledger.health()).pending, 20);
  });

  await t.step("what waits is served oldest first, and is told how long to wait", async () => {
    assert.equal((await due()).claim?.purchaseId, "sub_11");
    const { claim, waitSeconds } = await due();
    assert.equal(claim, null);
    assert.ok(waitSeconds !== null && waitSeconds > 0 && waitSeconds < 1, String(waitSeconds));
    now = later(waitSeconds + 0.001);
    assert.equal((await due()).claim?.purchaseId, "sub_12");
  });

  await t.step("while new sales come without end, what waits keeps its half", async () => {
    const served = { fresh: 0, older: 0 };
    for (let tick = 0; tick < 100; tick++) {
      now = later(10 + tick / 10);
      served.fresh += (await recordMany(1, sale)).length;
      if ((await due()).claim !== null) served.older++;
    }
    // Ten seconds bring fifty calls, two for each, and half as many more in a flood; a half full
    // before them is six more.
    assert.ok(served.older >= 12 && served.older <= 25, JSON.stringify(served));
    assert.ok(served.fresh >= 12 && served.fresh <= 25, JSON.stringify(served));
    assert.ok(Math.abs(served.older - served.fresh) <= 3, JSON.stringify(served));
  });

  await t.step("without anything due there is nothing to wait for", async () => {
    await clear();
    assert.deepEqual(await due(), { claim: null, waitSeconds: null, unread: null });
  });

  await t.step("renewals leave room for a buyer who waits for a key", async () => {
    await clear();
    assert.equal((await recordMany(200, renewal)).length, 7);
    assert.equal((await recordMany(3, sale)).length, 3);
  });

  await t.step("buyers who came all at once do not queue up behind renewals", async () => {
    await clear();
    now = later(500);
    await recordMany(200, renewal);
    const purchases = new Set(Array.from({ length: 20 }, () => `sub_${++serial}`));
    const served = new Map<string, number>();
    for (const purchase of purchases) {
      const { claim } = await ledger.record(sale(purchase.slice("sub_".length)));
      if (claim !== null) served.set(purchase, 0);
    }
    assert.ok(served.size < 10, `${served.size} of them were not served at once`);
    let renewals = 0;
    for (let tick = 1; tick <= 200; tick++) {
      now = later(500 + tick / 10);
      for (let one = await due(); one.claim !== null; one = await due()) {
        if (purchases.has(one.claim.purchaseId)) served.set(one.claim.purchaseId, tick / 10);
        else renewals++;
      }
    }
    assert.equal(served.size, purchases.size);
    // Forty calls, at half of five a second and what the half for buyers held.
    assert.ok(Math.max(...served.values()) <= 16, String(Math.max(...served.values())));
    assert.ok(renewals >= 20, "renewals keep their half");
  });

  await t.step("alone, what waits gets all there is", async () => {
    await clear();
    await recordMany(300, renewal);
    // Both halves are full after a pause; a flood is known by the low water after them.
    const perSecond = new Map<number, number>();
    for (let tick = 0; tick < 300; tick++) {
      now = later(1000 + tick / 10);
      for (let one = await due(); one.claim !== null; one = await due()) {
        const second = Math.floor(tick / 10);
        perSecond.set(
          second,
          (perSecond.get(second) ?? 0) + Number(one.claim.charged?.["calls"]),
        );
      }
    }
    const taken = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, n) => perSecond.get(from + n) ?? 0)
        .reduce((a, b) => a + b, 0);
    assert.ok(taken(0, 5) >= 35 && taken(0, 5) <= 50, String(taken(0, 5)));
    for (let from = 10; from < 25; from++) {
      // Three quarters of what is allowed, all the time.
      assert.ok(taken(from, from + 5) >= 34, `${taken(from, from + 5)} from ${from} on`);
      assert.ok(taken(from, from + 5) <= 50, `${taken(from, from + 5)} from ${from} on`);
    }
  });

  await t.step("once the flood is over there is room for a burst again", async () => {
    await clear();
    now = later(1930);
    await db.sql`update licensing.cryptlex_limit set low_since = ${later(1900)},
      fresh_calls = 3, older_calls = 1, refilled_at = ${later(1929)}`;
    assert.equal((await recordMany(10, sale)).length, 3, "in it there is little");
    now = later(1940);
    assert.equal((await recordMany(20, sale)).length, 10);
  });

  await t.step(
    "calls made beyond those foreseen are taken, calls not made are given back",
    async () => {
      await clear();
      now = later(2000);
      const left = async () =>
        Number(
          (await db.sql`select c.fresh from licensing.cryptlex_limit l, licensing.calls_left(l, ${
            db.sql.json(rate)
          }, ${now}) c`)[0]
            ?.["fresh"],
        );
      const full = await left();
      const [none] = await recordMany(1, sale);
      assert.equal(await left(), full - 2);
      if (none) await ledger.settle(none, applied(none));
      assert.equal(await left(), full);
      const [many] = await recordMany(1, sale);
      if (many) await ledger.settle(many, applied(many, { actions: calls(6) }));
      assert.equal(await left(), full - 6);
    },
  );

  await t.step("after a pause it begins with nothing: no stampede", async () => {
    await clear();
    now = later(3000);
    const [claim] = await recordMany(1, sale);
    assert.ok(claim);
    await ledger.settle(claim, failed(claim, { retrySeconds: 7, pauseSeconds: 7 }));
    assert.deepEqual(await recordMany(1, sale), []);
    const { waitSeconds } = await due();
    assert.ok(waitSeconds !== null && waitSeconds >= 7 && waitSeconds < 9, String(waitSeconds));
    now = later(3007.1);
    assert.equal((await due()).claim, null);
    now = later(3010);
    assert.equal((await due()).claim?.purchaseId, claim.purchaseId);
  });

  await t.step("a shorter pause asked for in a longer one takes nothing of it back", async () => {
    await clear();
    now = later(3500);
    const [long, short] = await recordMany(2, sale);
    assert.ok(long && short);
    await ledger.settle(long, failed(long, { retrySeconds: 1, pauseSeconds: 60 }));
    await ledger.settle(short, failed(short, { retrySeconds: 1, pauseSeconds: 5 }));
    now = later(3560.1);
    assert.equal((await due()).claim, null, "the pause is over, and brought no calls");
    now = later(3563);
    assert.notEqual((await due()).claim, null);
  });

  await t.step("calls not made, given back in a pause, do not come after it at once", async () => {
    await clear();
    now = later(3700);
    const [refused, ...others] = await recordMany(6, sale);
    assert.ok(refused);
    await ledger.settle(refused, failed(refused, { retrySeconds: 60, pauseSeconds: 60 }));
    for (const other of others) await ledger.settle(other, failed(other, { retrySeconds: 1 }));
    now = later(3760.1);
    assert.equal((await due()).claim, null);
    assert.deepEqual(await recordMany(1, sale), []);
    now = later(3763);
    assert.notEqual((await due()).claim, null);
  });

  await t.step("a refused access token shows in health until a call succeeds again", async () => {
    await clear();
    now = later(4000);
    const since = async () => (await ledger.health()).token_refused_since;
    const settleWith = async (...actions: CallRecord[]) => {
      const [claim] = await recordMany(1, sale);
      assert.ok(claim);
      await ledger.settle(claim, applied(claim, { actions }));
    };
    await settleWith(call());
    assert.equal(await since(), null);
    await settleWith(call(200), call(403));
    assert.equal(Date.parse(String(await since())), later(4000).getTime());
    now = later(4100);
    await settleWith(call(401));
    await settleWith(call(503));
    await settleWith();
    assert.equal(Date.parse(String(await since())), later(4000).getTime());
    await settleWith(call());
    assert.equal(await since(), null);
  });
});

databaseTest("in no stretch of time more is claimed than Cryptlex allows", async (db) => {
  const arrival = fc.record({
    atMs: fc.nat(30_000),
    many: fc.constantFrom(1, 1, 1, 1, 12),
    kind: fc.constantFrom("sale" as const, "renewal" as const, "drain" as const),
  });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(arrival, { minLength: 100, maxLength: 200 }), async (arrivals) => {
      run++;
      await db.sql`update licensing.stripe_events set status = 'ignored', settled_at = now()
        where status = 'pending'`;
      await db.sql`update licensing.cryptlex_limit set fresh_calls = 0, older_calls = 0,
        refilled_at = 'epoch', low_since = null`;
      let now = start;
      const ledger = db.ledger(() => now, { rate });
      const claimedMs: number[] = [];
      const inOrder = arrivals.sort((a, b) => a.atMs - b.atMs)
        .flatMap(({ many, ...one }) => Array.from({ length: many }, () => one));
      for (const [n, { atMs, kind }] of inOrder.entries()) {
        now = later(run * 1000 + atMs / 1000);
        const { claim } = kind === "drain"
          ? await ledger.claimDue({ ignoreBackoff: false })
          : await ledger.record((kind === "sale" ? sale : renewal)(`${run}_${n}`));
        if (claim !== null) claimedMs.push(atMs);
      }
      for (const from of claimedMs) {
        const within = claimedMs.filter((ms) => ms >= from && ms < from + rate.seconds * 1000);
        // Each claim foresees two calls.
        assert.ok(within.length * 2 <= rate.calls, `${within.length} claims from ${from} on`);
      }
    }),
    { numRuns: 4 },
  );
});
