import assert from "node:assert/strict";
import { atMost } from "../../functions/stripe-cryptlex/at_most.ts";

Deno.test("so many run at a time, and all in their turn, whatever becomes of them", async () => {
  const inTurn = atMost(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const works = [0, 1, 2, 3].map((n) =>
    inTurn(async () => {
      begun.push(n);
      await new Promise<void>((resolve) => ends[n] = resolve);
      if (n === 1) throw new Error("failed");
      return n;
    })
  );
  const settled = Promise.allSettled(works);
  const turns = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  await turns();
  assert.deepEqual(begun, [0, 1]);
  ends[1]?.();
  await turns();
  assert.deepEqual(begun, [0, 1, 2]);
  ends[0]?.();
  await turns();
  assert.deepEqual(begun, [0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  assert.deepEqual((await settled).map(({ status }) => status), [
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  assert.equal(await inTurn(() => Promise.resolve(9)), 9);
});
