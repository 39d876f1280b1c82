// How far a run has come, in a small file: one that was stopped goes on from there. Ids only.

import { z } from "zod";
import { readFileIfThere, replaceFile } from "../replace_file.ts";
import { type Finding, type FindingKind, findingKinds, type FindingState } from "./finding.ts";
import { phases } from "./read_purchases.ts";

const finding = z.object({
  kind: z.enum(Object.keys(findingKinds) as [FindingKind, ...FindingKind[]]),
  state: z.enum(["open", "person", "fixed", "failed", "noted"] satisfies FindingState[]),
  purchaseId: z.string().nullable(),
  licenseId: z.string().nullable(),
  eventId: z.string().exactOptional(),
  found: z.string(),
  proposal: z.string().nullable(),
}) satisfies z.ZodType<Finding>;

const state = z.object({
  /** What was asked for: of whom, how, by which settings. */
  question: z.string(),
  begunAt: z.string(),
  /** Null: all purchases are read. */
  cursor: z.object({ phase: z.enum(phases), after: z.string().nullable() }).nullable(),
  compared: z.number(),
  unmapped: z.number(),
  /** Licenses that belong to a purchase of Stripe's. */
  matched: z.array(z.string()),
  /** Ids of purchases that wait for a person to say whose a license is, by that license. */
  candidates: z.record(z.string(), z.array(z.string())),
  heldBack: z.array(z.string()),
  findings: z.array(finding),
});

export type RunState = z.infer<typeof state>;

/** A run older than this begins anew: too much has changed, milliseconds. */
const longestPauseMs = 24 * 60 * 60 * 1000;

/** The state of a run of the same question that was stopped; null: there is none. */
export async function resumed(path: string, question: string, now: Date): Promise<RunState | null> {
  const text = await readFileIfThere(path);
  if (text === null) return null;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  const parsed = state.safeParse(found);
  if (!parsed.success || parsed.data.question !== question) return null;
  return now.getTime() - Date.parse(parsed.data.begunAt) > longestPauseMs ? null : parsed.data;
}

export async function keep(path: string, state: RunState): Promise<void> {
  await replaceFile(path, JSON.stringify(state));
}

/** It is done: there is nothing to go on with. */
export async function forget(path: string): Promise<void> {
  await Deno.remove(path).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
