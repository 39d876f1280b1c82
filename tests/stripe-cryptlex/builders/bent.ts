// Payloads with one thing about them changed, by dotted path.

type Path = string;

/** A copy of the event whose object has `value` at this path; `undefined` takes it away. */
export function bent<E extends { data: { object: Record<string, unknown> } }>(
  event: E,
  path: Path,
  value: unknown,
): E {
  const copy = structuredClone(event);
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>(
    (inner, key) => (inner as Record<string, unknown>)[key],
    copy.data.object,
  ) as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

/** The paths of everything in a payload, of lists their first member only. */
export function pathsIn(value: unknown, prefix = ""): Path[] {
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()].slice(0, 1) : Object.entries(value);
  return entries.flatMap(([key, inner]) => [
    `${prefix}${key}`,
    ...pathsIn(inner, `${prefix}${key}.`),
  ]);
}
