// The end of a process that is asked to end: nothing new is taken in, what is under way may finish.

import type { Background } from "./background.ts";
import { delay as realDelay } from "./delay.ts";
import type { Log } from "./log.ts";

/** What is waited for, milliseconds: Docker and Cloud Run kill after 10 seconds. */
const graceMs = 8_000;

/** Ended by SIGTERM, as shells number it. */
const killed = 143;

/** The process, as far as it is needed. */
export type Process = Pick<typeof Deno, "addSignalListener" | "exit">;

/**
 * At SIGTERM closes the server, waits for requests and background work, and exits with 0; what takes
 * longer than a grace period is left to its lease. A second SIGTERM ends the process at once.
 *
 * Where there are no signals, as in Supabase's runtime, it does nothing.
 */
export function endOnSigterm(
  server: Pick<Deno.HttpServer, "shutdown">,
  { background, log, process = Deno, delay = realDelay }: {
    background: Pick<Background, "idle">;
    log: Log;
    process?: Process;
    delay?: (ms: number) => Promise<void>;
  },
): void {
  let isEnding = false;

  async function finish(): Promise<string> {
    await server.shutdown();
    await background.idle();
    return "nothing is left";
  }

  async function leave(): Promise<string> {
    await delay(graceMs);
    return `what is under way after ${graceMs} ms is left to its lease`;
  }

  async function end(): Promise<void> {
    if (isEnding) return process.exit(killed);
    isEnding = true;
    log({ action: "end" });
    log({ action: "ended", outcome: await Promise.race([finish(), leave()]) });
    process.exit(0);
  }

  try {
    process.addSignalListener("SIGTERM", end);
  } catch {
    // Then the platform ends it in its own way, having been told of the background work.
  }
}
