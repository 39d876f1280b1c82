import assert from "node:assert/strict";
import { type DrainTally, startDrainSchedule } from "../../../tools/dev/drain_schedule.ts";
import { freePort } from "../../../tools/local_stack/free_port.ts";

const nothing = { settled: 0, retrying: 0, parked: 0, pending: 0 };

Deno.test("the schedule asks at once and then again, and tells only of what was worked off", async () => {
  const asked: string[] = [];
  const answers = [nothing, { ...nothing, settled: 2 }, { ...nothing, parked: 1 }];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    asked.push(`${request.method} ${request.headers.get("authorization")}`);
    return Response.json(answers[asked.length - 1] ?? nothing);
  });
  const told: DrainTally[] = [];
  await new Promise<void>((resolve) => {
    const stop = startDrainSchedule({
      webhookUrl: `http://127.0.0.1:${server.addr.port}/stripe-cryptlex`,
      secret: "of-the-test",
      everyMs: 1,
      onDrained(tally) {
        told.push(tally);
        if (told.length < 2) return;
        stop();
        resolve();
      },
      onSilence: () => assert.fail("it answers"),
    });
  });
  await server.shutdown();
  assert.deepEqual(told, answers.slice(1));
  assert.deepEqual(asked.slice(0, 3), Array(3).fill("POST Bearer of-the-test"));
});

Deno.test("the schedule tells when nobody listens", async () => {
  const webhookUrl = `http://127.0.0.1:${freePort()}`;
  await new Promise<void>((resolve) => {
    const stop = startDrainSchedule({
      webhookUrl,
      secret: "of-the-test",
      everyMs: 1,
      onDrained: () => assert.fail("there is nobody"),
      onSilence() {
        stop();
        resolve();
      },
    });
  });
});
