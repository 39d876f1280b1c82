// `deno task test`: every test there is, and the function's on the hosted version of Deno too.

import { runSteps } from "./checks/run_steps.ts";
import { treeChecks } from "./checks/tree_checks.ts";

/** What Supabase's Edge Runtime is compatible with (its deno/Cargo.toml). */
const hostedDeno = "deno@2.1.4";

/** The function's own tests, and the end-to-end ones: there the function is a process of this Deno. */
const functionTests = ["tests/stripe-cryptlex/", "tests/e2e/"];

/** One file more than there are processors: half of what tests do is wait for another process. */
const env = { DENO_JOBS: String(navigator.hardwareConcurrency + 1) };

const isWell = await runSteps([
  ...treeChecks,
  {
    name: "every test",
    command: [Deno.execPath(), "test", "-A", "--no-check", "--parallel", "tests/"],
    env,
  },
  {
    // Its own library knows what is there: no newer built-in passes.
    name: `the function's types on ${hostedDeno}`,
    command: [
      "npx",
      "--yes",
      hostedDeno,
      "check",
      "--no-lock",
      "functions/stripe-cryptlex/index.ts",
    ],
  },
  {
    name: `the function's tests on ${hostedDeno}`,
    // Its lock file has another format.
    command: [
      "npx",
      ...["--yes", hostedDeno, "test", "-A", "--no-lock", "--no-check", "--parallel"],
      ...functionTests,
    ],
    env,
  },
], { stream: true });
Deno.exit(isWell ? 0 : 1);
