// The words of the development stack on the terminal.

import { print, type Style } from "../terminal.ts";
import { readableLog } from "./readable_log.ts";
import type { RunningStack } from "./running_stack.ts";

/** Prints what development has to tell. */
export type DevShow = {
  /** How to use what runs now. */
  ready(stack: RunningStack, facts: { folder: string; shopUrl: string; ownSecret: boolean }): void;
  /** A line of our own. */
  say(message: string): void;
  /** A line of the function's. */
  log(line: string): void;
};

export function createDevShow(style: Style): DevShow {
  const time = () => style.dim(new Date().toTimeString().slice(0, 8));

  return {
    ready(stack, { folder, shopUrl, ownSecret }) {
      const lines: [string, string][] = [
        ["webhook", stack.webhookUrl],
        ["signing secret", stack.signingSecret],
        ["from Stripe", `stripe listen --forward-to ${stack.webhookUrl}`],
        ...(ownSecret
          ? [["", "(it signs with its own secret: start with STRIPE_WEBHOOK_SECRET set to that)"]]
          : []) as [string, string][],
        ["Cryptlex", stack.sandboxUrl ?? "the real one, as CRYPTLEX_ACCESS_TOKEN is set"],
        ["table viewer", stack.tableViewerUrl],
        ["shop", shopUrl],
        ["data", `${folder} (--fresh starts anew)`],
      ];
      print();
      for (const [name, value] of lines) print(`  ${style.bold(name.padEnd(16))}${value}`);
      print();
      print("  Open the shop to see a purchase as its buyer does: pay (pretended), wait, key.");
      print('  "deno task send sale" sends a sample event, "deno task send" lists them all.');
      print("  Changes in functions/ are taken up at once. Ctrl-C stops.");
      print();
    },
    say: (message) => print(`${time()}  ${style.yellow(message)}`),
    log: (line) => print(`${time()}  ${readableLog(line)}`),
  };
}
