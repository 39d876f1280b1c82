// Does anything have the function work off what waits?

import { type Diagnosis, readDiagnosis, untold } from "../diagnosis.ts";
import type { Exam } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";
import { bare, isLoopback } from "../http.ts";

/** The job that asks for drains. */
export const drainJob = "stripe-cryptlex-drain";

/** Jobs that must have run within this time, milliseconds: they run every minute at least. */
const longestRestMs = 5 * 60_000;

export async function checkSchedule(exam: Exam): Promise<Finding[]> {
  const diagnosis = await readDiagnosis(exam);
  if (diagnosis === null) return [skipped("schedule", untold)];
  const { has_cron, has_net } = diagnosis.schedule;
  const lacking = [...(has_cron ? [] : ["pg_cron"]), ...(has_net ? [] : ["pg_net"])];
  if (lacking.length > 0) return [withoutExtensions(exam, lacking)];
  return [jobs(exam, diagnosis), address(exam, diagnosis), answers(diagnosis)];
}

function withoutExtensions({ settings, functionUrl }: Exam, lacking: string[]): Finding {
  const found = `${lacking.join(" and ")} not there`;
  const isElsewhere = !/\.supabase\.co$/.test(new URL(settings.supabaseUrl).hostname);
  if (isLoopback(functionUrl) || (isElsewhere && settings.drainSecrets.length > 0)) {
    return skipped("schedule", `${found}: another scheduler has to call drain`);
  }
  return failed(
    "schedule",
    `${found}: nothing works off what waits`,
    "enable them under Database, Extensions, then in the SQL editor: select licensing.schedule_jobs()",
  );
}

function jobs({ now }: Exam, { schedule }: Diagnosis): Finding {
  const name = "schedule";
  if (schedule.jobs === null) {
    return skipped(name, "cron.job does not show", "in the SQL editor: select * from cron.job");
  }
  const drain = schedule.jobs.find((job) => job.name === drainJob);
  const again = "in the SQL editor: select licensing.schedule_jobs()";
  if (drain === undefined) return failed(name, "no job asks for drains", again);
  if (!drain.active) return failed(name, "the job that asks for drains is switched off", again);
  const { last_run_at: ranAt, last_status: status } = drain;
  if (ranAt === null || now().getTime() - ranAt.getTime() > longestRestMs) {
    return failed(
      name,
      ranAt === null ? "the job has never run" : `the job last ran at ${ranAt.toISOString()}`,
      "pg_cron is not running: restart the database in Supabase's dashboard, Settings",
    );
  }
  if (status === "failed") {
    return failed(
      name,
      "the job's last run failed",
      "in the SQL editor: select * from cron.job_run_details order by start_time desc; it says why",
    );
  }
  return ok(name, `${schedule.jobs.length} jobs, the drain's ${drain.schedule}`);
}

function address({ functionUrl }: Exam, { function_url }: Diagnosis): Finding {
  const name = "function's address";
  if (function_url === null) {
    return failed(
      name,
      "the database does not know it",
      `open ${functionUrl}/health once; elsewhere than on Supabase: update licensing.schedule set function_url = '${functionUrl}'`,
    );
  }
  return bare(function_url) === bare(functionUrl) ? ok(name, "the database knows it") : failed(
    name,
    `the database asks ${bare(function_url)} for drains`,
    `update licensing.schedule set function_url = '${functionUrl}', or say --function-url`,
  );
}

/** Others' requests are among them: only when none of ours went well do they tell of us. */
function answers({ schedule }: Diagnosis): Finding {
  const name = "drains asked for";
  if (schedule.answers === null) {
    return skipped(
      name,
      "net._http_response does not show",
      "in the SQL editor: select * from net._http_response order by created desc",
    );
  }
  const drains = schedule.answers.filter((answer) => answer.is_drain).length;
  if (drains > 0) return ok(name, `of the last answers ${drains} from drains`);
  // A drain that goes on without a listener times out.
  const refused = schedule.answers.filter(({ timed_out, status_code }) =>
    !timed_out && (status_code === null || status_code >= 400)
  );
  const [latest] = refused;
  if (latest === undefined) return ok(name, "none refused in the last hour");
  return failed(
    name,
    `none answered, the last request of this database got ${latest.status_code ?? "no answer"}`,
    latest.status_code === 401
      ? "supabase functions deploy, from this repository: verify_jwt must be off"
      : "in the SQL editor: select * from net._http_response order by created desc; is function_url of licensing.schedule right?",
  );
}
