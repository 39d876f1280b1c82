// Reads payloads by path, as a stranger would: knows no builders.

/**
 * The value at a dotted path such as `lines.data.0.period`; undefined where the path breaks off.
 */
export function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

type SnapshotEvent = { data: { object: Record<string, unknown> } };

/** The snapshot in an event. */
export function objectOf(event: SnapshotEvent): Record<string, unknown> {
  return event.data.object;
}

/** The lines of an invoice event. */
export function linesOf(event: SnapshotEvent): Record<string, unknown>[] {
  return at(event.data.object, "lines.data") as Record<string, unknown>[];
}

/** The period of a line as two ISO dates without milliseconds. */
export function periodOf(line: unknown): [string, string] {
  return [iso(at(line, "period.start")), iso(at(line, "period.end"))];
}

/** Unix seconds as `2026-11-02T10:00:00Z`. */
export function iso(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toISOString().replace(".000Z", "Z");
}
