// JSON that Postgres can store. Its jsonb has no NUL character and no half of a surrogate pair;
// both can be typed into a name at a checkout, and would make every delivery of that event fail.

/** As JSON text writes what jsonb cannot hold (and what a backslash makes look like it). */
const suspect = /\\u(?:0000|d[89a-f])/;

/** The value as JSON text, each character jsonb cannot hold replaced by U+FFFD. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  // Nearly always: rewriting every object takes longer than all else that is done with an event.
  if (!suspect.test(text)) return text;
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string") return storable(inner);
    if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([key, v]) => [storable(key), v]));
  });
}

function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").toWellFormed();
}
