// An empty PGlite database with Supabase's roles, kept as a file: loading it takes a tenth of the
// time of making it (PGlite runs initdb in WebAssembly: 3 s). No migration is in it.

import { createPgliteConnection } from "@supabase/lite/pglite";
import { replaceFile } from "./replace_file.ts";
import config from "../../deno.json" with { type: "json" };

const CACHE = new URL("../../.dev/cache/", import.meta.url);
const BASELINE = new URL("supabase_baseline.sql", import.meta.url);

/** The image as a file in an ignored folder, and the means to make it anew. */
export type LiteImage = { read(): Promise<Blob | undefined>; make(): Promise<Blob> };

/**
 * Returns the image for this version of Supabase Lite (which pins its PGlite exactly) and this
 * baseline. A file that cannot be written costs time only, never the start.
 */
export async function liteImage(cache: URL = CACHE): Promise<LiteImage> {
  const baseline = await Deno.readTextFile(BASELINE);
  const key = await shortHash(`${config.imports["@supabase/lite"]}\n${baseline}`);
  const file = new URL(`supabase_lite_${key}.tar.gz`, cache);
  return {
    async read() {
      try {
        return new Blob([await Deno.readFile(file)]);
      } catch {
        return undefined;
      }
    },
    async make() {
      const connection = await createPgliteConnection({});
      await connection.driver.exec(baseline);
      const image = await connection.driver.dumpDataDir("gzip");
      await connection.close();
      const bytes = new Uint8Array(await image.arrayBuffer());
      await replaceFile(file, (draft) => Deno.writeFile(draft, bytes)).catch(() => {});
      return image;
    },
  };
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest.slice(0, 8))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
