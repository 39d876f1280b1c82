import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { createHandler } from "../../functions/stripe-cryptlex/handler.ts";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { maxBodyBytes } from "../../functions/stripe-cryptlex/read_body.ts";
import { createSchedule } from "../../functions/stripe-cryptlex/schedule.ts";
import { signatureHeader } from "../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeLedger, type FakeLedger } from "./builders/fake_ledger.ts";
import { worldWith } from "./builders/world_with.ts";

const now = new Date("2026-11-02T10:00:00Z");
const secret = "whsec_of_the_endpoint";
const drainSecret = "a-drain-secret-of-tests";
const authorization = `Bearer ${drainSecret}`;
const shop = createStripeShop();
const event = shop.subscribe({ price: { amount: 1, interval: "month" } }).firstInvoicePaid();

function created(ledger: FakeLedger = createFakeLedger()) {
  const world = worldWith({ ledger });
  const background = createBackground(assert.ifError);
  const handle = createHandler({
    world,
    background,
    stripeWebhookSecrets: [secret],
    drainSecrets: [drainSecret],
    publicOrigins: [],
    schedule: createSchedule(ledger, { functionUrl: null, log: world.log }),
    now: () => now,
  });
  const ask = (path: string, init: RequestInit = {}) =>
    handle(new Request(`http://127.0.0.1${path}`, init));
  async function deliver(payload: unknown, { path = "/stripe-cryptlex", by = secret } = {}) {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    const signature = await signatureHeader(body, { secret: by, at: now });
    return ask(path, { method: "POST", body, headers: { "stripe-signature": signature } });
  }
  return { ask, deliver, background, ledger, world };
}

Deno.test("a verified event is recorded, then acknowledged", async () => {
  const { deliver, ledger } = created();
  assert.equal((await deliver(event)).status, 200);
  assert.equal(ledger.recorded.length, 1);
  assert.equal(ledger.recorded[0]?.head.eventId, event.id);
  assert.equal(ledger.recorded[0]?.reading.kind, "facts");
  assert.deepEqual(ledger.recorded[0]?.payload, event);
});

Deno.test("the answer does not wait for the work, which goes on", async () => {
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  let settled = false;
  const { deliver, background } = created(createFakeLedger({
    record: () => Promise.resolve({ duplicate: false, claim: claimOf(), left: null }),
    async settle() {
      await gate;
      settled = true;
      return { settled, claim: null, refused: null };
    },
  }));
  assert.equal((await deliver(event)).status, 200);
  assert.equal(settled, false);
  open();
  await background.idle();
  assert.equal(settled, true);
});

Deno.test("a verified event is acknowledged and recorded whatever its type or shape", async () => {
  const events = [
    shop.other("product.created"),
    shop.thin("v1.invoice.paid"),
    { ...event, data: null },
    { ...event, created: "never" },
    { id: "evt_1", type: "x" },
  ];
  for (const payload of events) {
    const { deliver, ledger } = created();
    assert.equal((await deliver(payload)).status, 200);
    assert.equal(ledger.recorded.length, 1);
  }
});

Deno.test("a duplicate is acknowledged", async () => {
  const ledger = createFakeLedger({
    record: () => Promise.resolve({ duplicate: true, claim: null, left: null }),
  });
  const { deliver, world } = created(ledger);
  assert.equal((await deliver(event)).status, 200);
  assert.equal(world.logged[0]?.action, "record_duplicate");
});

Deno.test("what is not Stripe's is refused with 400, and nothing is recorded", async () => {
  const { ask, deliver, ledger, world } = created();
  const body = JSON.stringify(event);
  const unsigned = [{}, { "stripe-signature": "" }, { "stripe-signature": "t=1,v1=00" }];
  for (const headers of unsigned) {
    const answer = await ask("/stripe-cryptlex", { method: "POST", body, headers });
    assert.equal(answer.status, 400);
  }
  assert.equal((await deliver(event, { by: "whsec_of_another" })).status, 400);
  for (const garbage of ["", "{", "null", "[]", '{"type":"invoice.paid"}']) {
    assert.equal((await deliver(garbage)).status, 400, garbage);
  }
  assert.deepEqual(ledger.recorded, []);
  assert.equal(world.logged.length, 9);
  assert.ok(world.logged.every(({ action, status }) => action === "refuse" && status === 400));
});

Deno.test("an event that could not be recorded is not acknowledged", async () => {
  const ledger = createFakeLedger({
    record: () => Promise.reject(new LedgerError("record_stripe_event", "57014")),
  });
  const { deliver, world } = created(ledger);
  const answer = await deliver(event);
  assert.equal(answer.status, 503);
  assert.doesNotMatch(await answer.text(), /57014/);
  assert.deepEqual(world.logged, [{
    action: "refuse",
    status: 503,
    error: "Cannot record_stripe_event: the database answered 57014",
  }]);
});

