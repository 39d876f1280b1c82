// deno task send: a signed sample event to the running development stack.

import { resolve } from "node:path";
import { dataFolder, defaultDataFolder } from "./dev/data_folder.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { runSend } from "./send/run_send.ts";
import { samples } from "./send/samples.ts";
import type { PayloadShape } from "./stripe_sandbox/stripe_event.ts";
import { alignColumns } from "./table.ts";
import { print } from "./terminal.ts";

const list = alignColumns(
  Object.entries(samples).map(([name, { description }]) => [`  ${name}`, description]),
);

const help = `Usage: deno task send <name> [options]

Sends a signed sample event to the stack that "deno task dev" keeps running. An event that follows
another is about the same purchase: sale, first-invoice, renewal, renewal. An upgrade or a seat
changes a license only where licensing.plans has a row for each of price_app_monthly and
price_app_pro.

Names:
${list.join("\n")}

Options:
  --email <address>     the buyer of a new purchase (default: a new one)
  --shape <shape>       basil, or acacia as before API version 2025-03-31 (default: basil)
  --data-folder <path>  the stack's, when not the default
  --help                show this

Exit code: 0 when the function took it, else 1.`;

const options = {
  "email": { type: "string" },
  "shape": { type: "string" },
  "data-folder": { type: "string", default: defaultDataFolder },
} as const;

function readShape(asked: string | undefined): PayloadShape | null {
  if (asked === undefined || asked === "basil" || asked === "acacia") return asked ?? null;
  throw new UsageError(`--shape is neither basil nor acacia: ${asked}`);
}

const code = await runCommand({
  help,
  options,
  takesNames: true,
  async run({ values, positionals: [name, ...more] }) {
    if (more.length > 0) throw new UsageError(`One name at a time. See --help.`);
    if (name === undefined) {
      print(help);
      return 0;
    }
    const sent = await runSend(name, {
      folder: dataFolder(resolve(values["data-folder"])),
      shape: readShape(values.shape),
      email: values.email ?? null,
    });
    return sent ? 0 : 1;
  },
}, Deno.args);
Deno.exit(code);
