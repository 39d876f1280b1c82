// The licenses of a Cryptlex account that name a purchase, page by page and never fast.

import { z } from "zod";
import {
  CryptlexAnsweredError,
  CryptlexUnansweredError,
} from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import { type License, license } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import {
  type CryptlexConnection,
  requestCryptlex,
} from "../../functions/stripe-cryptlex/cryptlex_request.ts";
import { purchaseKeys } from "../../functions/stripe-cryptlex/license_metadata.ts";

/** What a list is read with. */
export type ListTools = {
  readonly wait: (ms: number) => Promise<void>;
  /** Told of every page how many licenses it had. */
  readonly onPage: (count: number) => void;
};

const pageSize = 100;

/** Between two calls: half of the 50 in 5 seconds that an address may make. */
export const paceMs = 200;

/** Each page is asked for so often, until it is answered. */
const mostAttempts = 5;

/**
 * All licenses with a metadata key that may name a purchase, whichever program wrote it, the oldest
 * first. Read once a page, not once a purchase: of many purchases that is far less.
 *
 * @throws {CryptlexAnsweredError | CryptlexUnansweredError}
 */
export async function listLicenses(
  connection: CryptlexConnection,
  { wait, onPage }: ListTools,
): Promise<License[]> {
  const filter = `metadata.key[in]=${encodeURIComponent(purchaseKeys.join(","))}`;
  const all = new Map<string, License>();
  // No header tells how many there are: the last page is the one that is not full.
  for (let page = 1;; page++) {
    if (page > 1) await wait(paceMs);
    const path = `/v3/licenses?${filter}&limit=${pageSize}&page=${page}`;
    const licenses = await patiently(wait, async () => {
      const request = { method: "GET", template: "/v3/licenses", path } as const;
      return (await requestCryptlex(connection, request, z.array(license))).body;
    });
    for (const one of licenses) all.set(one.id, one);
    onPage(licenses.length);
    if (licenses.length < pageSize) return [...all.values()];
  }
}

/** What `ask` answers, asked again while Cryptlex is busy or does not answer. */
export async function patiently<T>(
  wait: (ms: number) => Promise<void>,
  ask: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1;; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const pauseSeconds = pauseAfter(error, attempt);
      if (pauseSeconds === null || attempt === mostAttempts) throw error;
      await wait(pauseSeconds * 1000);
    }
  }
}

/** Seconds; null: asking again is of no use. */
function pauseAfter(error: unknown, attempt: number): number | null {
  if (error instanceof CryptlexUnansweredError) return attempt;
  const isBusy = error instanceof CryptlexAnsweredError && error.status === 429;
  // As the limit is one of five seconds.
  return isBusy ? Math.min(60, error.answer.retryAfterSeconds ?? 5) : null;
}
