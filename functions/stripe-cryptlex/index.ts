// The composition root: settings -> adapters -> a server. Nobody imports it.

import { createBackground } from "./background.ts";
import { createWorld } from "./create_world.ts";
import { createHandler } from "./handler.ts";
import { createLog, errorMessage } from "./log.ts";
import { parseSettings } from "./settings.ts";

// deno-lint-ignore no-console -- the platform's log is what is written to the console
const log = createLog((line) => console.log(line));
const settings = parseSettings(Deno.env.toObject());
const background = createBackground((error) =>
  log({ action: "background", error: errorMessage(error) })
);

Deno.serve(
  { port: settings.port, onListen: ({ port }) => log({ action: "listen", status: port }) },
  createHandler({
    world: createWorld(settings, log),
    background,
    stripeWebhookSecrets: settings.stripeWebhookSecrets,
    drainSecrets: settings.drainSecrets,
    now: () => new Date(),
  }),
);
