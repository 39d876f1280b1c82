import assert from "node:assert/strict";
import { growthSchema } from "../../tools/bench/growth/figures.ts";
import { runTool } from "./tool_process.ts";

Deno.test("the bench fills, measures, and shows, writes and draws what it measured", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [out, svg] = [`${folder}/growth.json`, `${folder}/growth.svg`];
    const { code, stdout, stderr } = await runTool("bench_growth.ts", [
      ...["--events", "0,50", "--in-flight", "1,30", "--months", "0,12", "--rounds", "3"],
      ...["--out", out, "--svg", svg],
    ]);
    assert.equal(code, 0, stderr);
    const lines = [/^what grows +to +ms +record +claim_due +settle +reckon +state bytes$/];
    for (const [what, count] of situations) {
      const ms = what === "months renewed" ? "(  +\\d+\\.\\d\\d){4}" : "(  +\\d+\\.\\d\\d){3} +-";
      lines.push(new RegExp(`^${what} +${count} +p50${ms}( +\\d+)?$`));
      lines.push(new RegExp(`^ *${what} +${count} +p95${ms}$`));
    }
    const shown = stdout.trimEnd().split("\n");
    assert.equal(shown.length, lines.length);
    for (const [index, line] of lines.entries()) assert.match(shown[index] ?? "", line);
    assert.match(stderr, /^filled 50 of 50 events$/m);

    const { rows } = growthSchema.parse(JSON.parse(await Deno.readTextFile(out)));
    assert.deepEqual(rows.map(({ of, count }) => [of, count]), situations);
    const sizes = rows.flatMap(({ stateBytes }) => stateBytes ?? []);
    assert.equal(sizes.length, 2);
    assert.equal(new Set(sizes).size, 1, "what is known does not grow with renewals");
    assert.match(await Deno.readTextFile(svg), /^<svg [\s\S]*<\/svg>\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

const situations = [
  ["settled events", 0],
  ["settled events", 50],
  ["in flight", 1],
  ["in flight", 30],
  ["months renewed", 0],
  ["months renewed", 12],
];

Deno.test("a profile names the database's functions, the bare insert among them", async () => {
  const { code, stdout, stderr } = await runTool("bench_growth.ts", [
    ...["--profile", "--rounds", "5"],
  ]);
  assert.equal(code, 0, stderr);
  const [head, ...rows] = stdout.trimEnd().split("\n");
  assert.match(head ?? "", /^function +calls a sale +ms in all +ms by itself$/);
  for (const name of ["record_stripe_event", "claim", "settle_purchase", "bench_insert"]) {
    const row = rows.find((one) => one.startsWith(`${name} `)) ?? "";
    assert.match(row, /^\S+ +[12]\.0 +\d+\.\d{3} +\d+\.\d{3}$/, name);
  }
});

Deno.test("the bench says what it does and takes no other numbers than whole ones", async () => {
  const help = await runTool("bench_growth.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task bench:growth/);
  for (
    const args of [
      ["--events", "0,many"],
      ["--in-flight", "1.5"],
      ["--months", "1,"],
      ["--rounds", "0"],
      ["--rounds", "1.5"],
    ]
  ) {
    const wrong = await runTool("bench_growth.ts", args);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--(events|in-flight|months|rounds)/);
  }
});
