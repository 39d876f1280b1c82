// What in Cryptlex a purchase is made of: metadata for all of it, else a plan for each part, else the
// setting for all. Pure.

import type { PlanRow } from "../chaos_catalogue.ts";
import type { PresentItem } from "./present_items.ts";
import type { Told, ToldItem, ToldTerms } from "./told.ts";

/** One license, or one a unit. */
export type Mapped = ToldTerms & {
  readonly seats: PlanRow["seats"] | "ignore";
  readonly perUnit: number;
  readonly quantity: number | null;
  /** Unix seconds; null: no paid time is known. */
  readonly until: number | null;
};

/**
 * Nearest wins: the session's metadata, the subscription's, the plan of the price, of the product, the
 * setting.
 *
 * @throws {Error} nothing maps a part of it: no run is to sell that.
 */
export function mapped(
  items: readonly PresentItem[],
  { of, plans, defaultProductId }: {
    of: readonly Told[];
    plans: readonly PlanRow[];
    defaultProductId: string;
  },
): Mapped[] {
  const named = of.find(({ session }) => session?.terms)?.session?.terms ??
    of.find(({ invoice }) => invoice?.terms)?.invoice?.terms ??
    of.find(({ snapshot }) => snapshot?.terms)?.snapshot?.terms;
  const isSale = of.some(({ session, snapshot, invoice }) =>
    session !== undefined || snapshot !== undefined || invoice?.isOneOff === false
  );
  // What a merchant bills by hand may be anything.
  if (!named && plans.length === 0 && !isSale) return [];
  const nothingMore = { templateId: null, entitlementSetId: null };
  const whole = named ??
    (plans.length === 0 ? { productId: defaultProductId, ...nothingMore } : null);
  if (whole) {
    const ends = items.map(({ until }) => until).filter((until) => until !== null);
    const until = ends.length === 0 ? null : Math.max(...ends);
    return [{ ...whole, seats: "ignore", perUnit: 1, quantity: null, until }];
  }
  if (items.length === 0) throw new Error("Nothing maps what has no lines");
  return items.map((item) => {
    const { productId, templateId = null, entitlementSetId = null, ...row } = planOf(item, plans);
    const { seats = "ignore", perUnit = 1 } = row;
    const { quantity, until } = item;
    return { productId, templateId, entitlementSetId, seats, perUnit, quantity, until };
  });
}

function planOf({ priceId, productId }: ToldItem, plans: readonly PlanRow[]): PlanRow {
  const plan = plans.find(({ stripeId }) => stripeId === priceId) ??
    plans.find(({ stripeId }) => stripeId === productId);
  if (!plan) throw new Error(`Nothing maps ${priceId}`);
  return plan;
}
