// What the function works with, as one value: tests make another of it.

import type { CryptlexConnection } from "./cryptlex_request.ts";
import type { Ledger } from "./ledger.ts";
import type { Log } from "./log.ts";
import type { AlertWebhook } from "./send_alert.ts";

/** What a convergence needs of the world. */
export type World = {
  readonly ledger: Ledger;
  readonly cryptlex: CryptlexConnection;
  readonly cryptlexProductId: string | null;
  readonly renewalGraceDays: number;
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
