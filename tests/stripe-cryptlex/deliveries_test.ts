import assert from "node:assert/strict";
import { createDeliveries, type Deliveries } from "../../functions/stripe-cryptlex/deliveries.ts";

/** So many that wait for their answers, until they are ended. */
function begin(deliveries: Deliveries, many: number) {
  const bursts: boolean[] = [];
  const ends: (() => void)[] = [];
  const answered = Array.from({ length: many }, () =>
    deliveries.answer((isBurst) => {
      bursts.push(isBurst);
      return new Promise<void>((resolve) => ends.push(resolve));
    }));
  return {
    bursts,
    async end(count = many) {
      for (const end of ends.splice(0, count)) end();
      await Promise.race([Promise.all(answered), turn()]);
    },
  };
}

/** Until all that is resolved was heard. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
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

Deno.test("a lull is there at once, or when few are left", async () => {
  const deliveries = createDeliveries();
  await deliveries.lull();
  const { end } = begin(deliveries, 10);
  let lulls = 0;
  const waits = [deliveries.lull(), deliveries.lull()].map((lull) => lull.then(() => lulls++));
  await end(1);
  assert.equal(lulls, 0);
  await end(1);
  await Promise.all(waits);
  assert.equal(lulls, 2);
  await end();
});

Deno.test("where a burst never ends, what waits goes on all the same", async () => {
  const deliveries = createDeliveries();
  const { end } = begin(deliveries, 9);
  await deliveries.lull();
  await end();
});
