// A local Supabase in this process: Supabase Lite (PostgREST and Studio) on PGlite. Nothing of it
// is reachable from outside this machine, and the library sends no telemetry (its CLI would).
// Known differences from a hosted project: table grants are not enforced (test those on a real
// PostgreSQL), most SQLSTATEs become a 500, and it is one connection: nothing is ever contended.

import { App } from "@supabase/lite";
import { migrate } from "./apply_migrations.ts";
import { type LiteDatabase, openLiteDatabase } from "./lite_database.ts";
import { liteBaseline, type LiteImage, liteImage } from "./lite_image.ts";
import { createStudio } from "./lite_studio.ts";
import { readMigrations } from "./migrations.ts";
import { createQueueOfOne } from "./queue_of_one.ts";

export type SupabaseLite = {
  /** `http://127.0.0.1:<port>`: PostgREST at `/rest/v1`, Studio at `/` when asked for. */
  url: string;
  /** `sb_secret_…`, made anew at each start; belongs in the `apikey` header. */
  secretKey: string;
  /** Answers as the server behind `url` does, without a port. */
  fetch(request: Request): Promise<Response>;
  /** One statement, as the owner. Instants come as text, bigints as numbers where they fit. */
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** Ends the server and closes the database; a kept folder can be opened again afterwards. */
  shutdown(): Promise<void>;
};

export type SupabaseLiteOptions = {
  migrationsFolder: URL;
  /** Keeps an image with all migrations in it, for the next start. Default: no. */
  prepares?: boolean;
  /** Keeps the database in this folder between starts. Absent: in memory. */
  dataFolder?: string;
  /** Serves Studio's table editor, with schema `licensing`. Default: no. */
  studio?: boolean;
  /** Asked when it is to listen: until then another may take it. Default: any free one. */
  port?: () => number;
  onProgress?: (message: string) => void;
};

/**
 * Starts a local Supabase with all migrations of the folder applied exactly once.
 * @throws {Error} a migration fails, or the data folder is in use or damaged.
 */
export async function startSupabaseLite(options: SupabaseLiteOptions): Promise<SupabaseLite> {
  const { migrationsFolder, prepares, studio, port, ...databaseOptions } = options;
  const prepared = prepares ? await preparedImage(migrationsFolder) : undefined;
  const database = await openLiteDatabase({ ...databaseOptions, ...(prepared && { prepared }) });
  try {
    const { driver } = database.connection;
    const applied = await migrate({
      run: (sql) => driver.exec(sql),
      rows: async <T>(sql: string, parameters: unknown[]) =>
        (await driver.query<T>(sql, parameters)).rows,
    }, migrationsFolder);
    // Else it was there before, and somebody's rows are in it.
    const isNew = applied.length === (await readMigrations(migrationsFolder)).length;
    if (isNew && applied.length > 0) await prepared?.keep(database.connection);
    for (const file of applied) options.onProgress?.(`Applied migration ${file}`);
    return await serve(database, { studio: studio ?? false, port: port ?? (() => 0) });
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function preparedImage(migrationsFolder: URL): Promise<LiteImage> {
  const migrations = await readMigrations(migrationsFolder);
  return await liteImage([
    await liteBaseline(),
    ...migrations.flatMap(({ file, sql }) => [file, sql]),
  ]);
}

async function serve(
  database: LiteDatabase,
  options: { studio: boolean; port: () => number },
): Promise<SupabaseLite> {
  const { connection } = database;
  const secretKey = `sb_secret_${crypto.randomUUID().replaceAll("-", "")}`;
  const auth = { enabled: false, secret_key: secretKey };
  // As hosted: schema `licensing` is not exposed.
  const api = new App({ connection, auth, api: { schemas: ["public"] } });
  const studio = options.studio ? await createStudio(connection) : undefined;
  // PGlite is one session and Supabase Lite sends BEGIN and COMMIT as they come: two requests at
  // once would share a transaction, and one's failure would undo the other.
  const inTurn = createQueueOfOne();

  async function answer(request: Request, peerAddress: string): Promise<Response> {
    const copy = await detached(request);
    if (studio !== undefined && !copy.headers.has("apikey")) {
      return await inTurn(() => studio(copy, peerAddress));
    }
    return await inTurn(() => api.fetch(copy, { peerAddress }));
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port(), onListen: () => {} },
    (request, info) => answer(request, info.remoteAddr.hostname),
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    secretKey,
    fetch: (request) => answer(request, "127.0.0.1"),
    query: <T>(sql: string, parameters: unknown[] = []) =>
      inTurn(async () => (await connection.driver.query<T>(sql, parameters)).rows),
    async shutdown() {
      await server.shutdown();
      await inTurn(() => database.close());
    },
  };
}

/** The request with its body read: a slow sender must not hold up the queue. */
async function detached(request: Request): Promise<Request> {
  const { url, method, headers } = request;
  return new Request(url, {
    method,
    headers,
    ...(request.body !== null && { body: await request.arrayBuffer() }),
  });
}
