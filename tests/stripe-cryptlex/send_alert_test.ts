import assert from "node:assert/strict";
import type { Alert } from "../../functions/stripe-cryptlex/alert.ts";
import { alertText } from "../../functions/stripe-cryptlex/alert_text.ts";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { drain } from "../../functions/stripe-cryptlex/drain.ts";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { receive } from "../../functions/stripe-cryptlex/receive.ts";
import { sendAlert } from "../../functions/stripe-cryptlex/send_alert.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { alertOf } from "./builders/alert_of.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeFetch, type FakeAnswer } from "./builders/fake_fetch.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { purchaseWith, sessionWith } from "./builders/purchase_with.ts";
import { worldWith } from "./builders/world_with.ts";

const url = "https://hooks.example.com/services/T0/B0/secret";

/** A world with something to tell, and a webhook that answers so; silence is not waited for long. */
function telling(...answers: FakeAnswer[]) {
  const timeoutMs = answers.includes("silence") ? 20 : 10_000;
  const told: string[] = [];
  let asked = 0;
  const ledger = createFakeLedger({
    claimAlert: () => Promise.resolve(++asked === 1 ? alertOf() : null),
    settleAlert: ({ token }: Alert) => Promise.resolve(void told.push(token)),
  });
  const { fetch, sent } = createFakeFetch(...answers);
  const world = worldWith({ ledger, alertWebhook: { url, timeoutMs, fetch } });
  return { world, ledger, sent, told, asked: () => asked };
}

const ok = () => new Response("ok");

Deno.test("what is to be told is posted as Slack reads it, then noted as told", async () => {
  const { world, sent, told } = telling(ok());
  await sendAlert(world);
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0]?.method, sent[0]?.url, sent[0]?.redirect], ["POST", url, "manual"]);
  assert.equal(sent[0]?.headers.get("content-type"), "application/json");
  assert.deepEqual(sent[0]?.body, { text: alertText(alertOf()) });
  assert.deepEqual(told, ["token-1"]);
  assert.deepEqual(world.logged.map(({ action, error }) => [action, error]), [["alert", null]]);
});

Deno.test("nothing to tell is nothing posted, and nothing logged", async () => {
  const { world, sent } = telling();
  const ledger = createFakeLedger();
  await sendAlert({ ...world, ledger });
  assert.deepEqual([sent, world.logged], [[], []]);
});

Deno.test("without a webhook the ledger is not even asked", async () => {
  const { world, asked } = telling();
  await sendAlert({ ...world, alertWebhook: null });
  assert.equal(asked(), 0);
});

Deno.test("what did not arrive is not noted as told, and its log tells no secret", async () => {
  const answers: [FakeAnswer, string][] = [
    [new Response("no", { status: 404 }), "status 404"],
    [new Response(null, { status: 302, headers: { location: url } }), "status 302"],
    [new TypeError(`error sending request for url (${url})`), "the connection failed"],
    ["silence", "nothing within 20 ms"],
  ];
  for (const [answer, why] of answers) {
    const { world, told } = telling(answer);
    await sendAlert(world);
    assert.deepEqual(told, []);
    assert.deepEqual(
      world.logged.map(({ error }) => error),
      [`Cannot post to ALERT_WEBHOOK_URL: ${why}`],
    );
  }
});

Deno.test("a ledger that does not answer is logged, and nothing more comes of it", async () => {
  const { world, sent } = telling();
  const claimAlert = () => Promise.reject(new LedgerError("claim_alert", "57014"));
  await sendAlert({ ...world, ledger: createFakeLedger({ claimAlert }) });
  assert.deepEqual(sent, []);
  assert.match(String(world.logged[0]?.error), /claim_alert.*57014/);
});

/** A purchase nobody can serve without more metadata. */
const parking = claimOf({
  purchaseId: "pi_1",
  hasPlans: true,
  states: [purchaseWith({ sessions: { cs_1: sessionWith() } })],
});
const shop = createStripeShop();
const readable = shop.customer({ email: "ada@example.com" }).created();
const unreadable = { ...readable, data: { object: { id: "cus_1", email: 5 } } };

Deno.test("an event that is parked, at once or when worked on, is told of", async () => {
  for (const [event, claim] of [[unreadable, null], [readable, parking]] as const) {
    const { world, ledger, told } = telling(ok());
    const background = createBackground(assert.ifError);
    const record = () => Promise.resolve({ duplicate: false, claim, left: null });
    const settle: typeof ledger.settle = async (...done) => {
      assert.deepEqual(told, [], "nothing is told before it is settled");
      return await ledger.settle(...done);
    };
    await receive(event, { ...world, ledger: { ...ledger, record, settle } }, background);
    assert.deepEqual(told, [], "the answer does not wait for it");
    await background.idle();
    assert.deepEqual(told, ["token-1"]);
  }
});

Deno.test("what parks nothing asks for no alert", async () => {
  const { world, ledger, asked } = telling();
  const background = createBackground(assert.ifError);
  const answers = [
    { duplicate: true, claim: null, left: null },
    { duplicate: false, claim: claimOf(), left: null },
  ];
  for (const answer of answers) {
    const record = () => Promise.resolve(answer);
    const event = answer.duplicate ? unreadable : readable;
    await receive(event, { ...world, ledger: { ...ledger, record } }, background);
    await background.idle();
  }
  assert.equal(asked(), 0);
});

Deno.test("each drain asks, once, whatever it found, and does not wait for it", async () => {
  const { world, ledger, told, asked } = telling(ok());
  const background = createBackground(assert.ifError);
  ledger.due.push({ claim: parking }, { claim: claimOf() });
  await drain(world, { background, ignoreBackoff: false });
  assert.deepEqual(told, []);
  await background.idle();
  assert.deepEqual([told, asked()], [["token-1"], 1]);
  await drain(world, { background, ignoreBackoff: false });
  await background.idle();
  assert.equal(asked(), 2);
});
