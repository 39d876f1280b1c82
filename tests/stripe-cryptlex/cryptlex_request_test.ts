import assert from "node:assert/strict";
import { z } from "zod";
import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import {
  type CryptlexRequest,
  requestCryptlex,
} from "../../functions/stripe-cryptlex/cryptlex_request.ts";
import {
  createFakeFetch,
  type FakeAnswer,
  halfAnAnswer,
  jsonAnswer,
} from "./builders/fake_fetch.ts";

const get: CryptlexRequest = {
  method: "GET",
  template: "/v3/licenses/{id}",
  path: "/v3/licenses/license-1",
};
const schema = z.object({ id: z.string() });

async function request(answer: FakeAnswer, { asked = get, timeoutMs = 1000 } = {}) {
  const { fetch, sent } = createFakeFetch(answer);
  const connection = {
    baseUrl: "https://api.cryptlex.com",
    accessToken: "secret-token",
    timeoutMs,
    fetch,
  };
  const [outcome] = await Promise.allSettled([requestCryptlex(connection, asked, schema)]);
  return { outcome, sent };
}

/** What kind of error this answer is. */
async function refusedAs(answer: FakeAnswer): Promise<"answered" | "unanswered"> {
  const { outcome } = await request(answer);
  assert.equal(outcome.status, "rejected");
  if (outcome.reason instanceof CryptlexAnsweredError) return "answered";
  assert.ok(outcome.reason instanceof CryptlexUnansweredError, String(outcome.reason));
  return "unanswered";
}

async function answeredError(answer: FakeAnswer): Promise<CryptlexAnsweredError> {
  const { outcome } = await request(answer);
  assert.equal(outcome.status, "rejected");
  assert.ok(outcome.reason instanceof CryptlexAnsweredError, String(outcome.reason));
  return outcome.reason;
}

Deno.test("a success is read with its schema", async () => {
  for (const status of [200, 201]) {
    const { outcome } = await request(jsonAnswer({ id: "license-1", more: "x" }, status));
    assert.deepEqual(outcome, {
      status: "fulfilled",
      value: { status, body: { id: "license-1" } },
    });
  }
});

Deno.test("a request carries the token, JSON only with a body, and follows nothing", async () => {
  const { sent } = await request(jsonAnswer({ id: "x" }));
  assert.equal(sent[0]?.url, "https://api.cryptlex.com/v3/licenses/license-1");
  assert.equal(sent[0]?.method, "GET");
  assert.deepEqual([...sent[0]?.headers ?? []], [["authorization", "Bearer secret-token"]]);
  assert.equal(sent[0]?.redirect, "manual");
  const post = { ...get, method: "POST", body: { a: "é" } } as const;
  const { sent: [posted] } = await request(jsonAnswer({ id: "x" }), { asked: post });
  assert.equal(posted?.headers.get("content-type"), "application/json");
  assert.deepEqual(posted?.body, { a: "é" });
});

Deno.test("a 4xx is an answer, except a time-out's", async () => {
  for (const status of [400, 401, 403, 404, 405, 409, 410, 413, 422, 429, 499]) {
    assert.equal(await refusedAs(jsonAnswer({ message: "no" }, status)), "answered", `${status}`);
  }
  assert.equal(await refusedAs(jsonAnswer({ message: "too slow" }, 408)), "unanswered");
});

Deno.test("a 5xx, a redirect and whatever else is no answer", async () => {
  for (const status of [500, 501, 502, 503, 504, 520, 599]) {
    assert.equal(await refusedAs(jsonAnswer({ message: "no" }, status)), "unanswered", `${status}`);
  }
  for (const status of [300, 301, 302, 303, 304, 307, 308]) {
    const redirect = new Response(null, { status, headers: { location: "https://example.com" } });
    assert.equal(await refusedAs(redirect), "unanswered", `${status}`);
  }
});

