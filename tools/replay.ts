// deno task replay: events worked off again, of a project or of the running development stack.

import { findTarget } from "./operator/find_target.ts";
import { readSelection } from "./replay/read_selection.ts";
import { mostUnasked, runReplay } from "./replay/run_replay.ts";
import { runCommand } from "./run_command.ts";

const help = `Usage: deno task replay <evt_…> [<evt_…>] | --parked | --since <when> [options]

Has events worked off again, as setting their status to pending in the table viewer does: what is
known of their purchases is decided anew, and Cryptlex is read before it is called. Safe to repeat:
nothing is made or renewed twice. What is pending already, or held by a rehearsal, is left as it is.

Which events:
  <evt_…>          these
  --parked         all that need a person, once the cause is mended
  --since <when>   all received since: 90m, 12h, 3d, 2w ago, or 2026-11-20, in UTC, or
                   2026-11-20T09:30:00Z

Options:
  --dry-run             only say what would be done, by what the ledger knows
  --yes                 also when they are more than ${mostUnasked}
  --data-folder <path>  the development stack's, when not the default
  --help                show this

With SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_… in the environment these
are a project's events, else those of the stack that "deno task dev" keeps running. A dry run
decides by CRYPTLEX_PRODUCT_ID, RENEWAL_GRACE_DAYS, ON_CANCEL, ON_REFUND and ON_DISPUTE: for a
project, set them as its function has them.

Exit code: 0 when it was done and every id was found, else 1.`;

const options = {
  "parked": { type: "boolean", default: false },
  "since": { type: "string" },
  "dry-run": { type: "boolean", default: false },
  "yes": { type: "boolean", default: false },
  "data-folder": { type: "string" },
} as const;

const code = await runCommand({
  help,
  options,
  takesNames: true,
  async run({ values, positionals }) {
    const { parked, since, yes } = values;
    const selection = readSelection({ ids: positionals, parked, since }, new Date());
    const target = await findTarget(Deno.env.toObject(), values["data-folder"]);
    return await runReplay(selection, { target, dryRun: values["dry-run"], yes }) ? 0 : 1;
  },
}, Deno.args);
Deno.exit(code);
