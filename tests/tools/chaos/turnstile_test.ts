import assert from "node:assert/strict";
import { createTurnstile } from "../../../tools/chaos/turnstile.ts";

Deno.test("so many are inside at once, in the order they came, whatever becomes of them", async () => {
  const turnstile = createTurnstile(2);
  let inside = 0;
  let most = 0;
  const done: number[] = [];
  const work = (nth: number) =>
    turnstile.pass(async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 1));
      inside--;
      done.push(nth);
      if (nth === 1) throw new Error("refused");
    });
  const results = await Promise.allSettled([0, 1, 2, 3, 4].map(work));
  assert.deepEqual(done, [0, 1, 2, 3, 4]);
  assert.equal(most, 2);
  assert.deepEqual(results.map(({ status }) => status === "rejected"), [
    ...[false, true, false, false, false],
  ]);
});
