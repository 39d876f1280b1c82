// deno task explain: why a customer has no license, or that there is one.

import { readQuestion } from "./explain/read_question.ts";
import { runExplain } from "./explain/run_explain.ts";
import { findTarget } from "./operator/find_target.ts";
import { runCommand } from "./run_command.ts";

const help =
  `Usage: deno task explain <sub_… | pi_… | cs_… | in_… | evt_… | cus_… | e-mail> [options]

Why has this customer no license? Tells what Stripe told, what is known of the purchase, which
licenses there are and which there should be, every call made to Cryptlex and what is next, and ends
with the answer and what to do. Changes nothing, and asks neither Stripe nor Cryptlex.

Of several purchases, as a customer or an address may have, it lists all and tells of the newest.

Options:
  --all                 tell of all, the newest twenty
  --json                the same as one JSON object, and up to fifty events and calls of each
  --data-folder <path>  the development stack's, when not the default
  --help                show this

With SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_… in the environment these
are a project's purchases, else those of the stack that "deno task dev" keeps running. What should
be is decided by CRYPTLEX_PRODUCT_ID, RENEWAL_GRACE_DAYS, ON_CANCEL, ON_REFUND and ON_DISPUTE: for a
project, set them as its function has them. All times are in UTC.

Exit code: 0 when something is known of it, 1 when nothing is, or it failed, 2 when called wrongly.`;

const options = {
  "all": { type: "boolean", default: false },
  "json": { type: "boolean", default: false },
  "data-folder": { type: "string" },
} as const;

const code = await runCommand({
  help,
  options,
  takesNames: true,
  async run({ values, positionals }) {
    const question = readQuestion(positionals);
    const target = await findTarget(Deno.env.toObject(), values["data-folder"]);
    const { all, json } = values;
    return await runExplain(question, { target, all, json }) ? 0 : 1;
  },
}, Deno.args);
Deno.exit(code);
