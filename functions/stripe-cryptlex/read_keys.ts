// The keys of licenses, as Cryptlex shows them at this moment. They are kept nowhere.

import { z } from "zod";
import { type CallWatcher, createCaller } from "./cryptlex_caller.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";
import { license } from "./cryptlex_payloads.ts";
import type { CryptlexConnection } from "./cryptlex_request.ts";

/** A license as its buyer sees it. */
export type ShownLicense = {
  /** Cryptlex's product id: a license does not name its product otherwise. */
  readonly product: string;
  readonly key: string;
  /** ISO 8601, UTC; null: it never expires, or not before it is activated. */
  readonly expiresAt: string | null;
};

const keyed = license.and(z.object({ key: z.string() }));
/** The most a list shows at once, so many a call (Cryptlex's OpenAPI document). */
const pageSize = 100;
/** So many that a list does not show are asked for by themselves. */
const mostMissing = 3;

/**
 * The licenses that are usable, in the order of `licenseIds`: one call for each hundred, and one for
 * each that a list does not show, as nothing promises that a list is up to date. Null: too many of
 * them cannot be seen yet.
 *
 * @throws {CryptlexAnsweredError | CryptlexUnansweredError}
 */
export async function readKeys(
  licenseIds: readonly string[],
  connection: CryptlexConnection,
  watcher: CallWatcher,
): Promise<ShownLicense[] | null> {
  const { call } = createCaller(connection, watcher);

  async function readOne(licenseId: string): Promise<z.infer<typeof keyed>[]> {
    const path = `/v3/licenses/${encodeURIComponent(licenseId)}`;
    const request = { method: "GET", template: "/v3/licenses/{id}", path, licenseId } as const;
    try {
      return [await call("show_key", request, keyed)];
    } catch (error) {
      // Deleted meanwhile: there is nothing to show.
      if (error instanceof CryptlexAnsweredError && error.status === 404) return [];
      throw error;
    }
  }

  function readPage(ids: readonly string[]): Promise<z.infer<typeof keyed>[]> {
    const query = `id[in]=${encodeURIComponent(ids.join(","))}&limit=${pageSize}&page=1`;
    const template = "/v3/licenses";
    const request = { method: "GET", template, path: `${template}?${query}` } as const;
    return call("show_keys", request, z.array(keyed));
  }

  const [first, ...others] = licenseIds;
  if (first === undefined) return [];
  const found = new Map<string, z.infer<typeof keyed>>();
  for (let at = 0; at < licenseIds.length; at += pageSize) {
    const read = others.length === 0
      ? await readOne(first)
      : await readPage(licenseIds.slice(at, at + pageSize));
    for (const one of read) found.set(one.id, one);
  }
  const missing = others.length === 0 ? [] : licenseIds.filter((id) => !found.has(id));
  if (missing.length > mostMissing) return null;
  for (const id of missing) {
    for (const one of await readOne(id)) found.set(one.id, one);
  }
  // Those asked for and no other, whatever the filter let through.
  return licenseIds.flatMap((id) => {
    const shown = found.get(id);
    if (shown === undefined || shown.fields.revoked || shown.fields.suspended) return [];
    const { productId: product, key, expiresAt } = shown;
    return [{ product, key, expiresAt: expiresAt?.toISOString() ?? null }];
  });
}
