// What is checked of the tree itself, without running the product.

import type { CheckStep } from "./run_steps.ts";

const deno = Deno.execPath();

/** Format, lint, types, and the schema dump against the migrations. */
export const treeChecks: readonly CheckStep[] = [
  { name: "format", command: [deno, "fmt", "--check", "--quiet"] },
  { name: "lint", command: [deno, "lint", "--quiet"] },
  { name: "types", command: [deno, "check", "--quiet", "."] },
  { name: "schema dump", command: [deno, "run", "-A", "tools/dump_schema.ts", "--check"] },
];
