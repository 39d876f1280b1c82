import assert from "node:assert/strict";
import { createEndings } from "../../tools/endings.ts";

Deno.test("the last begun ends first, once, and a failure keeps none from ending", async () => {
  const ended: string[] = [];
  const endings = createEndings();
  endings.add(() => ended.push("first"));
  endings.add(() => Promise.reject(new Error("second failed")));
  endings.add(async () => {
    await Promise.resolve();
    ended.push("third");
  });
  await assert.rejects(endings.run(), /second failed/);
  assert.deepEqual(ended, ["third", "first"]);
  await endings.run();
  assert.equal(ended.length, 2);
});
