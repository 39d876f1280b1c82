// deno task reconcile: Stripe against Cryptlex against our tables, and what differs put right.

import { fileURLToPath } from "node:url";
import { delay } from "../functions/stripe-cryptlex/delay.ts";
import { findPatient } from "./doctor/find_patient.ts";
import { databaseNames } from "./operator/operator_settings.ts";
import { readLink } from "./reconcile/link_license.ts";
import { readScope } from "./reconcile/read_scope.ts";
import { reconcileSettings } from "./reconcile/reconcile_settings.ts";
import { runEmails } from "./reconcile/run_emails.ts";
import { partiesOf, runReconcile } from "./reconcile/run_reconcile.ts";
import { type Given, runCommand, UsageError } from "./run_command.ts";
import { print } from "./terminal.ts";

const help = `Usage: deno task reconcile [options]
       deno task reconcile --emails [--apply <cus_… | user id> …]

Holds every subscription and every paid session and invoice of Stripe against the licenses in
Cryptlex and against our tables, page by page, and says what differs: licenses that are missing, too
many, not in our tables, with the wrong expiry or seats, wrongly suspended; events that never
arrived; licenses of nothing Stripe knows, several for one purchase, those of Cryptlex's own script
that name no subscription, and what was changed by hand. Changes nothing without --apply.

Options:
  --apply               put right what differs: by the same decisions and calls as an event's
  --since <when>        only what Stripe has told or billed since: 12h, 3d, 2w ago, or 2026-11-20
  --customer <cus_…>    only the purchases of this customer
  --purchase <id>       only this one: sub_…, pi_…, cs_… or in_…; may be repeated
  --remap               plans edited since also serve licenses made before
  --link <license>=<sub_…>  with --apply: this license names no subscription, or one that Stripe
                        does not know, and is that one's; --force: though buyer or product differ
  --emails              addresses that changed at Stripe; changed in Cryptlex only where you say so,
                        at the prompt or with --apply <id>
  --json                print one JSON document
  --fresh               begin anew, and not where a run was stopped
  --state <file>        where it is written how far a run has come; default .reconcile.json here
  --data-folder <path>  the development stack's, when not the default
  --help                show this

With SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY=sb_secret_… in the environment it is
about a project: set the other settings, too, as its function has them. Else it is about the stack
that "deno task dev" keeps running, which has no Stripe of its own to be read: give it the key of
the test mode whose events it got.

STRIPE_SECRET_KEY may be a restricted key that reads Subscriptions, Checkout Sessions, Invoices,
PaymentIntents, Charges and Refunds, Disputes, Customers, Prices, Products and Events.

It decides by the settings here: they are told, and --apply refuses when the function decides by
others, or when it never told by which and one is not set here.

Exit code: 0 when nothing is left to do, 1 when something is or it failed, 2 when called wrongly.`;

const options = {
  "apply": { type: "boolean", default: false },
  "since": { type: "string" },
  "customer": { type: "string" },
  "purchase": { type: "string", multiple: true },
  "remap": { type: "boolean", default: false },
  "link": { type: "string", multiple: true },
  "force": { type: "boolean", default: false },
  "emails": { type: "boolean", default: false },
  "json": { type: "boolean", default: false },
  "fresh": { type: "boolean", default: false },
  "state": { type: "string" },
  "data-folder": { type: "string" },
} as const;

const stateFile = fileURLToPath(new URL("../.reconcile.json", import.meta.url));

const code = await runCommand({
  help,
  options,
  takesNames: true,
  async run(given) {
    try {
      return await reconcile(given);
    } catch (error) {
      // Whoever read has gone: nobody is left to be told.
      const isHeard = !(error instanceof Deno.errors.BrokenPipe);
      if (given.values.json && isHeard) print(failureJson(error));
      throw error;
    }
  },
}, Deno.args);
Deno.exit(code);

async function reconcile({ values, positionals }: Given<typeof options>): Promise<number> {
  const { apply, since, customer, purchase, remap, emails, json, fresh, force } = values;
  const links = (values.link ?? []).map(readLink);
  const named = readScope({ since, customer, purchase }, new Date());
  if (emails && (named.kind !== "all" || remap || links.length > 0)) {
    throw new UsageError("--emails goes with --apply and --json alone. See --help.");
  }
  if (emails && apply !== positionals.length > 0) {
    throw new UsageError("Say whose address is to change: --emails --apply <cus_… | user id>");
  }
  const [stray] = positionals;
  if (!emails && stray !== undefined) {
    throw new UsageError(`Unexpected argument '${stray}'. See --help.`);
  }
  if (force && links.length === 0) throw new UsageError("--force goes with --link. See --help.");
  // Of whom a license is said to be, that is looked at.
  const linked = links.map(({ subscriptionId }) => subscriptionId);
  const scope = linked.length > 0 && named.kind === "all"
    ? { kind: "purchases", ids: linked } as const
    : named;
  const shell = Deno.env.toObject();
  const isProject = databaseNames.some((name) => shell[name]?.trim());
  const { env, whose } = await findPatient(shell, {
    folder: values["data-folder"],
    functionUrl: undefined,
  });
  const settings = reconcileSettings(env, { isProject });
  if (emails) {
    const isAttended = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
    const agree = await runEmails({
      parties: await partiesOf(settings, delay),
      apply: positionals,
      json,
      confirm: isAttended ? confirm : null,
    });
    return agree ? 0 : 1;
  }
  const isRight = await runReconcile({
    whose,
    env: isProject ? env : null,
    settings,
    scope,
    words: JSON.stringify({ since, customer, purchase, linked }),
    apply,
    remap,
    links,
    force,
    json,
    stateFile: values.state ?? stateFile,
    fresh,
    wait: delay,
  });
  return isRight ? 0 : 1;
}

/** The one document when it failed; standard error has the same, and the place of the unforeseen. */
function failureJson(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  return JSON.stringify({ ok: false, error: said }, null, 2);
}
