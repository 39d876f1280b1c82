// Looks at everything and tells what was found; nothing secret leaves here.

import { maskAddresses } from "../../functions/stripe-cryptlex/mask_addresses.ts";
import { hideSecrets, secretsIn } from "../operator/hide_secrets.ts";
import { plain } from "../operator/text.ts";
import { allChecks, type Check } from "./all_checks.ts";
import { checkSettings } from "./checks/settings.ts";
import { createExam, type ExamTools } from "./exam.ts";
import { type Finding, skipped } from "./finding.ts";
import { lenientSettings } from "./lenient_settings.ts";

export type Patient = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null: where Supabase serves it. */
  readonly functionUrl: string | null;
};

/** Every finding, told as it is made; they come in the order of the list. */
export async function examine(
  patient: Patient,
  tools: ExamTools,
  tell: (finding: Finding) => void = () => {},
): Promise<Finding[]> {
  const settings = checkSettings(patient.env).map(cleaner(patient.env));
  for (const finding of settings) tell(finding);
  return [...settings, ...await look(patient, { checks: allChecks, tools, tell })];
}

/** Likewise, of these checks alone. */
export async function look(
  { env, functionUrl }: Patient,
  { checks, tools, tell }: {
    checks: readonly Check[];
    tools: ExamTools;
    tell: (finding: Finding) => void;
  },
): Promise<Finding[]> {
  const { settings, lacks } = lenientSettings(env);
  const exam = createExam({
    settings,
    functionUrl: (functionUrl ?? `${settings.supabaseUrl}/functions/v1/stripe-cryptlex`)
      .replace(/\/+$/, ""),
  }, tools);
  const clean = cleaner(env);
  const all: Finding[] = [];
  const report = (findings: readonly Finding[]) => {
    for (const finding of findings.map(clean)) {
      all.push(finding);
      tell(finding);
    }
  };

  for (const { about, needs, look } of checks) {
    const canLook = needs === null || !lacks.has(needs);
    report(canLook ? await look(exam) : [skipped(about, without[needs])]);
  }
  return all;
}

const without = {
  "database": "without SUPABASE_URL and a secret key",
  "Cryptlex token": "without CRYPTLEX_ACCESS_TOKEN",
  "Stripe key": "without STRIPE_SECRET_KEY, which is optional",
};

/** Takes out what should not be in there anyway: secrets and addresses that others repeated. */
export function cleaner(env: Patient["env"]): (finding: Finding) => Finding {
  const secrets = secretsIn(env);
  const text = (said: string) => plain(maskAddresses(hideSecrets(said, secrets)));
  return ({ found, cure, ...finding }) => ({
    ...finding,
    name: text(finding.name),
    found: text(found),
    ...(cure === undefined ? {} : { cure: text(cure) }),
  });
}
