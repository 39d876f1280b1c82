// Merging as the ledger may come to do it: in any order, batches and repetition, stored meanwhile.

import fc from "fast-check";
import { merge, nothing, type Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import { asStored } from "./as_stored.ts";

/** Lists that hold each of `facts` at least once, in any order. */
export function anyDelivery(facts: readonly Purchase[]): fc.Arbitrary<Purchase[]> {
  const all = facts.map((_, index) => index);
  const again = fc.record({ index: fc.constantFrom(...all), at: fc.nat(facts.length) });
  return fc.tuple(
    fc.shuffledSubarray(all, { minLength: all.length }),
    fc.array(again, { maxLength: 4 }),
  ).map(([order, repeats]) => {
    for (const { index, at } of repeats) order = order.toSpliced(at, 0, index);
    return order.flatMap((index) => facts[index] ?? []);
  });
}

/** One after the other. */
export function mergedInOrder(facts: readonly Purchase[]): Purchase {
  return facts.reduce(merge, nothing);
}

/** Any two at a time, as `picks` say, every result stored and read back. */
export function mergedInBatches(facts: readonly Purchase[], picks: readonly number[]): Purchase {
  const left = [...facts];
  for (let step = 0; left.length > 1; step++) {
    const [a = nothing] = left.splice((picks[step % picks.length] ?? 0) % left.length, 1);
    const [b = nothing] = left.splice((picks[(step + 1) % picks.length] ?? 0) % left.length, 1);
    left.push(asStored(merge(a, b)));
  }
  return left[0] ?? nothing;
}
