// deno task demo: the main job on this machine, with nothing to configure.

import { runDemo } from "./demo/run_demo.ts";
import { runCommand } from "./run_command.ts";

const help = `Usage: deno task demo

Starts an embedded Postgres, a Cryptlex sandbox and the real function, plays a short story of signed
Stripe events against them, and checks what came of it. Needs no account and keeps nothing.

Exit code: 0 when every license, user and event is as the story says, else 1.`;

const run = async () => await runDemo() ? 0 : 1;
Deno.exit(await runCommand({ help, options: {}, run }, Deno.args));
