import assert from "node:assert/strict";
import { checkClocks } from "../../../../tools/doctor/checks/clocks.ts";
import { checkCryptlexToken } from "../../../../tools/doctor/checks/cryptlex_token.ts";
import type { Exam } from "../../../../tools/doctor/exam.ts";
import { diagnosed, examOf, healthy, now, provoked, type World } from "../healthy.ts";

const off = (seconds: number, ...wheres: string[]): World =>
  Object.fromEntries(wheres.map((where) => {
    const date = new Date(now.getTime() + seconds * 1000).toUTCString();
    return [where, { status: 404, ...healthy[where], headers: { date } }];
  }));
const users = "GET https://api.cryptlex.com/v3/users";

/** As the checks before it would have. */
async function afterOthers(exam: Exam) {
  await exam.door("diagnose");
  await exam.cryptlex("/v3/users");
  await exam.stripe("/v1/");
  return await checkClocks(exam);
}

provoked("clocks", afterOthers, {
  "one is off": {
    broken: { world: off(90, users) },
    name: "clocks",
    found: /Cryptlex \+9[01] s/,
    cure: /^the clock of Cryptlex is off/,
  },
  "this machine's is off": {
    broken: {
      world: {
        ...off(-300, users, "GET https://api.stripe.com/v1/"),
        ...diagnosed({ now: "2026-11-24T11:55:00Z" }),
      },
    },
    name: "clocks",
    found: /^database -300 s, Cryptlex -\d+ s, Stripe -\d+ s/,
    cure: /^set this machine's clock/,
  },
});

Deno.test("clocks: less than a minute is nothing", async () => {
  const { exam } = examOf({ world: off(50, users) });
  await checkCryptlexToken(exam);
  assert.deepEqual((await checkClocks(exam)).map(({ state }) => state), ["ok"]);
});

Deno.test("clocks: nobody who answers, nothing to compare", async () => {
  const env = { STRIPE_SECRET_KEY: "" };
  const world = { "GET https://api.stripe.com/v1/": { status: 0 } };
  const [finding] = await checkClocks(examOf({ env, world }).exam);
  assert.equal(finding?.state, "skipped");
});
