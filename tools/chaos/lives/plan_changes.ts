// Another price for an item: of the same Cryptlex product, of another one, by the year.

import type { PriceTerms } from "../../stripe_sandbox/price.ts";
import { prices } from "../chaos_catalogue.ts";
import { isInTrial, type Life, type LifeItem } from "./life.ts";

export const behaviors = ["always_invoice", "create_prorations", "none"] as const;

/** What can be the one thing bought; what is metered stays so. */
export const basePrices: readonly PriceTerms[] = [
  ...[prices.monthly, prices.monthly, prices.plus, prices.annual, prices.yearly, prices.lite],
  ...[prices.team, prices.team, prices.squad, prices.boxes, prices.boxes, prices.clients],
];

export function planChanged(life: Life): string | null {
  const item = life.random.pick(presentItems(life));
  const others = basePrices.filter((price) => mayBecome(life, item, price));
  if (isInTrial(life) || others.length === 0) return null;
  const at = life.pass();
  if (at === null) return null;

  const price = life.random.pick(others);
  const to = { ...price, quantity: 1 + life.random.below(5) };
  const prorationBehavior = life.random.pick(behaviors);
  const { updated, ...paid } = life.sale
    .changePlan({ to, at, prorationBehavior, item: life.items.indexOf(item) });
  life.tell(updated);
  life.tellPaid(paid);
  if (price.interval !== item.price.interval) life.hasChangedInterval = true;
  item.price = to;
  return `to ${price.price}, ${prorationBehavior}`;
}

export function presentItems({ items }: Life): LifeItem[] {
  return items.filter(({ isThere }) => isThere);
}

/** A price is there once; beside other items the billing dates stay as they are. */
function mayBecome({ items }: Life, item: LifeItem, { price, interval }: PriceTerms): boolean {
  return items.every((one) => !one.isThere || one.price.price !== price) &&
    (items.length === 1 || interval === item.price.interval);
}
