// What a look at one thing comes to. Pure.

export type Finding = {
  /** What was looked at. */
  readonly name: string;
  readonly state: "ok" | "failed" | "skipped";
  /** What was seen; of a skipped one, why it could not be looked at. */
  readonly found: string;
  /** What to do about it. */
  readonly cure?: string;
};

export function ok(name: string, found: string): Finding {
  return { name, state: "ok", found };
}

export function failed(name: string, found: string, cure: string): Finding {
  return { name, state: "failed", found, cure };
}

/** `cure`: what would allow a look. */
export function skipped(name: string, found: string, cure?: string): Finding {
  return { name, state: "skipped", found, ...(cure === undefined ? {} : { cure }) };
}

/** `1 plan`, `2 plans`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
