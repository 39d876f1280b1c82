// The filters of lists: `name=value` and `name[op]=value`, all of which must hold. Knows no record;
// what can be asked of one is a table of fields.

import type { Account } from "./account.ts";
import {
  createTest,
  type Operator,
  type Scalar,
  type Test,
  type ValueType,
} from "./filter_operator.ts";
import { Refusal } from "./refusal.ts";

/** One thing a list can be filtered and sorted by. */
export type FilterField<T> = {
  readonly type: ValueType;
  /** What `name[op]` may be. */
  readonly operators: readonly Operator[];
  /** What `name=value` means. */
  readonly bare: Operator;
  /** A column of the metadata entries: `metadataPairing` may bind it to the other column. */
  readonly paired?: boolean;
  read(record: T, account: Account): readonly Scalar[];
};
/** The fields by their name in the query. */
export type FilterFields<T> = Readonly<Record<string, FilterField<T>>>;

type Filter<T> = Test & { readonly field: FilterField<T> };

/**
 * Whether a record passes every filter of `query`; `page`, `limit` and `sort` are no filters.
 *
 * @throws {Refusal} 400 for a value the field does not take, and for a filter or operator the list
 * does not have unless those are ignored.
 */
export function createFilter<T>(
  query: URLSearchParams,
  fields: FilterFields<T>,
  account: Account,
): (record: T) => boolean {
  const filters: Filter<T>[] = [];
  for (const [parameter, text] of query) {
    if (["page", "limit", "sort"].includes(parameter)) continue;
    const [, name = "", asked] = /^([\w.]+)(?:\[(\w+)\])?$/.exec(parameter) ?? [];
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const operator = asked === undefined
      ? field?.bare
      : field?.operators.find((known) => known === asked);
    if (field && operator) {
      filters.push({ field, ...createTest(field.type, { operator, text }, account.switches) });
    } else if (account.switches.unknownFilters === "refused") {
      throw new Refusal(400, `The list has no filter ${parameter}.`);
    }
  }
  const pairs = account.switches.metadataPairing === "same_entry";
  const paired = filters.filter(({ field }) => pairs && field.paired);
  const single = filters.filter((filter) => !paired.includes(filter));
  return (record) =>
    single.every(({ field, holds, negated }) =>
      field.read(record, account).some(holds) !== negated
    ) && (paired.length === 0 || someEntryPasses(record, paired, account));
}

function someEntryPasses<T>(record: T, filters: readonly Filter<T>[], account: Account): boolean {
  const columns = filters.map((filter) => ({
    ...filter,
    values: filter.field.read(record, account),
  }));
  return columns[0]?.values.some((_, entry) =>
    columns.every(({ values, holds, negated }) => holds(values[entry] ?? null) !== negated)
  ) ?? false;
}
