import assert from "node:assert/strict";
import { checkSchedule } from "../../../../tools/doctor/checks/schedule.ts";
import { diagnosed, examOf, provoked, schedule } from "../healthy.ts";

const [job] = schedule.jobs;
const withSchedule = (changes: Partial<Record<keyof typeof schedule, unknown>>) => ({
  world: diagnosed({ schedule: { ...schedule, ...changes } }),
});
const withJob = (changes: Record<string, unknown>) =>
  withSchedule({ jobs: [{ ...job, ...changes }] });
const answered = (changes: Record<string, unknown>) =>
  withSchedule({
    answers: [{ created: null, status_code: null, timed_out: false, is_drain: false, ...changes }],
  });
const again = /select licensing\.schedule_jobs\(\)/;

provoked("schedule", checkSchedule, {
  "no extensions": {
    broken: withSchedule({ has_cron: false, has_net: false, jobs: null, answers: null }),
    name: "schedule",
    found: /^pg_cron and pg_net not there/,
    cure: again,
  },
  "no job": {
    broken: withSchedule({ jobs: [] }),
    name: "schedule",
    found: /^no job/,
    cure: again,
  },
  "a job that is off": {
    broken: withJob({ active: false }),
    name: "schedule",
    found: /switched off/,
    cure: again,
  },
  "a job that never ran": {
    broken: withJob({ last_run_at: null, last_status: null }),
    name: "schedule",
    found: /never run/,
    cure: /restart the database/,
  },
  "a job that no longer runs": {
    broken: withJob({ last_run_at: "2026-11-24T11:00:00Z" }),
    name: "schedule",
    found: /last ran at 2026-11-24T11/,
    cure: /restart the database/,
  },
  "a job that fails": {
    broken: withJob({ last_status: "failed" }),
    name: "schedule",
    found: /last run failed/,
    cure: /cron\.job_run_details/,
  },
  "jobs that do not show": {
    broken: withSchedule({ jobs: null }),
    name: "schedule",
    state: "skipped",
    found: /does not show/,
    cure: /select \* from cron\.job/,
  },
  "an unknown address": {
    broken: { world: diagnosed({ function_url: null }) },
    name: "function's address",
    found: /does not know it/,
    cure: /open https:\/\/ref\.supabase\.co\/.*\/health once/,
  },
  "another address": {
    broken: { world: diagnosed({ function_url: "https://old.supabase.co/x" }) },
    name: "function's address",
    found: /asks https:\/\/old\.supabase\.co\/x for drains/,
    cure: /update licensing\.schedule/,
  },
  "drains refused for want of a JWT": {
    broken: answered({ status_code: 401 }),
    name: "drains asked for",
    found: /got 401$/,
    cure: /verify_jwt must be off/,
  },
  "drains sent nowhere": {
    broken: answered({}),
    name: "drains asked for",
    found: /got no answer$/,
    cure: /function_url of licensing\.schedule/,
  },
  "answers that do not show": {
    broken: withSchedule({ answers: null }),
    name: "drains asked for",
    state: "skipped",
    found: /does not show/,
    cure: /net\._http_response/,
  },
});

Deno.test("where another scheduler drains, or nothing was due, nothing is amiss", async () => {
  const elsewhere = examOf({
    ...withSchedule({ has_cron: false }),
    functionUrl: "http://127.0.0.1:8000/stripe-cryptlex",
  });
  const [finding] = await checkSchedule(elsewhere.exam);
  assert.deepEqual([finding?.state, finding?.found], [
    "skipped",
    "pg_cron not there: another scheduler has to call drain",
  ]);
  for (const quiet of [withSchedule({ answers: [] }), answered({ timed_out: true })]) {
    assert.ok((await checkSchedule(examOf(quiet).exam)).every(({ state }) => state === "ok"));
  }
});
