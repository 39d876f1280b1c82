// Keeps the function process of development going: anew after a change, waiting for one when it does
// not start.

import type { FunctionProcess } from "../local_stack/function_process.ts";
import { createQueueOfOne } from "../local_stack/queue_of_one.ts";
import { duration } from "../terminal.ts";

export type KeptFunction = {
  /** Ends the process and starts another; several asked for at once are one. */
  restart(reason: string): Promise<void>;
  /** Starts another if one was running: its process was found gone. */
  revive(reason: string): Promise<void>;
  /** Ends the process for good. */
  stop(): Promise<void>;
};

/** Starts the function. What becomes of it is told to `say`; it never rejects. */
export async function keepFunction(
  start: () => Promise<FunctionProcess>,
  say: (message: string) => void,
): Promise<KeptFunction> {
  const inTurn = createQueueOfOne();
  let running: FunctionProcess | null = null;
  let asked = 0;
  let done = 0;
  let isOver = false;

  async function startIt(): Promise<void> {
    try {
      running = await start();
    } catch (error) {
      say(error instanceof Error ? error.message.trimEnd() : String(error));
      say("Waiting for a change in functions/");
    }
  }

  async function stopIt(): Promise<void> {
    await running?.stop();
    running = null;
  }

  async function restart(reason: string): Promise<void> {
    const mine = ++asked;
    await inTurn(async () => {
      // The last one asked for knows of every change.
      if (mine !== asked || isOver) return;
      say(`${reason}: starting it again`);
      const startedMs = performance.now();
      await stopIt();
      await startIt();
      if (running !== null) say(`It runs again after ${duration(performance.now() - startedMs)}`);
      done = mine;
    });
  }

  await inTurn(startIt);
  return {
    restart,
    async revive(reason) {
      if (running !== null && done === asked) await restart(reason);
    },
    async stop() {
      isOver = true;
      await inTurn(stopIt);
    },
  };
}
