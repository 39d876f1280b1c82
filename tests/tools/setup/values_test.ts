import assert from "node:assert/strict";
import { UsageError } from "../../../tools/run_command.ts";
import type { Asker } from "../../../tools/setup/ask.ts";
import { createSource, values } from "../../../tools/setup/values.ts";

const { projectRef, stripeKey } = values;
const fits = () => Promise.resolve(null);

/** Types these, one after the other, each until one passes. */
function typing(...answers: string[]): Asker & { questions: string[]; problems: string[] } {
  const questions: string[] = [];
  const problems: string[] = [];
  const asked = (how: string): Asker["text"] => async (question, check) => {
    questions.push(`${how}: ${question}`);
    for (;;) {
      const answer = answers.shift();
      assert.ok(answer !== undefined, "asked once too often");
      const problem = await check(answer);
      if (problem === null) return answer;
      problems.push(problem);
    }
  };
  return {
    questions,
    problems,
    text: asked("text"),
    secret: asked("secret"),
    confirm: () => Promise.resolve(true),
  };
}

function source(
  { flags = {}, env = {}, asker = null as Asker | null } = {},
) {
  const heard: string[] = [];
  return {
    heard,
    ...createSource({ flags, env, asker, heard: (secret) => void heard.push(secret) }),
  };
}

Deno.test("a flag comes before the environment, which comes before a question; blank is not set", async () => {
  const asker = typing("typed");
  const both = { flags: { "project-ref": " flag " }, env: { SUPABASE_PROJECT_REF: "env" }, asker };
  assert.equal(await source(both).take(projectRef, fits), "flag");
  assert.equal(await source({ ...both, flags: {} }).take(projectRef, fits), "env");
  assert.deepEqual(asker.questions, []);
  const blank = { flags: { "project-ref": "" }, env: { SUPABASE_PROJECT_REF: " " }, asker };
  assert.equal(await source(blank).take(projectRef, fits), "typed");
});

Deno.test("a secret is typed hidden, and asked for again until it will do", async () => {
  const asker = typing("pk_1", "rk_bad", "rk_good");
  const { take, heard } = source({ asker });
  const key = await take(
    stripeKey,
    (text) => Promise.resolve(text === "rk_bad" ? "Stripe refuses it" : null),
    (text) => text.startsWith("rk_") ? null : "it is no key",
  );
  assert.equal(key, "rk_good");
  assert.match(asker.questions.join(), /^secret: Stripe key \(.*not stored/);
  assert.deepEqual(asker.problems, ["it is no key", "Stripe refuses it"]);
  assert.deepEqual(heard, ["pk_1", "rk_bad", "rk_good"]);
});

Deno.test("where nobody can be asked, all that is missing is told at once, by flag and name", () => {
  const { need, given } = source({ env: { STRIPE_SETUP_KEY: "rk_1" } });
  assert.equal(given(stripeKey), "rk_1");
  need(stripeKey);
  assert.throws(() => need(projectRef, stripeKey, values.cryptlexToken), (error) => {
    assert.ok(error instanceof UsageError);
    assert.deepEqual(
      error.message.split("\n").map((line) => /say --([\w-]+), or set (\w+)/.exec(line)?.slice(1)),
      [["project-ref", "SUPABASE_PROJECT_REF"], ["cryptlex-token", "CRYPTLEX_ACCESS_TOKEN"]],
    );
    return true;
  });
  source({ asker: typing() }).need(projectRef);
});

Deno.test("a value of the wrong shape was called wrongly, one that is refused failed; neither is repeated", async () => {
  const { take } = source({ env: { STRIPE_SETUP_KEY: "rk_secret" } });
  await assert.rejects(take(stripeKey, fits, () => "it is no key"), (error) => {
    assert.ok(error instanceof UsageError);
    assert.equal(error.message, "STRIPE_SETUP_KEY: it is no key");
    return true;
  });
  const flagged = source({ flags: { "stripe-key": "rk_secret" } });
  await assert.rejects(
    flagged.take(stripeKey, () => Promise.resolve("Stripe refuses it")),
    { constructor: Error, message: "--stripe-key: Stripe refuses it" },
  );
});
