import assert from "node:assert/strict";
import { keepFunction } from "../../../tools/dev/kept_function.ts";
import type { FunctionProcess } from "../../../tools/local_stack/function_process.ts";

/** A start that is written down, as is each stop; it fails where it is told to. */
function fakeProcesses(failing: number[] = []) {
  const happened: string[] = [];
  let count = 0;
  const start = (): Promise<FunctionProcess> => {
    const number = ++count;
    if (failing.includes(number)) return Promise.reject(new Error(`start ${number} failed`));
    happened.push(`start ${number}`);
    const stop = () => Promise.resolve(void happened.push(`stop ${number}`));
    return Promise.resolve({
      url: "",
      pid: 0,
      output: () => "",
      kill: () => stop().then(() => 0),
      stop,
    });
  };
  return { happened, start };
}

Deno.test("a restart ends one process before it starts the next", async () => {
  const { happened, start } = fakeProcesses();
  const kept = await keepFunction(start, () => {});
  await kept.restart("changed");
  await kept.stop();
  assert.deepEqual(happened, ["start 1", "stop 1", "start 2", "stop 2"]);
});

Deno.test("restarts asked for at once are one", async () => {
  const { happened, start } = fakeProcesses();
  const kept = await keepFunction(start, () => {});
  await Promise.all([kept.restart("a"), kept.restart("b"), kept.restart("c")]);
  assert.deepEqual(happened, ["start 1", "stop 1", "start 2"]);
});

Deno.test("what does not start is said, and tried again at the next change only", async () => {
  const said: string[] = [];
  const { happened, start } = fakeProcesses([1, 3]);
  const kept = await keepFunction(start, (message) => said.push(message));
  assert.deepEqual(said, ["start 1 failed", "Waiting for a change in functions/"]);
  await kept.revive("gone");
  assert.deepEqual(happened, []);
  await kept.restart("changed");
  await kept.restart("changed");
  await kept.stop();
  assert.deepEqual(happened, ["start 2", "stop 2"]);
  assert.ok(said.includes("start 3 failed"));
});

Deno.test("a process found gone is started again, but not while that is under way", async () => {
  const { happened, start } = fakeProcesses();
  const kept = await keepFunction(start, () => {});
  await Promise.all([kept.revive("gone"), kept.revive("gone")]);
  assert.deepEqual(happened, ["start 1", "stop 1", "start 2"]);
  await kept.revive("gone");
  assert.deepEqual(happened.slice(3), ["stop 2", "start 3"]);
});

Deno.test("after its end nothing is started", async () => {
  const { happened, start } = fakeProcesses();
  const kept = await keepFunction(start, () => {});
  const asked = kept.restart("changed");
  await kept.stop();
  await asked;
  await kept.restart("changed");
  const starts = happened.filter((line) => line.startsWith("start")).length;
  const stops = happened.filter((line) => line.startsWith("stop")).length;
  assert.equal(starts, stops);
});
