// The doctor's look at what was set up.

import { z } from "zod";
import { allChecks } from "../doctor/all_checks.ts";
import { drainJob } from "../doctor/checks/schedule.ts";
import type { ExamTools } from "../doctor/exam.ts";
import type { Finding } from "../doctor/finding.ts";
import { look } from "../doctor/run_doctor.ts";
import type { CallDoor } from "../operator/call_doors.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** What is looked at with the set-up's key, which may read endpoints, and not with the function's. */
const ofSetupKey = "Stripe endpoint";

/** `env`: the function's settings as far as they are known. */
export async function lookOver(
  { env, stripeKey, functionUrl }: { env: Env; stripeKey: string; functionUrl: string },
  { tools, tell }: { tools: ExamTools; tell: (finding: Finding) => void },
): Promise<Finding[]> {
  const hasOwnKey = Boolean(env.STRIPE_SECRET_KEY?.trim());
  const own = allChecks.filter(({ about, needs }) =>
    about !== ofSetupKey && (hasOwnKey || needs !== "Stripe key")
  );
  const endpoint = allChecks.filter(({ about }) => about === ofSetupKey);
  return [
    ...await look({ env, functionUrl }, { checks: own, tools, tell }),
    ...await look(
      { env: { ...env, STRIPE_SECRET_KEY: stripeKey }, functionUrl },
      { checks: endpoint, tools, tell },
    ),
  ];
}

const diagnosis = z.object({
  schedule: z.object({
    jobs: z.array(z.object({ name: z.string(), last_run_at: z.string().nullable() })).nullable(),
  }),
});

/** A schedule just made has not run yet: waits for its first run, a minute at most. */
export async function awaitSchedule(door: CallDoor, { wait }: ExamTools): Promise<void> {
  for (let count = 0; count < 20; count++) {
    const { schedule } = await door("diagnose", {}, diagnosis);
    const job = schedule.jobs?.find(({ name }) => name === drainJob);
    if (job === undefined || job.last_run_at !== null) return;
    await wait(3000);
  }
}
