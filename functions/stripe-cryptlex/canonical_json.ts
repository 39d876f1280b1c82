// One text for one value, whatever order its keys came in. Postgres stores jsonb keys in an order
// of its own, so comparing plain JSON.stringify would compare two accidents.

/** The value as JSON with the keys of every object sorted. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
