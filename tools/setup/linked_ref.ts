// Which project a folder is linked with, as the CLI remembers it.

import { fileURLToPath } from "node:url";

/** Whom the CLI's commands in the folder are about; null: nobody. */
export async function linkedRef(repository: URL): Promise<string | null> {
  try {
    const path = fileURLToPath(new URL("supabase/.temp/project-ref", repository));
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
