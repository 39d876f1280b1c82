// What of a purchase asks for licenses, by what Stripe said alone. Pure.

import {
  type Catalog,
  lineMapping,
  type Mapping,
  settingMapping,
  wholeMapping,
} from "./line_mapping.ts";
import { isAdded, removedItems } from "./listed_items.ts";
import { type PresentItem, presentItems } from "./present_items.ts";
import type { Purchase } from "./purchase.ts";
import { ignoredSeats } from "./seats.ts";

/** Something that asks for a license, or for one a unit. */
export type Target = Mapping & {
  /** The item it stands for; null: the whole purchase, or what is left of it. */
  readonly itemId: string | null;
  /** The items it stands for, as far as they were seen in the subscription. */
  readonly covers: readonly string[];
  readonly priceId: string | null;
  readonly productId: string | null;
  /** Null: not known, or it does not count. */
  readonly quantity: number | null;
  /** The price's, an ISO 8601 duration; null: not known. */
  readonly interval: string | null;
  /** Unix seconds; null: no paid period is known. */
  readonly paidThrough: number | null;
  /** When the item came into the subscription, Unix seconds; null: not known. */
  readonly since: number | null;
  /** That was later than the subscription began. */
  readonly isAdded: boolean;
  /** What its items would ask for by themselves, where nothing but a license found makes them one. */
  readonly parts: readonly Target[];
};

/** What a purchase is judged by. */
export type Sold = { readonly purchase: Purchase; readonly catalog: Catalog };

/**
 * What asks for a license, nearest wins: a line's own metadata, the session's, the subscription's
 * or invoice's, its price's, its product's, the plan of its price, of its product, the setting. Terms
 * of the whole purchase make one license, whatever the number of its lines; but a line that was added
 * later and is mapped by itself stands beside it: the whole did not sell it. Nor did it sell what is
 * gone and had a license of its own: `removed` is the rest of what is gone, as far as that is known.
 */
export function targets(
  purchase: Purchase,
  catalog: Catalog,
  removed: readonly PresentItem[] = removedItems(purchase),
): Target[] {
  const sold = { purchase, catalog };
  const items = presentItems(purchase);
  const whole = wholeMapping(purchase) ?? settingOfRest(items, sold);
  if (whole === null) return ownFirst(items.map((item) => itemTarget(item, sold)));

  const apart = items.filter((item) => isApart(item, sold));
  const rest = items.filter((item) => !apart.includes(item));
  const own = ownFirst(apart.map((item) => itemTarget(item, sold)));
  if (items.length > 0 && rest.length === 0) return own;
  const before = removed.filter((item) => !isApart(item, sold));
  return [...own, wholeTarget(rest, { ...sold, mapping: whole, removed: before })];
}

/** The target of one item, as it is mapped by itself unless told otherwise. */
export function itemTarget(
  { itemId, line, paidThrough }: PresentItem,
  { purchase, catalog }: Sold,
  mapping: Mapping = lineMapping(line, purchase, catalog),
): Target {
  const { priceId, productId, quantity, interval } = line;
  const { createdAt = null, isAdded = false } = purchase.listed[itemId] ?? {};
  const covers = itemId in purchase.listed ? [itemId] : [];
  const ofLine = { priceId, productId, quantity, interval };
  const dates = { paidThrough, since: createdAt, isAdded };
  return { itemId, covers, ...ofLine, ...dates, parts: [], ...mapping };
}

/**
 * One target for all of these: what a license of the whole purchase follows. What it stood for and is
 * `removed` was paid for all the same, so that its time counts.
 */
export function wholeTarget(
  items: readonly PresentItem[],
  { purchase, mapping, removed }: Sold & {
    mapping: Pick<Mapping, "terms" | "mappedBy">;
    removed: readonly PresentItem[];
  },
): Target {
  const { terms, mappedBy } = mapping;
  // Of several lines none speaks for the whole: a change of one is no change of it.
  const line = items.length === 1 ? items[0]?.line : undefined;
  return {
    itemId: null,
    covers: seenItems(items, purchase),
    priceId: line?.priceId ?? null,
    productId: line?.productId ?? null,
    interval: line?.interval ?? null,
    quantity: null,
    terms,
    mappedBy,
    seats: ignoredSeats,
    paidThrough: furthest([...items, ...removed]),
    since: null,
    isAdded: false,
    parts: [],
  };
}

/** Those that were seen in the subscription, so that all they say is known. */
export function seenItems(items: readonly PresentItem[], { listed }: Purchase): string[] {
  return items.map(({ itemId }) => itemId).filter((itemId) => itemId in listed);
}

/** Through when any of them is paid, Unix seconds; null: no paid period is known. */
export function furthest(
  paid: readonly { readonly paidThrough: number | null }[],
): number | null {
  const ends = paid.map(({ paidThrough }) => paidThrough).filter((end) => end !== null);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** A line that names its license itself, or was added and is mapped by itself. */
function isApart({ itemId, line }: PresentItem, { purchase, catalog }: Sold): boolean {
  return line.terms !== null ||
    (isAdded(purchase, itemId) && lineMapping(line, purchase, catalog).terms !== null);
}

/** The setting is for purchases that nothing else maps; what was added does not count for that. */
function settingOfRest(items: readonly PresentItem[], sold: Sold): Mapping | null {
  const { purchase, catalog } = sold;
  const isMapped = [...items, ...removedItems(purchase)].some((item) =>
    !isApart(item, sold) && lineMapping(item.line, purchase, catalog).terms !== null
  );
  return isMapped ? null : settingMapping(purchase, catalog);
}

function ownFirst(found: readonly Target[]): Target[] {
  const isOwn = ({ mappedBy }: Target) => mappedBy === "line";
  return [...found.filter(isOwn), ...found.filter((target) => !isOwn(target))];
}
