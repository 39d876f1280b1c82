import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { drain } from "../../functions/stripe-cryptlex/drain.ts";
import { type Due, LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { itemWith, purchaseWith, said, sessionWith } from "./builders/purchase_with.ts";
import { worldWith } from "./builders/world_with.ts";

const background = createBackground(assert.ifError);

/** A purchase that is settled without a call. */
const idle = (n: number) => claimOf({ purchaseId: `sub_${n}` });

/** A purchase that needs Cryptlex, which there is none of. */
const failing = (purchaseId: string) =>
  claimOf({
    purchaseId,
    states: [purchaseWith({
      email: said("ada@example.com"),
      subscriptionTerms: said(null),
      items: { si_1: itemWith() },
    })],
  });

/** A purchase nobody can serve without more metadata. */
const parking = claimOf({
  purchaseId: "pi_1",
  hasPlans: true,
  events: [eventOf(), eventOf({ eventId: "evt_2" })],
  states: [purchaseWith({ sessions: { cs_1: sessionWith() } })],
});

function drained(ledger = createFakeLedger(), { ignoreBackoff = false } = {}) {
  return drain(worldWith({ ledger }), { background, ignoreBackoff });
}

Deno.test("nothing due is nothing done", async () => {
  const ledger = createFakeLedger();
  assert.deepEqual(await drained(ledger), { settled: 0, retrying: 0, parked: 0 });
  assert.equal(ledger.askedForDue.length, 1);
});

Deno.test("everything due is worked off, and each event counted by how it ended", async () => {
  const ledger = createFakeLedger();
  ledger.due.push({ claim: idle(1) }, { claim: failing("sub_2") }, { claim: parking });
  assert.deepEqual(await drained(ledger), { settled: 1, retrying: 1, parked: 2 });
  const settled = ledger.settled.map(({ claim }) => claim.purchaseId);
  assert.deepEqual(settled.sort(), ["pi_1", "sub_1", "sub_2"]);
});

Deno.test("who waits for Cryptlex's limit is waited for, when there is time", async () => {
  const waits = async (...due: Partial<Due>[]) => {
    const ledger = createFakeLedger();
    ledger.due.push(...due);
    const waited: number[] = [];
    const delay = (ms: number) => Promise.resolve(void waited.push(ms));
    const { settled } = await drain(worldWith({ ledger, delay }), {
      background,
      ignoreBackoff: false,
    });
    return [waited, settled];
  };
  assert.deepEqual(await waits({ waitSeconds: 0.4 }, { claim: idle(1) }), [[400], 1]);
  assert.deepEqual(await waits({ waitSeconds: 300 }, { claim: idle(1) }), [[], 0]);
});

Deno.test("as many as Cryptlex can serve are worked on side by side, and no more than eight", async () => {
  let running = 0;
  let most = 0;
  const ledger = createFakeLedger({
    async settle() {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      running--;
      return { settled: true, claim: null, refused: null };
    },
  });
  for (let n = 0; n < 30; n++) ledger.due.push({ claim: idle(n) });
  assert.equal((await drained(ledger)).settled, 30);
  assert.equal(most, 8);
});

Deno.test("one claim that fails costs one try, not the drain", async () => {
  const ledger = createFakeLedger();
  for (let n = 0; n < 5; n++) ledger.due.push({ claim: idle(n) });
  let asked = 0;
  const claimDue: typeof ledger.claimDue = (options) =>
    ++asked === 1
      ? Promise.reject(new LedgerError("claim_due_purchase", "an unreadable answer"))
      : ledger.claimDue(options);
  const world = worldWith({ ledger: { ...ledger, claimDue } });
  assert.equal((await drain(world, { background, ignoreBackoff: false })).settled, 5);
  assert.match(String(world.logged[0]?.error), /unreadable/);
});

Deno.test("an event that cannot be recorded again holds up no purchase, and is tried once", async () => {
  const unread = createStripeShop().customer({ email: "ada@example.com" }).created();
  const drainedWith = async (...due: Partial<Due>[]) => {
    const ledger = createFakeLedger({
      record: () => Promise.reject(new LedgerError("record_stripe_event", "57014")),
    });
    ledger.due.push(...due);
    const world = worldWith({ ledger });
    const { settled } = await drain(world, { background, ignoreBackoff: false });
    const tries = world.logged.filter(({ action }) => action === "read_again");
    return [settled, ...tries.map(({ error }) => error)];
  };
  const failure = "Cannot record_stripe_event: the database answered 57014";
  assert.deepEqual(
    await drainedWith({ unread }, { claim: idle(1), unread }, { claim: idle(2), unread }),
    [2, failure],
  );
  assert.deepEqual(await drainedWith({ unread }, { unread }, { unread }), [0, failure]);
});

Deno.test("what comes of a purchase after three quarters of a minute is left to the next drain", async () => {
  const real = performance.now;
  let ms = 1_000_000;
  performance.now = () => ms;
  try {
    const taken: unknown[] = [];
    const ledger = createFakeLedger({
      settle(claim, _done, options) {
        ms += 20_000;
        taken.push(options?.takes);
        const next = options?.takes === "nothing" || taken.length === 9 ? null : claim;
        return Promise.resolve({ settled: true, claim: next, refused: null });
      },
    });
    // The drain's own time counts, not the purchase's alone.
    ledger.due.push({ waitSeconds: 10 }, { claim: idle(1) });
    const delay = (waitedMs: number) => Promise.resolve(void (ms += waitedMs));
    const world = worldWith({ ledger, delay });
    await drain(world, { background, ignoreBackoff: false });
    assert.deepEqual(taken, ["news", "news", "nothing"]);
  } finally {
    performance.now = real;
  }
});

Deno.test("a database that goes away in the middle fails the drain once all workers are back", async () => {
  let asked = 0;
  const ledger = createFakeLedger({
    claimDue: () =>
      ++asked <= 5
        ? Promise.resolve({ claim: idle(asked), waitSeconds: null, unread: null })
        : Promise.reject(new LedgerError("claim_due_purchase", "57P01")),
  });
  await assert.rejects(drained(ledger), LedgerError);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(ledger.settled.length, 5);
});

Deno.test("one call takes a hundred purchases and no more", async () => {
  const ledger = createFakeLedger();
  for (let n = 0; n < 150; n++) ledger.due.push({ claim: idle(n) });
  assert.equal((await drained(ledger)).settled, 100);
  assert.equal(ledger.due.length, 50);
});

Deno.test("no purchase is begun after three quarters of a minute", async () => {
  const real = performance.now;
  let ms = 1_000_000;
  performance.now = () => ms;
  try {
    const ledger = createFakeLedger();
    const claimDue: typeof ledger.claimDue = (options) => {
      ms += 25_000;
      return ledger.claimDue(options);
    };
    for (let n = 0; n < 10; n++) ledger.due.push({ claim: idle(n) });
    await drain(worldWith({ ledger: { ...ledger, claimDue } }), {
      background,
      ignoreBackoff: false,
    });
    assert.equal(ledger.settled.length, 2);
  } finally {
    performance.now = real;
  }
});

Deno.test("the ledger is asked as the caller asked", async () => {
  for (const ignoreBackoff of [true, false]) {
    const ledger = createFakeLedger();
    await drained(ledger, { ignoreBackoff });
    assert.deepEqual(ledger.askedForDue, [{ ignoreBackoff, except: [] }]);
  }
});

Deno.test("with the back-off ignored each purchase is tried once, whatever fails", async () => {
  const purchases = ["sub_1", "sub_2", "sub_3"];
  const tried: string[] = [];
  const ledger = createFakeLedger({
    claimDue({ except = [] }) {
      const id = purchases.find((one) => !except.includes(one));
      if (id !== undefined) tried.push(id);
      return Promise.resolve({
        claim: id === undefined ? null : failing(id),
        waitSeconds: null,
        unread: null,
      });
    },
  });
  assert.equal((await drained(ledger, { ignoreBackoff: true })).retrying, 3);
  assert.deepEqual(tried, purchases);
});

Deno.test("an event that is to be read again is, and its purchase worked off", async () => {
  const ledger = createFakeLedger();
  const event = createStripeShop().customer({ email: "ada@example.com" }).created();
  ledger.due.push({ claim: null, unread: event }, { claim: idle(1), unread: event });
  const { settled } = await drained(ledger);
  assert.equal(settled, 1);
  assert.deepEqual(ledger.recorded.map(({ head }) => head.eventId), [event.id, event.id]);
});
