// A payload -> what it says, or why it cannot be understood: in names of fields, never in values.

import type { z } from "zod";
import type { Reading } from "./reading.ts";

/** What `read` makes of the object; parked, naming the fields, where it is not as `schema` says. */
export function understand<T extends z.ZodType>(
  schema: T,
  object: unknown,
  read: (value: z.infer<T>) => Reading,
): Reading {
  const parsed = schema.safeParse(object);
  return parsed.success ? read(parsed.data) : notUnderstood(problemOf(parsed.error));
}

/** Parked, for that problem. */
export function notUnderstood(problem: string): Reading {
  return { kind: "parked", reason: `cannot be understood: ${problem}` };
}

/**
 * Names the fields, never their values: a payload holds people's names and addresses. What metadata
 * is filed under is somebody's words too.
 */
export function problemOf(error: z.ZodError): string {
  const fields = error.issues.map((issue) => {
    const ours = issue.path.slice(0, issue.path.indexOf("metadata") + 1 || undefined);
    const path = ours.join(".") || "the whole of it";
    return issue.code === "invalid_type" ? `${path} (expected ${issue.expected})` : path;
  });
  return missing(...new Set(fields));
}

/** The problem with these fields. */
export function missing(...fields: readonly string[]): string {
  return `missing or of another type: ${fields.slice(0, 5).join(", ")}`;
}
