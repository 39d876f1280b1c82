// More seats, or fewer, or none.

import type { Life } from "./life.ts";
import { behaviors, presentItems } from "./plan_changes.ts";

export function quantityChanged(life: Life): string | null {
  const item = life.random.pick(presentItems(life));
  const before = item.price.quantity ?? 1;
  // An invoice cannot say that nothing is left: there a quantity of 0 means that it does not count.
  const least = life.sends.subscriptions && life.random.chance(0.15) ? 0 : 1;
  const quantity = least === 0 ? 0 : 1 + life.random.below(7);
  const at = quantity === before ? null : life.pass();
  if (at === null) return null;

  const { updated, ...paid } = life.sale.changeQuantity({
    item: life.items.indexOf(item),
    quantity,
    at,
    prorationBehavior: life.random.pick(behaviors),
  });
  life.tell(updated);
  life.tellPaid(paid);
  item.price = { ...item.price, quantity };
  return `${quantity} instead of ${before}`;
}
