// Which events are about one purchase. Pure.

import type { Told } from "./told.ts";

export type PurchaseGroup = {
  /** Every id Stripe knows it by, the subscription or payment first. */
  readonly stripeIds: readonly string[];
  readonly of: readonly Told[];
};

/** What shares an id, or shares one with what shares one, is one purchase. */
export function purchaseGroups(told: readonly Told[]): PurchaseGroup[] {
  const groupOf = new Map<string, { ids: Set<string>; of: Told[] }>();
  for (const one of told) {
    const same = new Set(
      one.stripeIds.map((id) => groupOf.get(id)).filter((of) => of !== undefined),
    );
    const joined = {
      ids: new Set([...one.stripeIds, ...[...same].flatMap(({ ids }) => [...ids])]),
      of: [...[...same].flatMap(({ of }) => of), one],
    };
    for (const id of joined.ids) groupOf.set(id, joined);
  }
  return [...new Set(groupOf.values())].map(({ ids, of }) => ({
    stripeIds: [...ids].sort((a, b) => rank(a) - rank(b)),
    of,
  }));
}

/** Which id people look for first. */
function rank(stripeId: string): number {
  return ["sub", "pi", "cs", "in"].indexOf(stripeId.slice(0, stripeId.indexOf("_")));
}
