// The development stack from its start to Ctrl-C.

import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { createEndings } from "../endings.ts";
import { startFunction } from "../local_stack/function_process.ts";
import { startSupabaseLite } from "../local_stack/supabase_lite.ts";
import { operatorSettingNames } from "../operator/operator_settings.ts";
import { appForever, sampleAccount } from "../sample_account.ts";
import { terminalStyle } from "../terminal.ts";
import { choosePort } from "./choose_port.ts";
import { startCryptlex } from "./cryptlex_of_dev.ts";
import { type DataFolder, dropData, keptSigningSecret } from "./data_folder.ts";
import { startDrainSchedule } from "./drain_schedule.ts";
import { devSettings, givenSettings } from "./function_settings.ts";
import { keepFunction } from "./kept_function.ts";
import { announceStack, type RunningStack } from "./running_stack.ts";
import { openShop } from "./shop.ts";
import { createDevShow } from "./show_dev.ts";
import { watchFolder } from "./watch_folder.ts";

export type DevOptions = {
  readonly folder: DataFolder;
  /** Of the webhook; table viewer, sandbox and shop take the next ones, or any that are free. */
  readonly port: number;
  readonly fresh: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves when it is to end. */
  readonly stopped: Promise<void>;
};

const migrationsFolder = new URL("../../supabase/migrations/", import.meta.url);
const functionsFolder = fileURLToPath(new URL("../../functions/", import.meta.url));

/** How often what is due is worked off; in the field once a minute is plenty. */
const drainEveryMs = 5000;

/** Long enough to see the success page wait. */
const newsAfterMs = 2000;

/**
 * Runs the stack until `stopped`, then ends all of it.
 *
 * @throws {Error} the database or the sandbox does not start; nothing is left running.
 */
export async function runDev(options: DevOptions): Promise<void> {
  const { folder, port } = options;
  const show = createDevShow(terminalStyle());
  const endings = createEndings();
  try {
    await Deno.mkdir(folder.path, { recursive: true });
    if (options.fresh) await dropData(folder);

    show.say("Starting the database");
    const lite = await startSupabaseLite({
      migrationsFolder,
      dataFolder: folder.database,
      studio: true,
      port: () => choosePort(port + 1),
      onProgress: show.say,
    });
    endings.add(lite.shutdown);

    const given = givenSettings(options.env);
    const cryptlex = await startCryptlex(given, {
      file: folder.sandbox,
      port: choosePort(port + 2),
    });
    endings.add(cryptlex.stop);

    const { sandboxUrl } = cryptlex;
    const { signingSecret, drainSecret, ...settings } = devSettings(given, {
      signingSecret: await keptSigningSecret(folder),
      sandboxUrl,
    });
    const webhookUrl = `http://127.0.0.1:${port}/stripe-cryptlex`;
    const oneTimeProductId = sandboxUrl === null ? null : appForever.id;
    const shop = openShop({
      port: choosePort(port + 3),
      webhookUrl,
      signingSecret,
      stateFile: folder.shop,
      oneTimeProductId,
      products: Object.fromEntries(sampleAccount.products.map(({ id, name }) => [id, name])),
      newsAfterMs,
      onTrouble: show.say,
    });
    endings.add(shop.stop);
    const env: Record<string, string> = {
      ...settings.env,
      PUBLIC_ORIGIN: [given.PUBLIC_ORIGIN, shop.url].filter(Boolean).join(),
      SUPABASE_URL: lite.url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: lite.secretKey }),
    };
    show.say("Starting the function");
    const kept = await keepFunction(
      () => startFunction({ env, port, onLine: show.log }),
      show.say,
    );
    endings.add(kept.stop);
    endings.add(watchFolder(functionsFolder, () => void kept.restart("functions/ changed")));

    const stack: RunningStack = {
      webhookUrl,
      signingSecret,
      drainSecret,
      tableViewerUrl: lite.url,
      sandboxUrl,
      oneTimeProductId,
      settings: Object.fromEntries(
        operatorSettingNames.flatMap((name) => env[name] === undefined ? [] : [[name, env[name]]]),
      ),
    };
    endings.add(startDrainSchedule({
      webhookUrl: stack.webhookUrl,
      secret: drainSecret,
      everyMs: drainEveryMs,
      onDrained: (tally) => show.say(`Worked off what was due: ${JSON.stringify(tally)}`),
      onSilence: () => void kept.revive("The function ended by itself"),
    }));
    endings.add(await announceStack(folder, stack));
    show.ready(stack, {
      folder: shortest(folder.path),
      shopUrl: shop.url,
      ownSecret: given.STRIPE_WEBHOOK_SECRET === undefined,
    });

    await options.stopped;
    show.say("Stopping");
  } finally {
    await endings.run();
  }
}

function shortest(path: string): string {
  const fromHere = relative(Deno.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}
