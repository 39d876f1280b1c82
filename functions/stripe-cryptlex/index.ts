// The composition root: settings -> adapters -> a server. Nobody imports it.

import { createBackground } from "./background.ts";
import { createWorld } from "./create_world.ts";
import { createHandler } from "./handler.ts";
import { createLog, errorMessage } from "./log.ts";
import { createSchedule } from "./schedule.ts";
import { parseSettings } from "./settings.ts";
import { endOnSigterm } from "./sigterm.ts";

// deno-lint-ignore no-console -- the platform's log is what is written to the console
const log = createLog((line) => console.log(line));
const settings = parseSettings(Deno.env.toObject());
const background = createBackground((error) =>
  log({ action: "background", error: errorMessage(error) })
);
const world = createWorld(settings, log);

const server = Deno.serve(
  { port: settings.port, onListen: ({ port }) => log({ action: "listen", status: port }) },
  createHandler({
    world,
    background,
    stripeWebhookSecrets: settings.stripeWebhookSecrets,
    drainSecrets: settings.drainSecrets,
    publicOrigins: settings.publicOrigins,
    schedule: createSchedule(world.ledger, { functionUrl: settings.functionUrl, log }),
    now: () => new Date(),
  }),
);

endOnSigterm(server, { background, log });
