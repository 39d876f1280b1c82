import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";

Deno.test("idle waits for what was started, and for what that starts", async () => {
  const background = createBackground(assert.ifError);
  const done: string[] = [];
  const second = async () => {
    await Promise.resolve();
    done.push("second");
  };
  background.run(
    Promise.resolve().then(() => {
      done.push("first");
      background.run(second());
    }),
  );
  await background.idle();
  assert.deepEqual(done, ["first", "second"]);
});

Deno.test("what is thrown is heard, and breaks nothing", async () => {
  const heard: unknown[] = [];
  const background = createBackground((error) => heard.push(error));
  const error = new TypeError("no");
  background.run(Promise.reject(error));
  await background.idle();
  assert.deepEqual(heard, [error]);
});

Deno.test("nothing started is idle at once", async () => {
  await createBackground(assert.ifError).idle();
});

Deno.test("where there is a platform it is told of the work", async () => {
  const told: Promise<unknown>[] = [];
  const platform = globalThis as { EdgeRuntime?: { waitUntil(work: Promise<unknown>): void } };
  platform.EdgeRuntime = { waitUntil: (work) => void told.push(work) };
  try {
    const background = createBackground(() => {});
    background.run(Promise.reject(new TypeError("no")));
    await background.idle();
  } finally {
    delete platform.EdgeRuntime;
  }
  assert.equal(told.length, 1);
  await assert.doesNotReject(async () => await told[0], "the platform sees no error");
});
