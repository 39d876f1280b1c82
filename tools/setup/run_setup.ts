// The story of a set-up: look, say what has to change, change it, see it work.

import { fileURLToPath } from "node:url";
import type { ExamTools } from "../doctor/exam.ts";
import type { Finding } from "../doctor/finding.ts";
import { UsageError } from "../run_command.ts";
import type { Asker } from "./ask.ts";
import type { Change } from "./change.ts";
import { type ChangeLine, lineOf } from "./change_line.ts";
import { lookAround, type Situation } from "./look_around.ts";
import { makeChanges } from "./make_changes.ts";
import type { SetupOrder } from "./order.ts";
import { deletedBy, planChanges } from "./plan_changes.ts";
import { proveSetup } from "./prove_setup.ts";
import type { SetupShow } from "./show_setup.ts";
import { createStage } from "./stage.ts";

export type SetupReport = {
  /** Nothing failed. */
  readonly ok: boolean;
  readonly project: string;
  readonly mode: "live" | "test";
  readonly dry_run: boolean;
  /** In order; all of them are made or, in a dry run, none. */
  readonly changes: readonly ChangeLine[];
  /** The test event's before all; none in a dry run. */
  readonly checks: readonly Finding[];
};

/** @throws {Error} what was not possible; a UsageError comes before anything is changed. */
export async function runSetup(
  order: SetupOrder,
  { show, tools }: { show: SetupShow; tools: ExamTools },
): Promise<SetupReport> {
  const { flags, asker } = order;
  const stage = await createStage(order.repository);
  try {
    const situation = await lookAround(order, { stage, tools, tell: show.finding });
    const { project, stripe, mode, needs } = situation;
    const changes = planChanges(needs);
    const lines = changes.map(lineOf);
    const dryRun = flags["dry-run"] === true;
    const whose = `project ${project.ref} and Stripe's ${mode} mode`;
    show.plan(lines, { whose, dryRun });
    const report = { project: project.ref, mode, dry_run: dryRun, changes: lines };
    if (dryRun) return { ...report, ok: true, checks: [] };

    if (!flags.yes) await confirm(changes, asker);
    const made = await makeChanges(changes, {
      hands: { project, stripe, stage, repository: fileURLToPath(order.repository) },
      made: show.made,
    });
    if (made !== null) order.heard(made.signingSecret);
    const checks = await proveSetup({
      ...situation,
      seen: changes.length === 0 ? situation.seen : null,
      endpoint: made ?? knownEndpoint(situation),
      isFresh: needs.migrations.length > 0,
    }, { tools, tell: show.finding });
    show.end(checks, whose);
    return { ...report, ok: checks.every(({ state }) => state !== "failed"), checks };
  } finally {
    await stage.remove();
  }
}

/** @throws {Error} they are not to be made: a UsageError where nobody can be asked about a deletion. */
async function confirm(changes: readonly Change[], asker: Asker | null): Promise<void> {
  if (asker === null) {
    const deleted = deletedBy(changes);
    if (deleted.length === 0) return;
    throw new UsageError(
      `Nothing was changed: ${
        deleted.join(" and ")
      } would be deleted, and there is no terminal to ` +
        "ask at: say --yes",
    );
  }
  if (changes.length > 0 && !await asker.confirm("Make these changes?")) {
    throw new Error("Stopped: nothing was changed");
  }
}

/** One that was there. */
function knownEndpoint(
  { needs: { endpoint } }: Situation,
): { id: string; signingSecret: string | null } {
  if (endpoint.kind === "create") throw new Error("The endpoint to be made was not made");
  const { secret, endpoint: { id } } = endpoint;
  const signingSecret = secret.kind === "stored"
    ? secret.value
    : secret.kind === "store"
    ? secret.values[0] ?? null
    : null;
  return { id, signingSecret };
}
