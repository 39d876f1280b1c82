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
 * setting. What is added later has its own plan's beside what was named for the whole.
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
    // What is added later and sold by plan stands beside it.
    const apart = items.filter((item) => item.isAdded && findPlan(item, plans) !== undefined);
    const rest = items.filter((item) => !apart.includes(item));
    const own = apart.map((item) => byPlan(item, plans));
    if (items.length > 0 && rest.length === 0) return own;
    const ends = rest.map(({ until }) => until).filter((until) => until !== null);
    const until = ends.length === 0 ? null : Math.max(...ends);
    return [...own, { ...whole, seats: "ignore", perUnit: 1, quantity: null, until }];
  }
  if (items.length === 0) throw new Error("Nothing maps what has no lines");
  return items.map((item) => byPlan(item, plans));
}

function byPlan(item: PresentItem, plans: readonly PlanRow[]): Mapped {
  const plan = findPlan(item, plans);
  if (!plan) throw new Error(`Nothing maps ${item.priceId}`);
  const { productId, templateId = null, entitlementSetId = null } = plan;
  const { seats = "ignore", perUnit = 1 } = plan;
  const { quantity, until } = item;
  return { productId, templateId, entitlementSetId, seats, perUnit, quantity, until };
}

function findPlan(
  { priceId, productId }: ToldItem,
  plans: readonly PlanRow[],
): PlanRow | undefined {
  return plans.find(({ stripeId }) => stripeId === priceId) ??
    plans.find(({ stripeId }) => stripeId === productId);
}
