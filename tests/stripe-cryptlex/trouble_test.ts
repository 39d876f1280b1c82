import assert from "node:assert/strict";
import fc from "fast-check";
import { UserNotListedError } from "../../functions/stripe-cryptlex/ensure_user.ts";
import {
  NeedsPersonError,
  PartDoneError,
  retryDelay,
  troubleOf,
  UnheardError,
} from "../../functions/stripe-cryptlex/trouble.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const hour = 3600;

function trouble(error: unknown, { attempts = 0, random = 0.5, timeoutMs = 10_000 } = {}) {
  return troubleOf(error, { attempts, random, timeoutMs });
}

Deno.test("a refusal of what was asked needs a person: the purchase is parked", () => {
  for (const status of [400, 404, 405, 409, 410, 422]) {
    const { retrySeconds, quietSeconds, pauseSeconds, mustRead } = trouble(refusal(status));
    assert.deepEqual([retrySeconds, quietSeconds, pauseSeconds, mustRead], [
      null,
      null,
      null,
      false,
    ]);
  }
});

Deno.test("what only a person can help is parked with its words", () => {
  const { message, retrySeconds } = trouble(new NeedsPersonError("do this"));
  assert.deepEqual([message, retrySeconds], ["do this", null]);
});

Deno.test("a refused token is retried, slowly, and says what to look at", () => {
  for (const status of [401, 403]) {
    const { retrySeconds, pauseSeconds, message } = trouble(refusal(status), { random: 0 });
    assert.equal(retrySeconds, 60);
    assert.equal(pauseSeconds, null);
    assert.match(message, /token/i);
  }
});

Deno.test("a rate limit pauses every worker for what it asks, with jitter and a cap", () => {
  const pause = (retryAfterSeconds: number | undefined, random: number) => {
    const answer = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
    const { retrySeconds, pauseSeconds } = trouble(refusal(429, answer), { random, attempts: 9 });
    assert.equal(retrySeconds, pauseSeconds);
    return pauseSeconds;
  };
  assert.equal(pause(20, 0), 20);
  assert.equal(pause(20, 0.8), 24);
  assert.equal(pause(undefined, 0), 5);
  assert.equal(pause(86_400, 0), 300);
});

Deno.test("no answer to what must not be repeated: quiet for three time-outs, then read", () => {
  const unheard = trouble(new UnheardError(noAnswer()), { timeoutMs: 500 });
  assert.equal(unheard.quietSeconds, 1.5);
  assert.equal(unheard.mustRead, true);
  assert.notEqual(unheard.retrySeconds, null);
});

Deno.test("no answer to anything else, or an error of any other kind, is simply tried again", () => {
  for (const error of [noAnswer(), new UserNotListedError(), new TypeError("x"), "text", null]) {
    const { retrySeconds, quietSeconds, pauseSeconds, mustRead } = trouble(error);
    assert.equal(retrySeconds, retryDelay(0, 0.5));
    assert.deepEqual([quietSeconds, pauseSeconds, mustRead], [null, null, false]);
  }
});

Deno.test("what is done in parts goes on at once, a part that came to nothing waits", () => {
  assert.equal(trouble(new PartDoneError("more", true), { attempts: 9 }).retrySeconds, 0);
  const waits = trouble(new PartDoneError("more", false), { attempts: 9 }).retrySeconds;
  assert.equal(waits, retryDelay(9, 0.5));
});

Deno.test("a retry waits between half of and the whole of 5 seconds, doubled each time up to an hour", () => {
  const attempts = fc.oneof(fc.nat(30), fc.nat());
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(attempts, random, (attempts, random) => {
    const whole = Math.min(5 * 2 ** attempts, hour);
    const delay = retryDelay(attempts, random);
    assert.ok(delay >= whole / 2 && delay <= whole);
    assert.ok(retryDelay(attempts + 1, random) >= delay);
  }));
});

Deno.test("whatever goes wrong, a wait is finite and a parked purchase asks for nothing else", () => {
  const error = fc.oneof(
    fc.integer({ min: 400, max: 499 }).map((status) => refusal(status)),
    fc.nat().map((retryAfterSeconds) => refusal(429, { retryAfterSeconds })),
    fc.constantFrom(noAnswer(), new UnheardError(noAnswer()), new PartDoneError("more", true)),
  );
  fc.assert(fc.property(error, fc.nat(50), (error, attempts) => {
    const { retrySeconds, quietSeconds, pauseSeconds, mustRead } = trouble(error, { attempts });
    if (retrySeconds === null) {
      assert.deepEqual([quietSeconds, pauseSeconds, mustRead], [null, null, false]);
    } else assert.ok(retrySeconds >= 0 && retrySeconds <= hour);
  }));
});
