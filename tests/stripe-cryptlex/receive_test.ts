import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { NotAnEventError } from "../../functions/stripe-cryptlex/read_event.ts";
import { receive } from "../../functions/stripe-cryptlex/receive.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { LedgerError, type RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { worldWith } from "./builders/world_with.ts";

const shop = createStripeShop();
const customer = shop.customer({ email: "ada@example.com", name: "Ada Lovelace" });

Deno.test("an event is recorded as it came, and logged by its ids alone", async () => {
  const ledger = createFakeLedger();
  const world = worldWith({ ledger });
  await receive(customer.created(), world, createBackground(assert.ifError));
  assert.deepEqual(ledger.recorded[0]?.payload, customer.created());
  const { ms: _, ...entry } = world.logged[0] ?? { action: "" };
  assert.deepEqual(entry, {
    action: "record",
    event_id: customer.created().id,
    event_type: "customer.created",
    status: "pending",
  });
  assert.doesNotMatch(JSON.stringify(world.logged), /ada|Lovelace/i);
});

Deno.test("what says nothing about licenses is logged with the reason", async () => {
  const world = worldWith();
  await receive(shop.other("product.created"), world, createBackground(assert.ifError));
  const [entry] = world.logged;
  assert.equal(entry?.status, "ignored");
  assert.match(String(entry?.outcome), /says nothing about licenses/);
});

Deno.test("an event of the mode that is not the key's is recorded, and sells nothing", async () => {
  const ledger = createFakeLedger();
  const world = worldWith({ ledger, livemode: true });
  await receive(customer.created(), world, createBackground(assert.ifError));
  const [{ reading } = { reading: null }] = ledger.recorded;
  assert.equal(reading?.kind, "ignored");
  assert.match(String(world.logged[0]?.outcome), /^test mode: .* live mode only/);
});

Deno.test("a purchase that is free is worked on in the background", async () => {
  const record = () => Promise.resolve({ duplicate: false, claim: claimOf(), left: null });
  const ledger = createFakeLedger({ record });
  const background = createBackground(assert.ifError);
  const world = worldWith({ ledger });
  await receive(customer.created(), world, background);
  await background.idle();
  assert.equal(ledger.settled[0]?.claim.purchaseId, "sub_1");
  assert.equal(world.logged[0]?.purchase_id, "sub_1");
});

Deno.test("what is no event is refused before the ledger hears of it", async () => {
  const ledger = createFakeLedger();
  const received = receive({ id: 5 }, worldWith({ ledger }), createBackground(assert.ifError));
  await assert.rejects(received, NotAnEventError);
  assert.deepEqual(ledger.recorded, []);
});

/** A ledger that refuses, with that code, what `takes` does not take. */
function refusing(code: string, takes: (event: RecordedEvent) => boolean) {
  const ledger = createFakeLedger();
  const record: typeof ledger.record = (event) =>
    takes(event)
      ? ledger.record(event)
      : Promise.reject(new LedgerError("record_stripe_event", code));
  return { ...ledger, record };
}

Deno.test("what the database will never take is parked as it came", async () => {
  const ledger = refusing("23514", ({ reading }) => reading.kind === "parked");
  const world = worldWith({ ledger });
  await receive(customer.created(), world, createBackground(assert.ifError));
  const reason = "cannot be recorded as it is: the database refuses it with 23514";
  const [{ reading, payload } = { reading: null, payload: null }, ...more] = ledger.recorded;
  assert.deepEqual(reading, { kind: "parked", reason });
  assert.deepEqual(payload, customer.created());
  assert.deepEqual(more, []);
  assert.deepEqual([world.logged[0]?.status, world.logged[0]?.outcome], ["parked", reason]);
});

Deno.test("and without its payload, if that is what it will not take", async () => {
  for (const event of [customer.created(), shop.other("product.created")]) {
    const ledger = refusing("54001", ({ payload }) => payload === undefined);
    await receive(event, worldWith({ ledger }), createBackground(assert.ifError));
    assert.equal(ledger.recorded[0]?.head.eventId, event.id);
    assert.equal(ledger.recorded[0]?.reading.kind, "parked");
  }
});

Deno.test("a database that takes nothing, or nothing now, is an error: Stripe sends again", async () => {
  for (const code of ["23514", "57014"]) {
    const ledger = refusing(code, () => false);
    await assert.rejects(
      receive(customer.created(), worldWith({ ledger }), createBackground(assert.ifError)),
      LedgerError,
    );
  }
  const later = refusing("57014", ({ reading }) => reading.kind === "parked");
  const received = receive(
    customer.created(),
    worldWith({ ledger: later }),
    createBackground(assert.ifError),
  );
  await assert.rejects(received, LedgerError);
  assert.deepEqual(later.recorded, []);
});

Deno.test("in a burst what is over a few is recorded only, and claimed in the next lull", async () => {
  const done: string[] = [];
  const ledger = createFakeLedger({
    async record({ head: { eventId } }, options) {
      const claims = options?.claims === true;
      done.push(claims ? "record and claim" : "record");
      await new Promise((resolve) => setTimeout(resolve, 1));
      return claims
        ? { duplicate: false, claim: claimOf({ purchaseId: eventId }), left: null }
        : { duplicate: false, claim: null, left: eventId };
    },
    claimFresh(purchaseId) {
      done.push("claim");
      // The first of them another has taken up.
      const isFree = done.filter((one) => one === "claim").length > 1;
      return Promise.resolve(isFree ? claimOf({ purchaseId }) : null);
    },
  });
  const background = createBackground(assert.ifError);
  const events = Array.from(
    { length: 12 },
    (_, n) => shop.customer({ email: `ada${n}@example.com` }).created(),
  );
  const world = worldWith({ ledger });
  await Promise.all(events.map((event) => receive(event, world, background)));
  await background.idle();
  assert.deepEqual(done, [
    ...Array.from({ length: 8 }, () => "record and claim"),
    ...Array.from({ length: 4 }, () => "record"),
    ...Array.from({ length: 4 }, () => "claim"),
  ]);
  const settled = ledger.settled.map(({ claim }) => claim.purchaseId);
  const ids = events.map(({ id }) => id);
  assert.deepEqual(settled.toSorted(), ids.toSpliced(8, 1).toSorted());
});

Deno.test("a database that fails in the lull is told of, and what it left waits for a drain", async () => {
  const heard: unknown[] = [];
  const background = createBackground((error) => heard.push(error));
  const failure = new LedgerError("claim_due_purchase", "57014");
  const ledger = createFakeLedger({
    record: () => Promise.resolve({ duplicate: false, claim: null, left: "sub_1" }),
    claimFresh: () => Promise.reject(failure),
  });
  await receive(customer.created(), worldWith({ ledger }), background);
  await background.idle();
  assert.deepEqual(heard, [failure]);
});
