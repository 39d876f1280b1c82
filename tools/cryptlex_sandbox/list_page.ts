// One page of a list: filter, sort, cut. Knows no record.

import type { Account } from "./account.ts";
import { createFilter, type FilterField, type FilterFields } from "./list_filter.ts";
import { Refusal } from "./refusal.ts";

/** The records of a page, in order, and the headers that describe it. */
export type ListPage<T> = {
  readonly records: readonly T[];
  readonly headers: Record<string, string>;
};

/**
 * The page of `records` that `query` asks for; creation order unless `sort` says otherwise.
 *
 * @throws {Refusal} 400 for a page, limit, sort or filter the list does not take.
 */
export function listPage<T>(
  records: readonly T[],
  query: URLSearchParams,
  { account, fields }: { readonly account: Account; readonly fields: FilterFields<T> },
): ListPage<T> {
  const { defaultLimit, limitOutOfRange, paginationHeaders } = account.switches;
  const page = whole(query, "page") ?? 1;
  const asked = whole(query, "limit") ?? defaultLimit;
  const limit = Math.min(Math.max(asked, 1), 100);
  if (page < 1 || (limit !== asked && limitOutOfRange === "refused")) {
    throw new Refusal(400, "page must be at least 1, limit between 1 and 100.");
  }
  const found = records.filter(createFilter(query, fields, account));
  const sorted = sort(found, query.get("sort"), { account, fields });
  return {
    records: sorted.slice((page - 1) * limit, page * limit),
    headers: paginationHeaders
      ? {
        "Pagination-Count": String(found.length),
        "Pagination-Page": String(page),
        "Pagination-Limit": String(limit),
      }
      : {},
  };
}

function whole(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  if (!/^-?\d{1,10}$/.test(text)) throw new Refusal(400, `${name} must be a whole number.`);
  return Number(text);
}

function sort<T>(
  records: readonly T[],
  text: string | null,
  { account, fields }: { readonly account: Account; readonly fields: FilterFields<T> },
): readonly T[] {
  if (text === null) return records;
  const keys = text.split("|").map((part) => sortKey(part, fields));
  if (keys.length > 6) throw new Refusal(400, "sort must name six keys at most.");
  return records.toSorted((a, b) => {
    for (const { field, sign } of keys) {
      const left = field.read(a, account)[0] ?? "";
      const right = field.read(b, account)[0] ?? "";
      if (left !== right) return left < right ? -sign : sign;
    }
    return 0;
  });
}

function sortKey<T>(
  part: string,
  fields: FilterFields<T>,
): { field: FilterField<T>; sign: number } {
  // An unencoded "+" arrives as a space.
  const [, sign, name = ""] = /^([+ -])([\w.]+)$/.exec(part) ?? [];
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (!field) throw new Refusal(400, `The list cannot be sorted by ${part}.`);
  return { field, sign: sign === "-" ? -1 : 1 };
}
