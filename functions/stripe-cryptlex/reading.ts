// What an event comes to once it is read. Does nothing.

import type { Purchase } from "./purchase.ts";

/** When something was said, and by which event: what makes a `Latest`. */
export type Stamp = { readonly at: number; readonly by: string };

/** `by` of what Stripe was asked for: of one second it outranks any event, whose ids begin with `evt_`. */
export const byReading = "read";

/** Facts about the purchase that `stripeIds` name. */
export type Facts = {
  readonly kind: "facts";
  /** All ids of the purchase this event knows; the ledger finds the best of them. */
  readonly stripeIds: readonly string[];
  readonly customerId: string | null;
  readonly facts: Purchase;
  /** The first event of its purchase by its kind. */
  readonly opensSale: boolean;
};

/** What an event comes to. `reason` is a sentence for people. */
export type Reading =
  | Facts
  | {
    readonly kind: "ignored";
    readonly reason: string;
    /** What it is about all the same, for who looks into a purchase. */
    readonly stripeIds?: readonly string[];
  }
  | { readonly kind: "parked"; readonly reason: string };
