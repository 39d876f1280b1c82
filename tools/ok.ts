// `deno task ok`: what every commit must pass, in under a minute.

import { runSteps } from "./checks/run_steps.ts";
import { treeChecks } from "./checks/tree_checks.ts";

/** They need no browser, no other Deno and no process of the function, and a server at most. */
const fastTests = [
  "tests/docs/",
  "tests/stripe-cryptlex/",
  "tests/tools/stripe_sandbox/",
  ...["doors", "fairness", "grants", "joins", "setbacks"].map((name) =>
    `tests/database/${name}_test.ts`
  ),
];

const isWell = await runSteps([...treeChecks, {
  name: "purity and fast tests",
  command: [Deno.execPath(), "test", "-A", "--quiet", "--no-check", "--parallel", ...fastTests],
}]);
Deno.exit(isWell ? 0 : 1);
