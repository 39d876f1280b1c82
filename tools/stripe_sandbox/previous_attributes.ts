// What Stripe tells of the state before an update: the changed fields with their former values, of
// a hash only its changed keys, of a list or an array the whole. Pure.

type Fields = Record<string, unknown>;

/** Of an unchanged object nothing. A field that was not there before is told as null. */
export function previousAttributes(before: Fields, after: Fields): Fields {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const previous: Fields = {};
  for (const name of names) {
    const [was, is] = [before[name], after[name]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    previous[name] = isHash(was) && isHash(is) ? previousAttributes(was, is) : was ?? null;
  }
  return previous;
}

function isHash(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    (value as Fields).object !== "list";
}
