import assert from "node:assert/strict";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { converge } from "../../functions/stripe-cryptlex/converge.ts";
import type { Ledger, Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { userJson } from "./builders/cryptlex_client.ts";
import { createFakeFetch, type FakeAnswer } from "./builders/fake_fetch.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { itemWith, purchaseWith, said } from "./builders/purchase_with.ts";
import { worldWith } from "./builders/world_with.ts";

const json = (status: number, body: unknown) => Response.json(body, { status });
const user = json(201, userJson);

/** What a convergence of the claim, taken so long ago, settles when Cryptlex answers so. */
async function settled(
  claim: Partial<Claim>,
  { answers = [], agoMs = 0 }: { answers?: FakeAnswer[]; agoMs?: number } = {},
): Promise<Settlement> {
  const ledger = createFakeLedger();
  const world = worldWith({ ledger });
  const { fetch } = createFakeFetch(...answers);
  const startedMs = performance.now() - agoMs;
  await converge(claimOf(claim), { ...world, cryptlex: { ...world.cryptlex, fetch } }, {
    startedMs,
    claimedAtMs: startedMs,
    takesOther: false,
  });
  const [only] = ledger.settled;
  assert.ok(only);
  return only.done;
}

const states = [purchaseWith({
  email: said("ada@example.com"),
  subscriptionTerms: said(null),
  items: { si_1: itemWith() },
})];
const customer = {
  purchaseId: "cus_1",
  states: [purchaseWith({ email: said("ada@example.com"), wantsUser: true })],
};

Deno.test("a lease without time for a call is no reason to begin again at once", async () => {
  const { retrySeconds, lastError } = await settled({ states }, { agoMs: 71_000 });
  assert.match(String(lastError), /no time left/);
  assert.ok(retrySeconds !== null && retrySeconds > 2, String(retrySeconds));
});

Deno.test("a customer whose user was found or made has been read", async () => {
  const { mustRead, lastError } = await settled({ ...customer, mustRead: true }, {
    answers: [user],
  });
  assert.deepEqual([mustRead, lastError], [false, null]);
});

Deno.test("a look at a customer whose user is refused is not repeated for ever", async () => {
  const none = () => json(200, []);
  const answers = [json(400, { message: "no such domain" }), none(), none()];
  const done = await settled({ ...customer, mustRead: true, looksAgain: true }, { answers });
  assert.match(String(done.lastError), /no such domain/);
  assert.equal(done.lookAgainSeconds, null);
});

Deno.test("a buyer's name that Cryptlex repeats is nowhere written down", async () => {
  const named = purchaseWith({
    ...states[0],
    name: said("Ada Lovelace"),
    company: said("Engines Ltd"),
  });
  const message = "User 'ada lovelace' of Engines Ltd <ada@example.com>: firstName Ada is taken";
  const refused = () => json(400, { message });
  const none = () => json(200, []);
  const done = await settled({ states: [named] }, { answers: [refused(), none(), none()] });
  assert.match(String(done.lastError), /firstName <name> is taken/);
  const written = JSON.stringify([done.lastError, done.events, done.actions]);
  assert.doesNotMatch(written, /lovelace|engines|ada\b/i);
});

Deno.test("events count as they were written down", async () => {
  let tries = 0;
  const settle: Ledger["settle"] = () => {
    const refused = ++tries === 1 ? "license a is recorded for purchase sub_2" : null;
    return Promise.resolve({ settled: refused === null, claim: null, refused });
  };
  const world = worldWith({ ledger: createFakeLedger({ settle }) });
  const now = performance.now();
  const tally = await converge(claimOf({ events: [eventOf()] }), world, {
    startedMs: now,
    claimedAtMs: now,
    takesOther: false,
  });
  assert.deepEqual(tally, { settled: 0, retrying: 0, parked: 1 });
});
