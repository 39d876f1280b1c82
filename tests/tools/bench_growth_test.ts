import assert from "node:assert/strict";
import { runTool } from "./tool_process.ts";

Deno.test("the bench fills, measures, and shows a table of what it measured", async () => {
  const { code, stdout, stderr } = await runTool("bench_growth.ts", [
    "--events",
    "0,50",
    "--rounds",
    "3",
  ]);
  assert.equal(code, 0, stderr);
  const lines = [/^settled events +ms +record +claim_due +settle$/];
  for (const events of ["0", "50"]) {
    for (const share of ["p50", "p95"]) {
      lines.push(new RegExp(`^${events} +${share}(  +\\d+\\.\\d\\d){3}$`));
    }
  }
  const shown = stdout.trimEnd().split("\n");
  assert.equal(shown.length, lines.length);
  for (const [index, line] of lines.entries()) assert.match(shown[index] ?? "", line);
  assert.match(stderr, /^filled 50 of 50 events$/m);
});

Deno.test("the bench says what it does and takes no other numbers than whole ones", async () => {
  const help = await runTool("bench_growth.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task bench:growth/);
  for (const args of [["--events", "0,many"], ["--rounds", "0"], ["--rounds", "1.5"]]) {
    const wrong = await runTool("bench_growth.ts", args);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--(events|rounds)/);
  }
});
