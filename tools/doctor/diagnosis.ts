// What the database tells, read.

import { z } from "zod";
import type { Exam } from "./exam.ts";

const date = z.string().transform((text) => new Date(text)).nullish()
  .transform((value) => value ?? null);

const job = z.object({
  name: z.string(),
  schedule: z.string(),
  active: z.boolean(),
  last_run_at: date,
  last_status: z.string().nullable(),
});

const answer = z.object({
  created: date,
  status_code: z.number().nullable(),
  timed_out: z.boolean(),
  is_drain: z.boolean(),
});

const plan = z.object({
  stripe_id: z.string(),
  cryptlex_product_id: z.string(),
  license_template_id: z.string().nullable(),
  entitlement_set_id: z.string().nullable(),
});

const diagnosis = z.object({
  now: date,
  function_url: z.string().nullable(),
  rehearsal: z.boolean(),
  told_at: date,
  schedule: z.object({
    has_cron: z.boolean(),
    has_net: z.boolean(),
    jobs: z.array(job).nullable(),
    answers: z.array(answer).nullable(),
  }),
  oldest_parked: date,
  modes: z.object({ live: z.number(), test: z.number() }),
  plans: z.array(plan),
});

const health = z.object({
  pending: z.number(),
  oldest_pending: date,
  held: z.number(),
  parked: z.number(),
  paused_until: date,
  token_refused_since: date,
  stripe_refused_since: date,
  stripe_not_found_since: date,
});

/** What `public.diagnose` tells. */
export type Diagnosis = z.infer<typeof diagnosis>;
/** A row of `licensing.plans`. */
export type Plan = z.infer<typeof plan>;
/** What `public.licensing_health` tells. */
export type Health = z.infer<typeof health>;

/** Null: it does not tell, which is for the check of the database to say. */
export async function readDiagnosis(exam: Pick<Exam, "door">): Promise<Diagnosis | null> {
  return diagnosis.safeParse((await exam.door("diagnose")).body).data ?? null;
}

/** Null likewise. */
export async function readHealth(exam: Pick<Exam, "door">): Promise<Health | null> {
  return health.safeParse((await exam.door("licensing_health")).body).data ?? null;
}

/** Why a check that needs it is skipped. */
export const untold = "the database does not tell";
