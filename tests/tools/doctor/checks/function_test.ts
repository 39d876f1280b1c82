import assert from "node:assert/strict";
import { checkFunction } from "../../../../tools/doctor/checks/function.ts";
import { env, examOf, functionUrl, provoked } from "../healthy.ts";

const health = `GET ${functionUrl}/health`;
const root = `POST ${functionUrl}`;

provoked("function", checkFunction, {
  "not deployed": {
    broken: { world: { [health]: { status: 404 } } },
    name: "function",
    found: /answers 404/,
    cure: /supabase functions deploy/,
  },
  "verify_jwt on": {
    broken: {
      world: { [health]: { status: 401, body: { msg: "Missing authorization header" } } },
    },
    name: "function",
    found: /answers 401/,
    cure: /supabase functions deploy.*verify_jwt = false/,
  },
  "another function": {
    broken: { world: { [health]: { status: 401, body: { message: "who are you" } } } },
    name: "function",
    found: /answers 401/,
    cure: /another function answers there/,
  },
  "does not start": {
    broken: { world: { [health]: { status: 503 } } },
    name: "function",
    found: /answers 503/,
    cure: /"Cannot start"/,
  },
  "not reachable": {
    broken: { world: { [health]: { status: 0 } } },
    name: "function",
    found: /no answer/,
    cure: /--function-url/,
  },
  "deliveries asked for a JWT": {
    broken: { world: { [root]: { status: 401 } } },
    name: "deliveries",
    found: /answered 401, not 400/,
    cure: /verify_jwt = false/,
  },
  "deliveries to nowhere": {
    broken: { world: { [root]: { status: 404 } } },
    name: "deliveries",
    found: /answered 404, not 400/,
    cure: /functions deploy/,
  },
  "no secret to try": {
    broken: { env: { CRON_SECRET: "" } },
    name: "drain secret",
    state: "skipped",
    found: /no CRON_SECRET/,
    cure: /^$/,
  },
});

Deno.test("function: another drain secret there", async () => {
  const { exam } = examOf();
  const refusing: typeof exam = {
    ...exam,
    function: async (suffix, request) =>
      request?.headers?.authorization === `Bearer ${env["CRON_SECRET"]}`
        ? { status: 401, headers: new Headers(), body: {} }
        : await exam.function(suffix, request),
  };
  const finding = (await checkFunction(refusing)).find(({ name }) => name === "drain secret");
  assert.equal(finding?.state, "failed");
  assert.match(finding?.cure ?? "", /secrets set CRON_SECRET/);
});

Deno.test("function: a secret is not sent in the clear", async () => {
  const clear = "http://functions.example.com/stripe-cryptlex";
  const world = {
    [`GET ${clear}/health`]: { status: 200 },
    [`POST ${clear}`]: { status: 400 },
  };
  const { exam, asked } = examOf({ world, functionUrl: clear });
  const findings = await checkFunction(exam);
  assert.deepEqual(findings.map(({ state }) => state), ["ok", "ok", "skipped"]);
  assert.ok(asked.every(({ headers }) => !headers.has("authorization")));
});
