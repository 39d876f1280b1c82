// Items that come and go beside the first one.

import type { PriceTerms } from "../../stripe_sandbox/price.ts";
import { prices } from "../chaos_catalogue.ts";
import type { Life } from "./life.ts";
import { behaviors, presentItems } from "./plan_changes.ts";

/** All by the month: items that are billed together end together, whoever takes whose place. */
const addOns: readonly PriceTerms[] = [
  ...[prices.addOn, prices.addOn, prices.lite, prices.plus, prices.boxes, prices.team],
];

export function itemAdded(life: Life): string | null {
  const free = addOns.filter(({ price }) => !isThere(life, price));
  const isMonthly = life.items.every(({ price }) => price.interval === "month");
  if (!isMonthly || life.hasChangedInterval || free.length === 0 || life.items.length > 4) {
    return null;
  }
  const at = life.pass();
  if (at === null) return null;

  const price = { ...life.random.pick(free), quantity: 1 + life.random.below(3) };
  const prorationBehavior = life.random.pick(behaviors);
  const { updated, ...paid } = life.sale.addItem({ price, at, prorationBehavior });
  life.tell(updated);
  life.tellPaid(paid);
  life.items.push({ price, isThere: true });
  return `and ${price.price}, ${prorationBehavior}`;
}

export function itemRemoved(life: Life): string | null {
  const there = presentItems(life);
  if (there.length < 2) return null;
  const at = life.pass();
  if (at === null) return null;

  const item = life.random.pick(there);
  const prorationBehavior = life.random.pick(behaviors);
  const { updated, ...paid } = life.sale
    .removeItem({ item: life.items.indexOf(item), at, prorationBehavior });
  life.tell(updated);
  life.tellPaid(paid);
  item.isThere = false;
  return `without ${item.price.price}`;
}

function isThere(life: Life, price: string | undefined): boolean {
  return presentItems(life).some((item) => item.price.price === price);
}
