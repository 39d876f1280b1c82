// Sees the set-up work: an event arrives, and the doctor finds all well.

import { type Finding, skipped } from "../doctor/finding.ts";
import type { ExamTools } from "../doctor/exam.ts";
import { createDoorCaller, doorClient } from "../operator/call_doors.ts";
import { withProgress } from "../operator/progress.ts";
import type { SeenProject } from "./look_around.ts";
import type { Env } from "./order.ts";
import { awaitSchedule, lookOver } from "./look_over.ts";
import type { SupabaseProject } from "./supabase_project.ts";
import { proveArrival, testEventId } from "./test_event.ts";

export type Proven = {
  readonly project: SupabaseProject;
  readonly env: Env;
  readonly functionUrl: string;
  readonly stripeKey: string;
  readonly mode: "live" | "test";
  /** `signingSecret` null: nobody told it. */
  readonly endpoint: { readonly id: string; readonly signingSecret: string | null };
  /** Its schedule was just made. */
  readonly isFresh: boolean;
  /** The project as it was seen to be; null: it has been changed since. */
  readonly seen: SeenProject | null;
};

/** The test event first. */
export async function proveSetup(
  { project, env, functionUrl, stripeKey, mode, endpoint, isFresh, seen }: Proven,
  { tools, tell }: { tools: ExamTools; tell: (finding: Finding) => void },
): Promise<Finding[]> {
  const [secretKey, { deployed, secrets }] = await withProgress(
    "project",
    1,
    () => Promise.all([project.secretKey(), seen ?? see(project)]),
  );
  if (secretKey === null) {
    const none = skipped(
      "project",
      "Supabase did not give its secret key: nothing can be seen arriving",
      "set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_…, then: deno task doctor",
    );
    tell(none);
    return [none];
  }
  const url = env.SUPABASE_URL ?? "";
  const door = createDoorCaller(doorClient({ url, secretKey }));
  const id = await testEventId(endpoint.id, {
    deployed: deployed?.digest ?? "",
    keyDigest: secrets.get("STRIPE_SECRET_KEY") ?? "",
  });
  const test = await withProgress(
    "test event",
    1,
    () => proveArrival(id, { functionUrl, mode, secret: endpoint.signingSecret, door, tools }),
  );
  tell(test);
  if (isFresh) {
    await withProgress("schedule", 1, () => awaitSchedule(door, tools));
  }
  const known = { ...env, SUPABASE_SECRET_KEYS: "", SUPABASE_SERVICE_ROLE_KEY: secretKey };
  return [test, ...await lookOver({ env: known, stripeKey, functionUrl }, { tools, tell })];
}

async function see(project: SupabaseProject): Promise<SeenProject> {
  const [deployed, secrets] = await Promise.all([project.deployed(), project.secretDigests()]);
  return { deployed, secrets };
}
