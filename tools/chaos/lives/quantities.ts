// More seats, or fewer, or none.

import type { Life } from "./life.ts";
import { behaviors, presentItems } from "./plan_changes.ts";
import { renewed } from "./renewals.ts";

export function quantityChanged(life: Life): string | null {
  const item = life.random.pick(presentItems(life));
  const before = item.price.quantity ?? 1;
  // An invoice cannot say that nothing is left: there a quantity of 0 means that it does not count.
  const isEmptied = life.sends.subscriptions && life.random.chance(0.15);
  const quantity = isEmptied ? 0 : 1 + life.random.below(7);
  const at = quantity === before ? null : life.pass();
  if (at === null) return null;

  const change = { item: life.items.indexOf(item), at };
  const prorationBehavior = life.random.pick(behaviors);
  const { updated, ...paid } = life.sale.changeQuantity({ ...change, quantity, prorationBehavior });
  life.tell(updated);
  life.tellPaid(paid);
  item.price = { ...item.price, quantity };
  if (!life.sends.subscriptions || life.random.chance(0.8)) {
    return `${quantity} instead of ${before}`;
  }

  // Within the second: which of the two is the newer one only their ids tell.
  const second = quantity + 1;
  life.tell(
    life.sale.changeQuantity({ ...change, quantity: second, prorationBehavior: "none" }).updated,
  );
  item.price = { ...item.price, quantity: second };
  return `${quantity} and ${second} instead of ${before}`;
}

/** So often that the next invoice has more lines than an event lists. */
export function quantityChangedOften(life: Life): string | null {
  const item = life.random.pick(presentItems(life));
  for (let change = 0; change < 6; change++) {
    const at = life.pass();
    if (at === null) return change === 0 ? null : `quantity changed ${change} times`;
    const quantity = (item.price.quantity ?? 1) % 7 + 1;
    life.tell(
      life.sale.changeQuantity({
        item: life.items.indexOf(item),
        at,
        quantity,
        prorationBehavior: "create_prorations",
      }).updated,
    );
    item.price = { ...item.price, quantity };
  }
  renewed(life);
  return "quantity changed six times, renewed";
}