Deno.test("a body over a mebibyte is refused with 413, and nothing is recorded", async () => {
  const { ask, deliver, ledger } = created();
  const large = { ...event, padding: "x".repeat(maxBodyBytes) };
  assert.equal((await deliver(large)).status, 413);
  const drained = {
    method: "POST",
    body: " ".repeat(maxBodyBytes + 1),
    headers: { authorization },
  };
  assert.equal((await ask("/stripe-cryptlex/drain", drained)).status, 413);
  assert.deepEqual([ledger.recorded, ledger.askedForDue], [[], []]);
});

Deno.test("the function answers with and without the gateway's prefix, and nowhere else", async () => {
  const { ask, deliver } = created();
  for (const path of ["/stripe-cryptlex", "/stripe-cryptlex/", "/functions/v1/stripe-cryptlex"]) {
    assert.equal((await deliver(event, { path })).status, 200, path);
  }
  const others = ["/", "/drain", "/stripe-cryptlexx", "/x/stripe-cryptlex", "/stripe-cryptlex/x"];
  for (const path of [...others, "/stripe-cryptlex/drain/x", "/STRIPE-CRYPTLEX"]) {
    assert.equal((await deliver(event, { path })).status, 404, path);
    assert.equal((await ask(path)).status, 404, path);
  }
});

Deno.test("another method is refused with 405, naming the one that is meant", async () => {
  const { ask, ledger } = created();
  const meant = {
    "/stripe-cryptlex": "POST",
    "/stripe-cryptlex/drain": "POST",
    "/stripe-cryptlex/health": "GET",
  };
  for (const [path, allow] of Object.entries(meant)) {
    for (
      const method of ["GET", "POST", "PUT", "DELETE", "OPTIONS"].filter((one) => one !== allow)
    ) {
      const answer = await ask(path, { method, headers: { authorization } });
      assert.deepEqual(
        [answer.status, answer.headers.get("allow")],
        [405, allow],
        `${method} ${path}`,
      );
    }
  }
  assert.deepEqual([ledger.recorded, ledger.askedForDue], [[], []]);
});

Deno.test("the drain answers how many events ended which way, and how many are left", async () => {
  const { ask, ledger } = created();
  ledger.due.push({ claim: claimOf() });
  const answer = await ask("/stripe-cryptlex/drain", {
    method: "POST",
    headers: { authorization },
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(await answer.json(), { settled: 1, retrying: 0, parked: 0, pending: 2 });
});

Deno.test("the drain opens to its secret alone, and otherwise works nothing off", async () => {
  const { ask, ledger } = created();
  for (
    const headers of [{}, { authorization: "Bearer x" }, { authorization: `Bearer ${secret}` }]
  ) {
    assert.equal((await ask("/stripe-cryptlex/drain", { method: "POST", headers })).status, 401);
  }
  assert.deepEqual(ledger.askedForDue, []);
});

Deno.test("the back-off is ignored only where that is asked for, in so many words", async () => {
  const { ask, ledger } = created();
  const drain = (body: string) =>
    ask("/stripe-cryptlex/drain", { method: "POST", headers: { authorization }, body });
  const asked = ["", " ", "{}", '{"ignore_backoff": false}', '{"ignore_backoff": true}'];
  for (const body of asked) assert.equal((await drain(body)).status, 200);
  assert.deepEqual(
    ledger.askedForDue.map(({ ignoreBackoff }) => ignoreBackoff),
    [false, false, false, false, true],
  );
  for (const body of ["{", "null", '{"ignore_backoff": "yes"}', '{"ignore_backoff": 1}']) {
    assert.equal((await drain(body)).status, 400, body);
  }
  assert.equal(ledger.askedForDue.length, 5);
});

Deno.test("that it lives is told to anybody, how it goes only to who has the secret", async () => {
  const { ask } = created();
  const health = (headers: Record<string, string> = {}) =>
    ask("/stripe-cryptlex/health", { headers });
  const open = await health();
  assert.deepEqual([open.status, await open.json()], [200, { status: "ok" }]);
  assert.equal((await health({ authorization: "Bearer x" })).status, 401);
  assert.deepEqual(await (await health({ authorization })).json(), {
    status: "ok",
    pending: 2,
    oldest_pending: "2026-11-02T10:00:00Z",
    retrying: 1,
    held: 0,
    parked: 1,
    paused_until: null,
    token_refused_since: null,
    stripe_refused_since: null,
    stripe_not_found_since: null,
  });
});

Deno.test("a ledger that does not answer makes drain and health 503, liveness still 200", async () => {
  const away = () => Promise.reject(new LedgerError("licensing_health", null));
  const { ask } = created(createFakeLedger({ health: away, claimDue: away }));
  const headers = { authorization };
  assert.equal((await ask("/stripe-cryptlex/drain", { method: "POST", headers })).status, 503);
  assert.equal((await ask("/stripe-cryptlex/health", { headers })).status, 503);
  assert.equal((await ask("/stripe-cryptlex/health")).status, 200);
});
