// The function where Stripe and the database call it.

import type { Exam } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";
import { type Answer, isLoopback, said } from "../http.ts";

const deploy = "supabase functions deploy, from this repository";

export async function checkFunction(exam: Exam): Promise<Finding[]> {
  const name = "function";
  const health = await exam.function("/health");
  if (health.status !== 200) {
    return [failed(name, `GET /health answers ${said(health)}`, cureOf(health))];
  }
  return [
    ok(name, "GET /health answers 200"),
    await unsigned(exam),
    await secret(exam),
  ];
}

function cureOf({ status, body }: Answer): string {
  switch (status) {
    case 0:
      return "is SUPABASE_URL right, or the address given as --function-url?";
    case 401:
      return isGateway(body) ? jwtCure : `${deploy}: another function answers there`;
    case 404:
      return deploy;
    default:
      return "look at the function's log in Supabase's dashboard: \"Cannot start\" there names what is not set";
  }
}

const jwtCure =
  `${deploy}: its supabase/config.toml has verify_jwt = false, and Stripe can send no JWT`;

/** Supabase's gateway, that asks for a JWT of its own (supabase.com/docs, functions/error-codes). */
function isGateway(body: unknown): boolean {
  return /authorization header|JWT|UNAUTHORIZED_/i.test(JSON.stringify(body ?? ""));
}

/** A delivery without a signature must come as far as the function. */
async function unsigned(exam: Exam): Promise<Finding> {
  const name = "deliveries";
  const answer = await exam.function("", { method: "POST", body: {} });
  if (answer.status === 400) return ok(name, "reach it; without a signature the answer is 400");
  const found = `a delivery without a signature is answered ${said(answer)}, not 400`;
  return failed(name, found, answer.status === 401 ? jwtCure : cureOf(answer));
}

async function secret(exam: Exam): Promise<Finding> {
  const name = "drain secret";
  const [secret] = exam.settings.drainSecrets;
  if (secret === undefined) {
    return skipped(name, "no CRON_SECRET here; the database has a secret of its own");
  }
  if (!exam.functionUrl.startsWith("https:") && !isLoopback(exam.functionUrl)) {
    return skipped(name, "not shown to an address without https");
  }
  const answer = await exam.function("/health", { headers: { authorization: `Bearer ${secret}` } });
  if (answer.status === 200) return ok(name, "CRON_SECRET is taken");
  return failed(
    name,
    `CRON_SECRET is answered ${said(answer)}`,
    answer.status === 401
      ? "supabase secrets set CRON_SECRET=… the same there and where drains are asked for"
      : "it cannot ask its database: see the function's log",
  );
}
