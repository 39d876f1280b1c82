// Which events are meant: the words of the command line -> a selection. Pure.

import { z } from "zod";
import { UsageError } from "../run_command.ts";

/** Events by id, all that are parked, or those received since a time. */
export type Selection =
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "parked" }
  | { readonly kind: "since"; readonly since: Date };

const secondsOf: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

const instant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/**
 * The selection these words make; `now` is what a duration counts back from.
 *
 * @throws {UsageError} there is none or more than one, or it is written otherwise.
 */
export function readSelection(
  words: { ids: readonly string[]; parked: boolean; since: string | undefined },
  now: Date,
): Selection {
  const { ids, parked, since } = words;
  const kinds = [ids.length > 0, parked, since !== undefined].filter((isGiven) => isGiven);
  if (kinds.length !== 1) {
    throw new UsageError(
      "Say which events: ids (evt_…), or --parked, or --since; one of the three. See --help.",
    );
  }
  if (since !== undefined) return { kind: "since", since: readSince(since, now) };
  if (parked) return { kind: "parked" };
  const wrong = ids.find((id) => !/^evt_\w+$/.test(id));
  if (wrong !== undefined) {
    throw new UsageError(`Not the id of a Stripe event, evt_…: ${wrong}`);
  }
  return { kind: "ids", ids: [...new Set(ids)] };
}

/**
 * A moment in the past: a duration before `now`, or a date.
 *
 * @throws {UsageError} it is neither.
 */
export function readSince(text: string, now: Date): Date {
  const since = readDuration(text, now) ?? readInstant(text);
  if (since === null) {
    throw new UsageError(
      `--since is neither a duration (90m, 12h, 3d, 2w) nor a date (2026-11-20, in UTC, or ` +
        `2026-11-20T09:30:00Z): ${text}`,
    );
  }
  if (since >= now) throw new UsageError(`--since is not in the past: ${text}`);
  return since;
}

function readDuration(text: string, now: Date): Date | null {
  const [, count, unit = ""] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  const seconds = secondsOf[unit];
  if (seconds === undefined) return null;
  // Before 1970 nothing came, and years get signs.
  return new Date(Math.max(0, now.getTime() - Number(count) * seconds * 1000));
}

function readInstant(text: string): Date | null {
  return instant.safeParse(text).success ? new Date(text) : null;
}
