// The database's own schedule: it is told where the function is, and tells what its calls are known by.

import type { Ledger } from "./ledger.ts";
import { errorMessage, type Log } from "./log.ts";

/** How long a secret changed in the database may still be the old one here, milliseconds. */
const cachedMs = 60_000;

/** What the function and the schedule in the database have to know of each other. */
export type Schedule = {
  /** Says where the function is, until that was heard once. Never rejects. */
  announce(): Promise<void>;
  /**
   * SHA-256 of the database's drain secret, a minute old at most.
   *
   * @throws {LedgerError} the database did not tell it.
   */
  drainSecretDigest(): Promise<Uint8Array>;
};

/** `functionUrl` null: a person told the database, or nobody. `nowMs` is any clock that only goes forward. */
export function createSchedule(
  ledger: Pick<Ledger, "announce">,
  { functionUrl, log, nowMs = () => performance.now() }: {
    functionUrl: string | null;
    log: Log;
    nowMs?: () => number;
  },
): Schedule {
  let heard: { readonly atMs: number; readonly digest: Uint8Array } | null = null;
  let hearing: Promise<Uint8Array> | null = null;

  async function ask(): Promise<Uint8Array> {
    const atMs = nowMs();
    const digest = bytesOf(await ledger.announce(functionUrl));
    heard = { atMs, digest };
    return digest;
  }

  /** Whoever asks meanwhile gets the same answer. */
  function askOnce(): Promise<Uint8Array> {
    hearing ??= ask().finally(() => hearing = null);
    return hearing;
  }

  return {
    async announce() {
      if (functionUrl === null || heard !== null) return;
      try {
        await askOnce();
      } catch (error) {
        // The next request tries again.
        log({ action: "announce", error: errorMessage(error) });
      }
    },
    async drainSecretDigest() {
      return heard !== null && nowMs() - heard.atMs < cachedMs ? heard.digest : await askOnce();
    },
  };
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}
