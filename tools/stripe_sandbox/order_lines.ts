// What a one-time order is of: one thing, or several.
import type { SoldLine } from "./line_items.ts";
import { createPrice } from "./price.ts";
import type { StripeAccount } from "./stripe_account.ts";

type Thing = {
  price?: string;
  product?: string;
  /** Default 1. */
  quantity?: number;
  priceMetadata?: Record<string, string>;
  productName?: string;
  productMetadata?: Record<string, string>;
};

export type OrderLine = Thing & {
  /** Per unit, in cents. */
  amount: number;
  /** The line's own, which a session can carry since 2025-12-15. */
  metadata?: Record<string, string>;
};

export type OrderedThings =
  | (Thing & {
    /** The whole order in cents, before a discount. */
    amount: number;
  })
  | { lines: OrderLine[] };

/** Throws a `TypeError` for an order of nothing, or of cents its quantity does not divide. */
export function orderLines(
  account: StripeAccount,
  { things, free }: { things: OrderedThings; free: boolean },
): SoldLine[] {
  const lines = "lines" in things ? things.lines : [perUnit(things)];
  if (lines.length === 0) throw new TypeError("Cannot order nothing");
  return lines.map(({ quantity = 1, metadata = {}, priceMetadata = {}, ...terms }) => {
    const amount = terms.amount * quantity;
    const price = createPrice(account, { ...terms, metadata: priceMetadata });
    return { price, quantity, amount, discount: free ? amount : 0, metadata };
  });
}

/** The order's metadata are its session's, not its line's. */
function perUnit(order: Thing & { amount: number; metadata?: unknown }): OrderLine {
  const { amount, metadata: _ofTheSession, ...thing } = order;
  const each = amount / (thing.quantity ?? 1);
  if (!Number.isInteger(each)) {
    throw new TypeError(`Cannot price ${thing.quantity} units at ${amount} cents in whole ones`);
  }
  return { ...thing, amount: each };
}
