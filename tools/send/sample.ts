// What a sample event is. See samples.ts for those there are.

import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { ThinEvent } from "../stripe_sandbox/thin_event.ts";
import type { Order, ShopState } from "./shop_state.ts";

/** What a sample is made from. */
export type SampleContext = {
  readonly state: ShopState;
  /** A purchase of its own, made now. */
  newOrder(): Order;
  /** What one-time purchases name in their metadata; null: nothing. */
  readonly oneTimeProductId: string | null;
};

/** The event, and the state it leaves; `lastEvent` is not its business. */
export type Made = {
  readonly event: StripeEvent | ThinEvent;
  readonly left?: Partial<ShopState>;
};

export type Sample = {
  readonly description: string;
  /** @throws {Error} what it follows was not sent yet, or does not allow it. */
  make(context: SampleContext): Made;
};

/** By name, in the order they are listed. */
export type Samples = Readonly<Record<string, Sample>>;

/** @throws {Error} there is nothing to follow; `name` is what to send first. */
export function required<T>(found: T | null, name: string): T {
  if (found === null) throw new Error(`There is nothing it could follow: first send ${name}`);
  return found;
}
