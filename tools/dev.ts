// deno task dev: the whole stack on this machine, kept running while you work on the function.

import { resolve } from "node:path";
import { choosePort } from "./dev/choose_port.ts";
import { dataFolder, defaultDataFolder } from "./dev/data_folder.ts";
import { runDev } from "./dev/run_dev.ts";
import { stopSignal } from "./dev/stop_signal.ts";
import { runCommand, UsageError } from "./run_command.ts";
import { print } from "./terminal.ts";

const help = `Usage: deno task dev [options]

Runs the function, an embedded Postgres with a table viewer, a Cryptlex sandbox, and a shop that
pretends a checkout, until Ctrl-C.
The function starts again when a file in functions/ changes. What is due is worked off every few
seconds, as a scheduler that calls drain would.

Options:
  --port <n>            the webhook's port; table viewer, sandbox and shop take the next three
                        (default: 8787, or a free one)
  --data-folder <path>  where everything is kept between starts (default: .dev)
  --fresh               forget all that was kept
  --help                show this

The function's settings are taken from the environment when set there, see README, Settings. With
CRYPTLEX_ACCESS_TOKEN it talks to your Cryptlex account instead of the sandbox. With
STRIPE_WEBHOOK_SECRET it takes what "stripe listen" signs, which prints its own.`;

const options = {
  "port": { type: "string" },
  "data-folder": { type: "string", default: defaultDataFolder },
  "fresh": { type: "boolean", default: false },
} as const;

const defaultPort = 8787;

/** The port asked for, which must be free, or the usual one, which may be replaced. */
function webhookPort(asked: string | undefined): number {
  if (asked === undefined) {
    const chosen = choosePort(defaultPort);
    if (chosen !== defaultPort) print(`Port ${defaultPort} is taken: it is ${chosen} this time`);
    return chosen;
  }
  const port = /^\d+$/.test(asked) ? Number(asked) : NaN;
  if (!(port <= 65_532)) throw new UsageError("--port is not a whole number from 0 to 65532");
  const chosen = choosePort(port);
  if (port !== 0 && chosen !== port) throw new Error(`Port ${port} is taken`);
  return chosen;
}

const code = await runCommand({
  help,
  options,
  async run({ values }) {
    await runDev({
      folder: dataFolder(resolve(values["data-folder"])),
      port: webhookPort(values.port),
      fresh: values.fresh,
      env: Deno.env.toObject(),
      stopped: stopSignal(),
    });
    return 0;
  },
}, Deno.args);
Deno.exit(code);
