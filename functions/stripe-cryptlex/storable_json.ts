// JSON that Postgres can store. Its jsonb has no NUL character and no half of a surrogate pair;
// both can be typed into a name at a checkout, and would make every delivery of that event fail.

/** The value as JSON text, each character jsonb cannot hold replaced by U+FFFD. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string") return storable(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, v]) => [storable(key), v]));
  });
}

function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
