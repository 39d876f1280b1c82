// Opens the PGlite database of the local Supabase: in memory, or kept in a folder. Knows nothing
// of HTTP.

import { createPgliteConnection, type PgliteConnection } from "@supabase/lite/pglite";
import { lockFolder } from "./folder_lock.ts";
import { liteBaseline, type LiteImage, liteImage } from "./lite_image.ts";

export type LiteDatabase = { connection: PgliteConnection; close(): Promise<void> };

export type LiteDatabaseOptions = {
  /** Absent: in memory. The database lies in this folder itself, a lock file beside it. */
  dataFolder?: string;
  /** Where the image of an empty database is kept. Absent: `.dev/cache` of this repository. */
  imageCache?: URL;
  /** A database to begin with in place of an empty one, when it can be loaded. */
  prepared?: LiteImage;
  onProgress?: (message: string) => void;
};

/**
 * Opens the database; a new one has Supabase's roles and nothing else, or is the prepared one.
 * @throws {Error} the folder is in use, or holds something that cannot be opened.
 */
export async function openLiteDatabase(options: LiteDatabaseOptions): Promise<LiteDatabase> {
  const { dataFolder } = options;
  if (dataFolder === undefined) {
    const connection = await createDatabase(undefined, options);
    return { connection, close: () => connection.close() };
  }
  await Deno.mkdir(dataFolder, { recursive: true });
  const unlock = await lockFolder(dataFolder);
  try {
    const connection = await isEmpty(dataFolder)
      ? await createDatabase(dataFolder, options)
      : await openKept(dataFolder);
    return { connection, close: () => connection.close().finally(unlock) };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function createDatabase(url: string | undefined, options: LiteDatabaseOptions) {
  const baseline = await liteBaseline();
  const empty = await liteImage([baseline], options.imageCache);
  for (const image of [options.prepared, empty]) {
    const stored = await image?.read();
    if (stored === undefined) continue;
    try {
      return await load(stored, url);
    } catch {
      const what = image === empty ? "an empty database" : "a prepared database";
      options.onProgress?.(`The stored image of ${what} is broken`);
      if (url !== undefined) await emptyFolder(url);
    }
  }
  options.onProgress?.("Making the image of an empty database (once)");
  const connection = await createPgliteConnection({});
  await connection.driver.exec(baseline);
  const made = await empty.keep(connection);
  await connection.close();
  return await load(made, url);
}

async function load(image: Blob, url: string | undefined): Promise<PgliteConnection> {
  return await ready({ pgliteOptions: { loadDataDir: image }, ...(url && { url }) });
}

async function openKept(folder: string): Promise<PgliteConnection> {
  try {
    return await ready({ url: folder });
  } catch (cause) {
    throw new Error(
      `Cannot open the database kept in ${folder}: it is damaged or of another version.` +
        " Delete the folder to start afresh",
      { cause },
    );
  }
}

async function ready(config: Parameters<typeof createPgliteConnection>[0]) {
  const connection = await createPgliteConnection(config);
  const exitCode = Deno.exitCode;
  try {
    // The constructor only starts the work; here is where its failure comes out.
    await connection.driver.waitReady;
  } catch (error) {
    // The WebAssembly runtime has marked our whole process as failed.
    Deno.exitCode = exitCode;
    throw error;
  }
  return connection;
}

async function isEmpty(folder: string): Promise<boolean> {
  for await (const _entry of Deno.readDir(folder)) return false;
  return true;
}

async function emptyFolder(folder: string): Promise<void> {
  for await (const entry of Deno.readDir(folder)) {
    await Deno.remove(`${folder}/${entry.name}`, { recursive: true });
  }
}
