import assert from "node:assert/strict";
import { figuresSchema } from "../../tools/bench/figures.ts";
import { runTool } from "./tool_process.ts";

const few = ["--events", "4", "--burst", "20", "--starts", "1", "--latency", "20"];

Deno.test("the bench measures every kind of event, and compares them with figures kept", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const out = `${folder}/figures.json`;
    const { stdout, stderr } = await runTool("bench.ts", [...few, "--out", out]);
    for (const kind of ["sale, new buyer", "sale, known buyer", "renewal", "duplicate"]) {
      assert.match(stdout, new RegExp(`^${kind} +\\d`, "m"), stderr);
    }
    assert.match(stdout, /^(Nothing is worse than in|Worse than) the baseline/m);

    const { kinds, burst } = figuresSchema.parse(JSON.parse(await Deno.readTextFile(out)));
    const costs = Object.entries(kinds).map(([kind, each]) =>
      [kind, each.cryptlexCalls, each.roundTrips] as const
    );
    assert.deepEqual(costs, [
      ["sale, new buyer", 2, 2],
      ["sale, known buyer", 1, 2],
      ["renewal", 1, 2],
      ["duplicate", 0, 1],
      ["ignored type", 0, 1],
    ]);
    assert.equal(burst.events, 20);

    // So many calls less than there can be: they are all named, and the exit code says it.
    const better = { ...kinds, renewal: { ...kinds.renewal, cryptlexCalls: 0 } };
    const baseline = `${folder}/baseline.json`;
    const figures = JSON.parse(await Deno.readTextFile(out));
    await Deno.writeTextFile(baseline, JSON.stringify({ ...figures, kinds: better }));
    const again = await runTool("bench.ts", [...few, "--baseline", baseline]);
    assert.equal(again.code, 1, again.stderr);
    assert.match(again.stdout, /^ {2}renewal, Cryptlex calls: 1, was 0$/m);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the bench says what it does and takes no other numbers than whole ones", async () => {
  const help = await runTool("bench.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task bench/);
  for (const args of [["--events", "many"], ["--burst", "0"], ["--latency", "1.5"]]) {
    const wrong = await runTool("bench.ts", args);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--(events|burst|latency) is not a whole number above 0/);
  }
});
