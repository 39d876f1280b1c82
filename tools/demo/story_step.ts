// What a story is made of: events, and what must be true after each. Data.

import type { StripeEvent } from "../stripe_sandbox/stripe_event.ts";

/** A license that must be there, the only one of its purchase from the first event to the last. */
export type StoryLicense = {
  readonly email: string;
  readonly productId: string;
  /** Null: none. */
  readonly entitlementSetId: string | null;
  readonly activations: number;
  /** `template`: some date, as the template gives it until Stripe says what was paid. */
  readonly expires: Date | "template" | "never";
  readonly suspended: boolean;
  readonly revoked: boolean;
};

/** One event, and what must be true once it is done. */
export type StoryStep = {
  readonly title: string;
  readonly event: StripeEvent;
  readonly purchaseId: string;
  /** Null: there must be none yet. */
  readonly license: StoryLicense | null;
  /** What its row in the ledger must say. */
  readonly status: "applied" | "ignored";
  /** How often Cryptlex must be called, no more and no less. */
  readonly calls: number;
};

/** What a license is that nothing was said about. */
export const usable = {
  entitlementSetId: null,
  activations: 1,
  suspended: false,
  revoked: false,
} as const;

const graceDays = 3;

/** How long a license lasts that is paid for until then. */
export function withGrace(paidThrough: Date): Date {
  return new Date(paidThrough.getTime() + graceDays * 24 * 60 * 60 * 1000);
}
