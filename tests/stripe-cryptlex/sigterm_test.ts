import assert from "node:assert/strict";
import type { LogEntry } from "../../functions/stripe-cryptlex/log.ts";
import { endOnSigterm, type Process } from "../../functions/stripe-cryptlex/sigterm.ts";

/** A process with work under way that ends when it is told to. */
function busyProcess() {
  const listeners: (() => void)[] = [];
  const happened: (string | number)[] = [];
  const logged: LogEntry[] = [];
  const requests = Promise.withResolvers<void>();
  const work = Promise.withResolvers<void>();
  const grace = Promise.withResolvers<void>();
  const process = {
    addSignalListener(signal: string, listener: () => void) {
      happened.push(signal);
      listeners.push(listener);
    },
    exit: (code: number) => void happened.push(code),
  } as unknown as Process;
  endOnSigterm({
    shutdown() {
      happened.push("closed");
      return requests.promise;
    },
  }, {
    background: {
      idle() {
        happened.push("answered");
        return work.promise;
      },
    },
    log: (entry) => void logged.push(entry),
    process,
    delay(ms) {
      happened.push(ms);
      return grace.promise;
    },
  });
  return {
    requests,
    work,
    grace,
    logged,
    happened,
    async sigterm() {
      for (const listener of listeners) listener();
      await pass();
    },
  };
}

/** Lets promises run on. */
function pass(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("until it is asked to end, a process goes on", () => {
  assert.deepEqual(busyProcess().happened, ["SIGTERM"]);
});

Deno.test("asked to end it closes, answers who was let in, finishes the work, and exits with 0", async () => {
  const { requests, work, sigterm, happened, logged } = busyProcess();
  await sigterm();
  assert.deepEqual(happened, ["SIGTERM", "closed", 8000]);
  requests.resolve();
  await pass();
  assert.deepEqual(happened, ["SIGTERM", "closed", 8000, "answered"]);
  work.resolve();
  await pass();
  assert.deepEqual(happened, ["SIGTERM", "closed", 8000, "answered", 0]);
  assert.deepEqual(logged, [{ action: "end" }, { action: "ended", outcome: "nothing is left" }]);
});

Deno.test("what takes too long is left, requests and work alike, and the exit is 0 all the same", async () => {
  for (const answered of [false, true]) {
    const { requests, grace, sigterm, happened, logged } = busyProcess();
    await sigterm();
    if (answered) requests.resolve();
    grace.resolve();
    await pass();
    assert.equal(happened.at(-1), 0);
    assert.match(logged.at(-1)?.outcome ?? "", /8000 ms is left to its lease/);
  }
});

Deno.test("asked again it ends at once, and not as if all were well", async () => {
  const { sigterm, happened } = busyProcess();
  await sigterm();
  await sigterm();
  assert.deepEqual(happened, ["SIGTERM", "closed", 8000, 143]);
});

Deno.test("where signals are not to be had, the start is a start like any other", () => {
  const server = { shutdown: () => Promise.reject(new Error("it was closed")) };
  const options = { background: { idle: () => Promise.resolve() }, log: () => {} };
  const refusing = () => {
    throw new Deno.errors.NotSupported("no signals here");
  };
  for (const process of [{}, { addSignalListener: refusing }]) {
    endOnSigterm(server, { ...options, process: process as unknown as Process });
  }
});
