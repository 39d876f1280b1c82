// deno task setup: from nothing to running.

import { delay } from "../functions/stripe-cryptlex/delay.ts";
import { hideSecrets, passwordsIn, secretsIn, withoutSecrets } from "./operator/hide_secrets.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { terminalAsker } from "./setup/ask.ts";
import type { ChangeLine } from "./setup/change_line.ts";
import { runSetup } from "./setup/run_setup.ts";
import { createSetupShow, silentShow } from "./setup/show_setup.ts";
import { print, terminalStyle, textWidth } from "./terminal.ts";

const help = `Usage: deno task setup [options]

Sets a project up, from nothing to running: applies the migrations, sets the function's secrets,
deploys it, makes Stripe's webhook endpoint with exactly the events that are read and a pinned API
version, sends a test event and watches it arrive. Looks at every value first, and shows every
change before it makes it. Called again it changes only what is not as it should be.

What it needs, as an option, in the environment, or typed when it asks at a terminal (a secret is
better in the environment, or typed):
  --project-ref <ref>       SUPABASE_PROJECT_REF   in the address of the project's dashboard
  --stripe-key <key>        STRIPE_SETUP_KEY       may write Webhook Endpoints; its mode, test or
                                                   live, is the one set up; it is not stored
  --cryptlex-token <token>  CRYPTLEX_ACCESS_TOKEN  license and user, read and write
  --cryptlex-product <id>   CRYPTLEX_PRODUCT_ID    what everything sold becomes;
  --by-plans                                       or Stripe's metadata and licensing.plans say it

The project's own Cryptlex values stay when none are given. The other settings of the README that
are in the environment are set, too: STRIPE_SECRET_KEY, the function's own key, which only reads and
is another than the one above; RENEWAL_GRACE_DAYS, ON_CANCEL and so on.

Where one is needed:
  --supabase-token <token>  SUPABASE_ACCESS_TOKEN  unless "npx supabase@3.1.0 login" was run
  --db-url <url>            SUPABASE_DB_URL        another way into the database: its pooler's
                            SUPABASE_DB_PASSWORD   address, or its password alone
  --signing-secret <whsec>  STRIPE_WEBHOOK_SECRET  of an endpoint that somebody else made
  --new-endpoint            make Stripe's endpoint anew, and delete the one in its place

Options:
  --customers           also have every new customer sent: each becomes a user in Cryptlex
  --dry-run             only show what would be changed
  --yes                 do not ask before changing; where nobody can be asked, without it nothing
                        is deleted
  --json                print one JSON document; when it fails, with the changes that were made
  --function-url <url>  where the function answers, when not on Supabase under its own name
  --help                show this

Exit code: 0 when it is set up (or, with --dry-run, could be), 1 when something failed, 2 when
called wrongly, or when a value is missing and there is no terminal to ask at.`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const options = {
  "project-ref": text,
  "supabase-token": text,
  "db-url": text,
  "stripe-key": text,
  "cryptlex-token": text,
  "cryptlex-product": text,
  "by-plans": flag,
  "signing-secret": text,
  "new-endpoint": flag,
  "customers": flag,
  "dry-run": flag,
  "yes": flag,
  "json": flag,
  "function-url": text,
};

const code = await runCommand({
  help,
  options,
  async run({ values: { json = false, ...flags } }) {
    if (
      flags["function-url"] !== undefined && !/^https?:\/\/[^\s@]+$/.test(flags["function-url"])
    ) {
      throw new UsageError("--function-url is not an http(s) URL");
    }
    const env = Deno.env.toObject();
    const secrets = secretsIn(env).concat(passwordsIn(flags["db-url"] ?? ""));
    const say = (document: unknown) =>
      print(hideSecrets(JSON.stringify(document, null, 2), secrets));
    const changes: ChangeLine[] = [];
    const collecting = { ...silentShow, made: (line: ChangeLine) => void changes.push(line) };
    const tools = { fetch, now: () => new Date(), wait: delay };
    try {
      const report = await runSetup({
        flags,
        env,
        asker: await terminalAsker(),
        repository: new URL("../", import.meta.url),
        heard: (secret) => void (secret.length >= 12 && secrets.push(secret)),
      }, { show: json ? collecting : createSetupShow(terminalStyle(), textWidth()), tools });
      if (json) say(report);
      return report.ok ? 0 : 1;
    } catch (error) {
      // Whoever reads has gone: nobody is left to be told.
      if (json && error instanceof Error && !(error instanceof Deno.errors.BrokenPipe)) {
        say({ ok: false, error: error.message, changes });
      }
      throw withoutSecrets(error, secrets);
    }
  },
}, Deno.args);
Deno.exit(code);
