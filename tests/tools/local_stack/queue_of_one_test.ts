import assert from "node:assert/strict";
import { createQueueOfOne } from "../../../tools/local_stack/queue_of_one.ts";

Deno.test("a queue of one starts a task only when the one before has ended", async () => {
  const inTurn = createQueueOfOne();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const runs = Promise.all([
    inTurn(async () => {
      seen.push("first starts");
      await first.promise;
      seen.push("first ends");
    }),
    inTurn(() => Promise.resolve(seen.push("second"))),
  ]);
  await Promise.resolve();
  first.resolve();
  await runs;
  assert.deepEqual(seen, ["first starts", "first ends", "second"]);
});

Deno.test("a queue of one goes on after a task that failed, and hands its error over", async () => {
  const inTurn = createQueueOfOne();
  const failing = inTurn(() => Promise.reject(new Error("broken")));
  const next = inTurn(() => Promise.resolve("fine"));
  await assert.rejects(failing, /broken/);
  assert.equal(await next, "fine");
});
