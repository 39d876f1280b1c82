import assert from "node:assert/strict";
import { z } from "zod";
import { createPatientCryptlex } from "../../../tools/operator/patient_cryptlex.ts";

const get = { method: "GET", template: "/v3/licenses", path: "/v3/licenses?page=1" } as const;
const patch = { method: "PATCH", template: "/v3/x", path: "/v3/x", once: true, body: {} } as const;

function asking(answers: (number | "lost")[], rate = { calls: 100_000, seconds: 5 }) {
  const waits: number[] = [];
  let asked = 0;
  const ask = createPatientCryptlex({
    baseUrl: "http://cryptlex.test",
    accessToken: "t",
    timeoutMs: 1000,
    async fetch(_input, init) {
      await new Response(init?.body as BodyInit | null | undefined).text();
      const answer = answers[asked++] ?? 200;
      if (answer === "lost") throw new TypeError("cut");
      const headers = answer === 429 ? { "retry-after": "3" } : {};
      return new Response("[]", { status: answer, headers });
    },
  }, { rate, wait: (ms) => Promise.resolve(void waits.push(ms)), now: () => 7 });
  return { ask, waits, asked: () => asked };
}

Deno.test("a limit is waited for as long as it says, whatever is asked", async () => {
  for (const request of [get, patch]) {
    const { ask, waits, asked } = asking([429, 429]);
    await ask(request, z.unknown());
    assert.deepEqual([waits, asked()], [[3000, 3000], 3]);
  }
});

Deno.test("what may have been done is not asked twice; what is only read is", async () => {
  const read = asking(["lost", 500]);
  await read.ask(get, z.unknown());
  assert.deepEqual([read.waits, read.asked()], [[500, 1000], 3]);
  const written = asking(["lost"]);
  await assert.rejects(written.ask(patch, z.unknown()), /did not answer PATCH/);
  assert.equal(written.asked(), 1);
});

Deno.test("a refusal is final, and patience ends", async () => {
  const refused = asking([403]);
  await assert.rejects(refused.ask(get, z.unknown()), /refused GET \/v3\/licenses with 403/);
  assert.equal(refused.asked(), 1);
  const limited = asking(Array(9).fill(429));
  await assert.rejects(limited.ask(get, z.unknown()), /with 429/);
  assert.equal(limited.asked(), 5);
});

Deno.test("half of what Cryptlex allows is left to the function", async () => {
  const { ask, waits } = asking([], { calls: 50, seconds: 5 });
  for (let calls = 0; calls < 4; calls++) await ask(get, z.unknown());
  // The first at once, each of the others a fifth of a second after the one before.
  assert.deepEqual(waits, [200, 400, 600]);
});
