import assert from "node:assert/strict";
import { UsageError } from "../../../tools/run_command.ts";
import { projectRef, setupKeyProblem, stripeMode, withProject } from "../../../tools/setup/keys.ts";

const ref = "abcdefghijklmnopqrst";
const other = "zbcdefghijklmnopqrst";

Deno.test("a project is known by its ref, its address and its dashboard's", () => {
  for (
    const text of [
      ref,
      ` ${ref}\n`,
      `https://${ref}.supabase.co`,
      `https://supabase.com/dashboard/project/${ref}/settings/general`,
    ]
  ) assert.equal(projectRef(text), ref, text);
  for (const text of ["", "my-project", `${ref}u`, ref.slice(1), `https://example.com/${ref}`]) {
    assert.equal(projectRef(text), null, text);
  }
});

Deno.test("SUPABASE_URL names the project when nothing else does, and no other one", () => {
  const env = { SUPABASE_URL: `https://${ref}.supabase.co/` };
  assert.equal(withProject(env, undefined).SUPABASE_PROJECT_REF, ref);
  assert.equal(withProject(env, ref).SUPABASE_PROJECT_REF, ref);
  for (const [more, flag] of [[{}, other], [{ SUPABASE_PROJECT_REF: other }, undefined]] as const) {
    assert.throws(() => withProject({ ...env, ...more }, flag), UsageError);
  }
  const custom = { SUPABASE_URL: "https://db.example.com", SUPABASE_PROJECT_REF: ref };
  assert.deepEqual(withProject(custom, undefined), custom);
});

Deno.test("a key tells its mode, and publishable keys and words are none", () => {
  assert.deepEqual(
    ["rk_live_1", "sk_test_1", "pk_live_1", "rk_live_1 ", ""].map(stripeMode),
    ["live", "test", null, null, null],
  );
});

Deno.test("the set-up's key is kept apart from the function's own, and of its mode", () => {
  assert.equal(setupKeyProblem("rk_test_1", undefined), null);
  assert.equal(setupKeyProblem("rk_test_1", "rk_test_2"), null);
  assert.match(setupKeyProblem("rk_test_1", "rk_test_1") ?? "", /is the same/);
  assert.match(setupKeyProblem("rk_live_1", "rk_test_2") ?? "", /of live mode.* of test mode/);
  assert.match(setupKeyProblem("whsec_1", undefined) ?? "", /does not look like/);
});
