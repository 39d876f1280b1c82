// Where the development stack keeps what outlives it, and how that is thrown away.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lockFolder } from "../local_stack/folder_lock.ts";
import { readFileIfThere, replaceFile } from "../replace_file.ts";

/** Ignored by git. */
export const defaultDataFolder: string = fileURLToPath(new URL("../../.dev", import.meta.url));

/** The paths inside a data folder. */
export type DataFolder = {
  readonly path: string;
  readonly database: string;
  /** The Cryptlex sandbox's records. */
  readonly sandbox: string;
  /** What `deno task send` sold last. */
  readonly shop: string;
  readonly signingSecret: string;
  /** There while the stack runs: how to reach it. */
  readonly running: string;
};

export function dataFolder(path: string): DataFolder {
  return {
    path,
    database: join(path, "database"),
    sandbox: join(path, "cryptlex_sandbox.json"),
    shop: join(path, "shop.json"),
    signingSecret: join(path, "signing_secret"),
    running: join(path, "running.json"),
  };
}

/**
 * Removes all that was sold, kept or sent; the signing secret stays, as others were told it.
 *
 * @throws {Error} a running stack uses the folder.
 */
export async function dropData(folder: DataFolder): Promise<void> {
  const unlock = await lockFolder(folder.database);
  try {
    for (const path of [folder.database, folder.sandbox, folder.shop]) {
      await Deno.remove(path, { recursive: true }).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
    }
  } finally {
    await unlock();
  }
}

/** The folder's own signing secret, made at the first call and the same ever after. */
export async function keptSigningSecret(folder: DataFolder): Promise<string> {
  const kept = (await readFileIfThere(folder.signingSecret))?.trim();
  if (kept) return kept;
  const secret = `whsec_${crypto.randomUUID().replaceAll("-", "")}`;
  await replaceFile(folder.signingSecret, `${secret}\n`);
  return secret;
}
