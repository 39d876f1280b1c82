import assert from "node:assert/strict";
import { runCapacity } from "../../tools/bench/capacity/run_capacity.ts";
import { capacityOf, type Load, rushSeconds } from "../../tools/bench/capacity/model.ts";
import { runTool } from "./tool_process.ts";

const load: Load & { rush: number } = {
  purchases: 1200,
  rate: { calls: 50, seconds: 5 },
  salesPerHour: 360,
  graceDays: 3,
  latencySeconds: 0.2,
  rush: 15,
};

Deno.test({
  name: "in a flood of renewals all goes on as the model says, from its beginning to its end",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const options = { ...load, seconds: 60, seed: 1, onProgress: () => {} };
    const seen = await runCapacity(options);
    const model = capacityOf(load);
    assert.deepEqual(seen.map(({ where }) => where), ["beginning", "middle", "end"]);
    for (const one of seen) {
      await t.step(`at the ${one.where} renewals go at the pace Cryptlex allows`, () => {
        const { rush, rate } = load;
        // The rush comes besides, and takes its calls from them.
        const least = model.renewalsPerSecond - 2 * rush / options.seconds;
        assert.ok(one.renewalsPerSecond >= least * 0.9, String(one.renewalsPerSecond));
        assert.ok(one.renewalsPerSecond <= model.callsPerSecond * 1.05);
        assert.ok(one.busiest <= rate.calls, String(one.busiest));
        assert.equal(one.refused, 0);
      });
      await t.step(`at the ${one.where} no buyer queues up behind renewals`, () => {
        const longest = rushSeconds(load.rush + 2, { ...load, held: 0 });
        assert.ok(one.rushSeconds <= longest, `${one.rushSeconds} s`);
        assert.ok(one.buyersWaited.length > 0);
        assert.ok(Math.max(...one.buyersWaited) <= longest, String(one.buyersWaited));
      });
    }
  },
});

Deno.test("the capacity bench says what it does, what it computed and what it saw", async () => {
  const help = await runTool("bench_capacity.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task bench:capacity/);
  const wrong = await runTool("bench_capacity.ts", ["--purchases", "many"]);
  assert.deepEqual([wrong.code, wrong.stderr.includes("--purchases")], [2, true]);
  const { code, stdout, stderr } = await runTool("bench_capacity.ts", [
    ...["--purchases", "500", "--seconds", "20", "--rush", "2"],
  ]);
  assert.equal(code, 0, stderr);
  for (const row of ["model", "beginning", "middle", "end"]) {
    assert.match(stdout, new RegExp(`^${row} `, "m"));
  }
  assert.match(stdout, /^500 subscriptions renew at once: all are licensed after/m);
  assert.match(stdout, /RENEWAL_GRACE_DAYS must be at least 1 /);
});
