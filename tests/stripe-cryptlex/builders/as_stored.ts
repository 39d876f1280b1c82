// What comes back of a value that Postgres kept as jsonb.

/** The same value, its keys in jsonb's order: the shorter first, then by bytes. */
export function asStored<T>(value: T): T {
  return reordered(JSON.parse(JSON.stringify(value))) as T;
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, reordered(inner)] as const);
  return Object.fromEntries(
    entries.sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)),
  );
}
