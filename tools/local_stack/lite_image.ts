// A PGlite database kept as a file: loading an empty one takes a tenth of the time of making it
// (PGlite runs initdb in WebAssembly: 3 s), and one with all migrations no more.

import type { PgliteConnection } from "@supabase/lite/pglite";
import { replaceFile } from "./replace_file.ts";
import config from "../../deno.json" with { type: "json" };

const CACHE = new URL("../../.dev/cache/", import.meta.url);
const BASELINE = new URL("supabase_baseline.sql", import.meta.url);

/** An image as a file in an ignored folder. */
export type LiteImage = {
  read(): Promise<Blob | undefined>;
  /** A file that cannot be written costs time only, never the start. */
  keep(connection: PgliteConnection): Promise<Blob>;
};

/**
 * The image of what these texts made, by this version of Supabase Lite (which pins its PGlite
 * exactly).
 */
export async function liteImage(texts: readonly string[], cache: URL = CACHE): Promise<LiteImage> {
  const key = await shortHash([config.imports["@supabase/lite"], ...texts].join("\n"));
  const file = new URL(`supabase_lite_${key}.tar.gz`, cache);
  return {
    async read() {
      try {
        return new Blob([await Deno.readFile(file)]);
      } catch {
        return undefined;
      }
    },
    async keep(connection) {
      const image = await connection.driver.dumpDataDir("gzip");
      const bytes = new Uint8Array(await image.arrayBuffer());
      await replaceFile(file, (draft) => Deno.writeFile(draft, bytes)).catch(() => {});
      return image;
    },
  };
}

/** What an empty database is made of. */
export function liteBaseline(): Promise<string> {
  return Deno.readTextFile(BASELINE);
}

async function shortHash(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest.slice(0, 8))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
