// deno task doctor: what is wrong with a set-up, and what to do about it.

import { delay } from "../functions/stripe-cryptlex/delay.ts";
import { findPatient } from "./doctor/find_patient.ts";
import { examine } from "./doctor/run_doctor.ts";
import { createDoctorShow } from "./doctor/show_doctor.ts";
import { runCommand } from "./run_command.ts";
import { print, terminalStyle, textWidth } from "./terminal.ts";

const help = `Usage: deno task doctor [options]

Looks at the settings, the database and its schedule, the function, Stripe and Cryptlex, and says
what is wrong and what to do about it. Changes nothing, and prints no secret, address or payload.

With SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_… in the environment it
looks at a project: set the other settings, too, as its function has them. Else it looks at the
stack that "deno task dev" keeps running.

More can be seen, for this run alone, with a STRIPE_SECRET_KEY that may also read Webhook Endpoints,
and a CRYPTLEX_ACCESS_TOKEN that also has product:read, licenseTemplate:read, entitlementSet:read.

Options:
  --json                print one JSON document
  --function-url <url>  where the function answers, when not on Supabase under its own name
  --data-folder <path>  the development stack's, when not the default
  --help                show this

Exit code: 0 when nothing failed, 1 when something did or there is nothing to look at, 2 when called
wrongly.`;

const options = {
  "json": { type: "boolean", default: false },
  "function-url": { type: "string" },
  "data-folder": { type: "string" },
} as const;

const code = await runCommand({
  help,
  options,
  async run({ values }) {
    const { whose, ...patient } = await findPatient(Deno.env.toObject(), {
      folder: values["data-folder"],
      functionUrl: values["function-url"],
    });
    const show = createDoctorShow(terminalStyle(), textWidth());
    const tools = { fetch, now: () => new Date(), wait: delay };
    const findings = await examine(patient, tools, values.json ? undefined : show.finding);
    const isWell = findings.every(({ state }) => state !== "failed");
    if (values.json) print(JSON.stringify({ ok: isWell, checks: findings }, null, 2));
    else show.end(findings, whose);
    return isWell ? 0 : 1;
  },
}, Deno.args);
Deno.exit(code);
