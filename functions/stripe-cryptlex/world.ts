// What the function works with, as one value: tests make another of it.

import type { CryptlexConnection } from "./cryptlex_request.ts";
import type { Ledger } from "./ledger.ts";
import type { Log } from "./log.ts";
import type { Policy } from "./policy.ts";
import type { AlertWebhook } from "./send_alert.ts";
import type { StripeReader } from "./stripe.ts";

/** What a convergence needs of the world. */
export type World = {
  readonly ledger: Ledger;
  readonly cryptlex: CryptlexConnection;
  /** Null: without a key events are all there is. */
  readonly stripe: StripeReader | null;
  /** The only mode of Stripe's acted on; null: both are. */
  readonly livemode: boolean | null;
  readonly policy: Policy;
  readonly recordOnly: boolean;
  readonly leaseSeconds: number;
  /** Where people are told what is stuck; null: nowhere. */
  readonly alertWebhook: AlertWebhook | null;
  readonly log: Log;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after so many milliseconds. */
  readonly delay: (ms: number) => Promise<void>;
};
