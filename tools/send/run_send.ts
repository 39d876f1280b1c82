// Sends one sample event to the running development stack, signed, as Stripe would.

import type { DataFolder } from "../dev/data_folder.ts";
import { findStack, type RunningStack } from "../dev/running_stack.ts";
import { UsageError } from "../run_command.ts";
import { deliver } from "../stripe_sandbox/sign.ts";
import type { PayloadShape } from "../stripe_sandbox/stripe_event.ts";
import { duration, print } from "../terminal.ts";
import { newOrder } from "./new_order.ts";
import type { Made, Sample } from "./sample.ts";
import { samples } from "./samples.ts";
import { type Order, readShopState, type ShopState, writeShopState } from "./shop_state.ts";

export type SendOptions = {
  readonly folder: DataFolder;
  /** Null: that of what it follows, else today's. */
  readonly shape: PayloadShape | null;
  /** Null: a new buyer. */
  readonly email: string | null;
};

/**
 * Sends the sample, prints the answer, and returns whether it was taken.
 *
 * @throws {UsageError} no such sample, or one that has its buyer already was given another.
 * @throws {Error} no stack runs on the folder, its function does not, or there is nothing to follow.
 */
export async function runSend(name: string, options: SendOptions): Promise<boolean> {
  const sample = samples[name];
  if (sample === undefined) throw new UsageError(`There is no sample event ${name}. See --help.`);
  const stack = await findStack(options.folder);
  const state = await readShopState(options.folder.shop);
  const { event, left } = make(sample, { stack, state, options });

  const startedMs = performance.now();
  const response = await deliver(stack.webhookUrl, event, { secret: stack.signingSecret })
    .catch((cause) => {
      throw new Error(
        `Nothing answers at ${stack.webhookUrl}: see what "deno task dev" says, or start it`,
        { cause },
      );
    });
  const answer = await response.text();
  print(`${event.type}  ${event.id}`);
  print(`${response.status} ${answer}  ${duration(performance.now() - startedMs)}`);
  if (!response.ok) return false;
  await writeShopState(options.folder.shop, { ...state, ...left, lastEvent: event });
  print(`What came of it: ${stack.tableViewerUrl}/editor/licensing.stripe_events`);
  return true;
}

type Circumstances = { stack: RunningStack; state: ShopState; options: SendOptions };

function make(sample: Sample, { stack, state, options }: Circumstances): Made {
  const { shape, email } = options;
  const reshaped = <T extends Order>(order: T | null) =>
    order && shape ? { ...order, shape } : order;
  let hasOrdered = false;
  const made = sample.make({
    state: {
      ...state,
      sale: reshaped(state.sale),
      unpaid: reshaped(state.unpaid),
      paid: reshaped(state.paid),
    },
    newOrder() {
      hasOrdered = true;
      return newOrder({ email, shape: shape ?? "basil" });
    },
    oneTimeProductId: stack.oneTimeProductId,
  });
  if (email !== null && !hasOrdered) {
    throw new UsageError("It follows an earlier event and has that one's buyer: leave out --email");
  }
  return made;
}
