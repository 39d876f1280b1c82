// deno task rehearsal: what RECORD_ONLY would have done, against what the old script did.

import { delay } from "../functions/stripe-cryptlex/delay.ts";
import { policyOf } from "../functions/stripe-cryptlex/policy.ts";
import { findPatient } from "./doctor/find_patient.ts";
import { snakeKeys } from "./explain/to_json.ts";
import { rehearsalLines } from "./rehearsal/rehearsal_lines.ts";
import { rehearsal } from "./rehearsal/run_rehearsal.ts";
import { switchingSteps } from "./rehearsal/switching.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { print, screenWidth, terminalStyle } from "./terminal.ts";

const help = `Usage: deno task rehearsal [options]

Moving over from Cryptlex's own script: compares what would have been done while RECORD_ONLY was on
with the licenses that are there, purchase by purchase, and says what remains before switching and
how to switch. Reads Cryptlex, a hundred licenses a call. Changes nothing.

With SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_… in the environment it is
about a project: set the other settings, too, as its function has them. Else it is about the stack
that "deno task dev" keeps running.

Options:
  --old-endpoint <url>  where Stripe sends to the script; else any other endpoint may be it
  --all                 list every purchase, also those that agree
  --json                print one JSON document, with every purchase
  --function-url <url>  where the function answers, when not on Supabase under its own name
  --data-folder <path>  the development stack's, when not the default
  --help                show this

Exit code: 0 when ready to switch, 1 when something remains to be done or it failed, 2 when called
wrongly.`;

const options = {
  "old-endpoint": { type: "string" },
  "all": { type: "boolean", default: false },
  "json": { type: "boolean", default: false },
  "function-url": { type: "string" },
  "data-folder": { type: "string" },
} as const;

const code = await runCommand({
  help,
  options,
  async run({ values }) {
    const { "old-endpoint": oldUrl = null, all, json } = values;
    if (oldUrl !== null && !URL.canParse(oldUrl)) {
      throw new UsageError("--old-endpoint is not a URL");
    }
    const { whose, ...patient } = await findPatient(Deno.env.toObject(), {
      folder: values["data-folder"],
      functionUrl: values["function-url"],
    });
    const isStack = whose !== "the project";
    const result = await rehearsal(patient, { fetch, now: () => new Date(), wait: delay, oldUrl });
    const { settings, functionUrl, begunAt, differences, items, isReady } = result;
    if (json) {
      print(JSON.stringify(
        snakeKeys({
          ready: isReady,
          begunAt,
          policy: policyOf(settings),
          purchases: differences,
          remains: items,
          switching: switchingSteps({ functionUrl, isStack }),
        }),
        null,
        2,
      ));
    } else {
      const page = { width: Math.min(100, screenWidth()), style: terminalStyle() };
      for (const line of rehearsalLines(result, { all, whose, isStack, ...page })) print(line);
    }
    return isReady ? 0 : 1;
  },
}, Deno.args);
Deno.exit(code);