Deno.test("a success that cannot be read is no answer", async () => {
  const unreadable = ["", "{", "<html>", "null", "[]", '{"id":5}', '{"message":"no"}'];
  for (const text of unreadable) {
    assert.equal(await refusedAs(new Response(text)), "unanswered", text);
  }
  assert.equal(await refusedAs(new Response(null, { status: 204 })), "unanswered");
});

Deno.test("a connection that fails, before or within the body, is no answer", async () => {
  assert.equal(await refusedAs(new TypeError("connection refused")), "unanswered");
  assert.equal(await refusedAs(halfAnAnswer(new TypeError("reset"))), "unanswered");
});

Deno.test("silence is no answer, and says how long was waited", async () => {
  const { outcome } = await request("silence", { timeoutMs: 5 });
  assert.equal(outcome.status, "rejected");
  assert.ok(outcome.reason instanceof CryptlexUnansweredError);
  assert.match(outcome.reason.message, /nothing within 5 ms/);
});

Deno.test("a refusal keeps status, code, words and what it asks to wait", async () => {
  const taken = { message: "Email address is already taken!", code: "DUPLICATE_FIELD_VALUE" };
  const { answer, message, retryable } = await answeredError(jsonAnswer(taken, 409));
  assert.deepEqual(answer, { ...taken, status: 409, retryAfterSeconds: null });
  assert.match(message, /GET \/v3\/licenses\/\{id\} with 409 DUPLICATE_FIELD_VALUE: Email/);
  assert.equal(retryable, false);
  const limited = await answeredError(jsonAnswer({ message: "x" }, 429, { "retry-after": " 7 " }));
  assert.equal(limited.answer.retryAfterSeconds, 7);
  assert.equal(limited.retryable, true);
});

Deno.test("a rate limiter's plain text is a refusal all the same", async () => {
  const text = "API calls quota exceeded! maximum admitted 50 per 5s.";
  const { answer } = await answeredError(new Response(text, { status: 429 }));
  assert.deepEqual(answer, {
    status: 429,
    code: null,
    message: "no message",
    retryAfterSeconds: null,
  });
});

Deno.test("a wait that is no whole number of seconds is none", async () => {
  for (const value of ["-1", "1.5", "soon", "Wed, 21 Oct 2026 07:28:00 GMT", ""]) {
    const error = await answeredError(jsonAnswer({}, 429, { "retry-after": value }));
    assert.equal(error.answer.retryAfterSeconds, null, value);
  }
});

Deno.test("a body of other types than documented is no message", async () => {
  for (const body of [null, 5, "text", [], { message: 5, code: {} }, { message: null }]) {
    const { answer } = await answeredError(jsonAnswer(body, 400));
    assert.deepEqual([answer.message, answer.code], ["no message", null]);
  }
});

Deno.test("e-mail addresses do not get into messages, nor does a page of text", async () => {
  const told = "ada.lovelace+x@example.co.uk 'bob@example.com' <eve@example.com> is taken";
  const { message } = await answeredError(jsonAnswer({ message: told }, 400));
  assert.doesNotMatch(message, /@|ada|bob|eve/);
  assert.match(message, /<address> '<address>' <<address>> is taken/);
  const long = await answeredError(jsonAnswer({ message: "x".repeat(10_000) }, 400));
  assert.ok(long.message.length < 400);
});

Deno.test("a refused token tells what to look at, and no error tells the token", async () => {
  const { message } = await answeredError(jsonAnswer({ message: "no" }, 401));
  assert.match(message, /CRYPTLEX_ACCESS_TOKEN/);
  assert.match((await answeredError(jsonAnswer({ message: "no" }, 403))).message, /read and write/);
  for (const answer of [jsonAnswer({}, 401), jsonAnswer({}, 500), new TypeError("no")]) {
    const { outcome } = await request(answer);
    assert.equal(outcome.status === "rejected" && outcome.reason.message.includes("secret"), false);
  }
});
