// The ledger: reachable, up to date, and nothing in it that waits for a person.

import { type Answer, said } from "../http.ts";
import { type Health, readDiagnosis, readHealth, untold } from "../diagnosis.ts";
import type { Exam } from "../exam.ts";
import { counted, failed, type Finding, ok, skipped } from "../finding.ts";

/** Longer nothing waits while all is well. */
const longestWaitMs = 3600_000;

export async function checkDatabase(exam: Exam): Promise<Finding[]> {
  const name = "database";
  const [oldDoor, newDoor] = [await exam.door("licensing_health"), await exam.door("diagnose")];
  if (oldDoor.status !== 200) return [failed(name, ...refusal(oldDoor))];
  const isWhole = await readDiagnosis(exam) !== null && await readHealth(exam) !== null;
  return [
    ok(name, "takes the secret key"),
    newDoor.status === 200 && isWhole
      ? ok("migrations", "all applied")
      : failed("migrations", `the newest door answers ${explain(newDoor)}`, pushMigrations),
  ];
}

const pushMigrations = "supabase db push --remote";

function refusal(answer: Answer): [found: string, cure: string] {
  const found = `it answers ${explain(answer)}`;
  switch (answer.status) {
    case 0:
      return [found, "is SUPABASE_URL right? A paused project is restored in Supabase's dashboard"];
    case 401:
    case 403:
      return [
        found,
        "SUPABASE_SERVICE_ROLE_KEY must be the project's secret key, sb_secret_…, not a publishable one",
      ];
    case 404:
      return [
        found,
        `is SUPABASE_URL right? If it is, no migration was ever applied: ${pushMigrations}`,
      ];
    default:
      return [found, "look at the database's log in Supabase's dashboard; try again"];
  }
}

/** Its code tells enough; its message may quote what it was given. */
function explain(answer: Answer): string {
  const { body } = answer;
  const code = typeof body === "object" && body !== null && "code" in body ? body.code : "";
  const isCode = typeof code === "string" && /^[A-Z0-9]{3,12}$/.test(code);
  return isCode ? `${said(answer)} ${code}` : said(answer);
}

/** What waits, what is parked, and what the function had to say about its keys. */
export async function checkEvents(exam: Exam): Promise<Finding[]> {
  const [health, diagnosis] = [await readHealth(exam), await readDiagnosis(exam)];
  if (health === null || diagnosis === null) return [skipped("events", untold)];
  const isOld = health.oldest_pending !== null &&
    exam.now().getTime() - health.oldest_pending.getTime() > longestWaitMs;
  const paused = health.paused_until === null ? "" : "; Cryptlex asked for a pause";
  return [
    health.parked === 0 ? ok("parked events", "none") : failed(
      "parked events",
      `${counted(health.parked, "event")} for a person, since ${day(diagnosis.oldest_parked)}`,
      "look at licensing.stuck, mend what it says, then: deno task replay --parked",
    ),
    isOld
      ? failed(
        "waiting events",
        `${counted(health.pending, "event")}, the oldest since ${
          day(health.oldest_pending)
        }${paused}`,
        "look at licensing.stuck; when nothing there says why, nobody asks for a drain: see the schedule",
      )
      : ok("waiting events", `${health.pending}${held(health)}${paused}`),
    ...refusedKeys(health),
  ];
}

function held({ held }: Health): string {
  return held === 0 ? "" : `, and ${held} held by a rehearsal (RECORD_ONLY)`;
}

function refusedKeys(health: Health): Finding[] {
  const refusals: [Date | null, found: string, cure: string][] = [
    [
      health.token_refused_since,
      "Cryptlex refuses the function's token",
      "supabase secrets set CRYPTLEX_ACCESS_TOKEN=… with license and user, read and write",
    ],
    [
      health.stripe_refused_since,
      "Stripe refuses the function's key",
      "supabase secrets set STRIPE_SECRET_KEY=… with the permissions of the README",
    ],
    [
      health.stripe_not_found_since,
      "Stripe does not know what the function asks for",
      "supabase secrets set STRIPE_SECRET_KEY=… of the account and mode whose endpoint this is",
    ],
  ];
  const name = "function's keys";
  const since = refusals.flatMap(([since, found, cure]) =>
    since === null ? [] : [failed(name, `${found} since ${day(since)}`, cure)]
  );
  return since.length > 0 ? since : [ok(name, "none was refused at its last use")];
}

/** Test and live events in one ledger, or only those that are not acted on. */
export async function checkModes(exam: Exam): Promise<Finding[]> {
  const name = "test and live";
  const diagnosis = await readDiagnosis(exam);
  if (diagnosis === null) return [skipped(name, untold)];
  const { live, test } = diagnosis.modes;
  const { livemode } = exam.settings;
  const found = `of the last day's events ${live} live, ${test} test`;
  if (livemode === null && live > 0 && test > 0) {
    return [failed(
      name,
      `${found}: both make licenses`,
      "set STRIPE_SECRET_KEY, whose mode alone is acted on; or take the other mode's endpoint away",
    )];
  }
  const [heeded, ignored] = livemode ? [live, test] : [test, live];
  if (livemode !== null && heeded === 0 && ignored > 0) {
    return [failed(
      name,
      `${found}; the key is of ${livemode ? "live" : "test"} mode, so all are ignored`,
      "supabase secrets set STRIPE_SECRET_KEY=… and STRIPE_WEBHOOK_SECRET=… of one mode",
    )];
  }
  return [ok(name, found)];
}

function day(date: Date | null): string {
  return date === null
    ? "an unknown time"
    : `${date.toISOString().slice(0, 16).replace("T", " ")}Z`;
}
