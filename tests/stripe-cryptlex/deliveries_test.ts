import assert from "node:assert/strict";
import { createDeliveries, type Deliveries } from "../../functions/stripe-cryptlex/deliveries.ts";

/** So many that wait for their answers, until they are ended; each leaves `left`, if there is any. */
function begin(deliveries: Deliveries, many: number, left?: () => Promise<void>) {
  const bursts: boolean[] = [];
  const ends: (() => void)[] = [];
  const done: Promise<void>[] = [];
  const answered = Array.from({ length: many }, () =>
    deliveries.answer(async (isBurst) => {
      bursts.push(isBurst);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (isBurst && left !== undefined) done.push(deliveries.later(left));
    }));
  return {
    bursts,
    async end() {
      for (const end of ends.splice(0)) end();
      await Promise.all(answered);
    },
    /** Resolves when all that was left is done. */
    worked: () => Promise.all(done),
  };
}

Deno.test("the events of one sale are no burst, what comes on top of them is", async () => {
  const { bursts, end } = begin(createDeliveries(), 10);
  assert.deepEqual(bursts, [...Array.from({ length: 8 }, () => false), true, true]);
  await end();
});

Deno.test("what is answered, whichever way, does not count any more", async () => {
  const deliveries = createDeliveries();
  const failing = () => deliveries.answer(() => Promise.reject(new TypeError("no")));
  for (let n = 0; n < 20; n++) await assert.rejects(failing(), TypeError);
  const { bursts, end } = begin(deliveries, 1);
  assert.deepEqual(bursts, [false]);
  await end();
});

Deno.test("what a burst leaves is done when it is over, and until then all that comes is of it", async () => {
  const deliveries = createDeliveries();
  let works = 0;
  const work = () => Promise.resolve(void works++);
  const first = begin(deliveries, 10, work);
  await first.end();
  assert.equal(works, 0);
  const next = begin(deliveries, 1, work);
  assert.deepEqual(next.bursts, [true]);
  await next.end();
  await Promise.all([first.worked(), next.worked()]);
  assert.equal(works, 3);
  const { bursts, end } = begin(deliveries, 1);
  assert.deepEqual(bursts, [false]);
  await end();
});

Deno.test("where a burst never ends, what it leaves is done all the same", async () => {
  const deliveries = createDeliveries();
  const { end } = begin(deliveries, 9);
  let works = 0;
  await deliveries.later(() => Promise.resolve(void works++));
  assert.equal(works, 1, "while nine still wait");
  await end();
});

Deno.test("a hundred are taken up at once, the others as these end, whichever way", async () => {
  const deliveries = createDeliveries();
  let most = 0;
  let working = 0;
  let works = 0;
  const work = async () => {
    works++;
    most = Math.max(most, ++working);
    await new Promise((resolve) => setTimeout(resolve, 1));
    working--;
    if (working % 2 === 0) throw new TypeError("no");
  };
  const burst = begin(deliveries, 9);
  const settled = Promise.allSettled(Array.from({ length: 250 }, () => deliveries.later(work)));
  await burst.end();
  const failed = (await settled).filter(({ status }) => status === "rejected").length;
  assert.deepEqual([works, most], [250, 100]);
  assert.ok(failed > 0 && failed < 250, "each ends as its work does");
});
