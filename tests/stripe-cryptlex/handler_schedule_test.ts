// The handler and the schedule in the database: who is told what, and whose secret opens.

import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { createHandler } from "../../functions/stripe-cryptlex/handler.ts";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { createSchedule } from "../../functions/stripe-cryptlex/schedule.ts";
import { signatureHeader } from "../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeLedger, databaseSecret, type FakeLedger } from "./builders/fake_ledger.ts";
import { worldWith } from "./builders/world_with.ts";

const now = new Date("2026-11-02T10:00:00Z");
const secret = "whsec_of_the_endpoint";
const drainSecret = "a-drain-secret-of-tests";
const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const event = createStripeShop().other("product.created");

function created(
  { ledger = createFakeLedger(), url = functionUrl }: { ledger?: FakeLedger; url?: string | null } =
    {},
) {
  const world = worldWith({ ledger });
  const background = createBackground(assert.ifError);
  const handle = createHandler({
    world,
    background,
    stripeWebhookSecrets: [secret],
    drainSecrets: [drainSecret],
    publicOrigins: [],
    schedule: createSchedule(ledger, { functionUrl: url, log: world.log }),
    now: () => now,
  });
  const ask = (path: string, init: RequestInit) =>
    handle(new Request(`http://127.0.0.1/stripe-cryptlex${path}`, init));
  return {
    async deliver(by = secret) {
      const body = JSON.stringify(event);
      const signature = await signatureHeader(body, { secret: by, at: now });
      return ask("", { method: "POST", body, headers: { "stripe-signature": signature } });
    },
    drain: (bearer = drainSecret) =>
      ask("/drain", { method: "POST", headers: { authorization: `Bearer ${bearer}` } }),
    health: (bearer?: string) =>
      ask(
        "/health",
        bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } },
      ),
    background,
    ledger,
    world,
  };
}

Deno.test("a delivery, a drain and a look at its health make it known, and only the first", async () => {
  for (const first of ["deliver", "drain", "health"] as const) {
    const on = created();
    assert.equal((await on[first]()).status, 200);
    await on.background.idle();
    assert.deepEqual(on.ledger.announced, [functionUrl]);
    for (const next of [on.deliver, on.drain, on.health]) await next();
    await on.background.idle();
    assert.deepEqual(on.ledger.announced, [functionUrl]);
  }
});

Deno.test("the answer does not wait until it is known, nor does it matter if it cannot be", async () => {
  const { promise: unheard, reject } = Promise.withResolvers<string>();
  const { deliver, background, world } = created({
    ledger: createFakeLedger({ announce: () => unheard }),
  });
  assert.equal((await deliver()).status, 200);
  reject(new LedgerError("announce_function", "PGRST202"));
  await background.idle();
  assert.deepEqual(world.logged.at(-1), {
    action: "announce",
    error: "Cannot announce_function: the database answered PGRST202",
  });
});

Deno.test("what is refused, and where nobody can tell where it is, nothing is announced", async () => {
  const refusing = created();
  assert.equal((await refusing.deliver("whsec_of_another")).status, 400);
  assert.equal((await refusing.drain("")).status, 401);
  const elsewhere = created({ url: null });
  assert.equal((await elsewhere.deliver()).status, 200);
  assert.equal((await elsewhere.drain()).status, 200);
  for (const { background, ledger } of [refusing, elsewhere]) {
    await background.idle();
    assert.deepEqual(ledger.announced, []);
  }
});

Deno.test("the database's own secret opens drain and health, too, and another does not", async () => {
  const { drain, health } = created();
  assert.deepEqual(
    [(await drain(databaseSecret)).status, (await health(databaseSecret)).status],
    [200, 200],
  );
  assert.deepEqual([(await drain("another")).status, (await health("another")).status], [401, 401]);
});

Deno.test("a database that does not tell its secret leaves the other one working", async () => {
  const announce = () => Promise.reject(new LedgerError("announce_function", null));
  const { drain, health } = created({ ledger: createFakeLedger({ announce }) });
  assert.deepEqual([(await drain()).status, (await health(drainSecret)).status], [200, 200]);
  // Nobody can say whether this one is right.
  assert.equal((await drain(databaseSecret)).status, 503);
});

Deno.test("a drain whose caller hangs up is kept going to its end", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const ledger = createFakeLedger();
  ledger.due.push({ claim: claimOf() });
  const { drain, background } = created({
    url: null,
    ledger: {
      ...ledger,
      async settle(...given) {
        await gate;
        return await ledger.settle(...given);
      },
    },
  });
  // Nobody waits for the answer.
  const answer = drain();
  while (ledger.askedForDue.length === 0) await new Promise((resolve) => setTimeout(resolve));
  let isIdle = false;
  const idle = background.idle().then(() => isIdle = true);
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(isIdle, false);
  open();
  await idle;
  assert.equal(ledger.settled.length, 1);
  await answer;
});
