// Supabase Lite's Studio as we need it: the table editor over schema `licensing`. It acts as
// service_role for anyone on this machine's loopback: never listen elsewhere.

import { App } from "@supabase/lite";
import type { PgliteConnection } from "@supabase/lite/pglite";
import { extname } from "node:path";
import { litePackageFolder } from "./lite_package_folder.ts";

/** Answers Studio's page, its files and its API. The address is the socket's, never a header's. */
export type Studio = (request: Request, peerAddress: string) => Promise<Response>;

const CONTENT_TYPES: Record<string, string> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};

/** Returns Studio over the connection. Its requests must not run beside others on it. */
export async function createStudio(connection: PgliteConnection): Promise<Studio> {
  const app = new App({
    connection,
    // A key nobody knows: without one, Lite would let other sites' pages in, too.
    auth: { enabled: false, secret_key: `sb_secret_${crypto.randomUUID()}` },
    studio: { enabled: true },
    // Studio finds its schemas in the database, and reads and writes rows through these.
    api: { schemas: ["public", "licensing"] },
    options: { server: { admin: true } },
  });
  // When embedded, Lite serves the page but not the files the page asks for.
  const staticFiles = new URL("dist/static/", await litePackageFolder());

  return async (request, peerAddress) => {
    const { pathname, origin } = new URL(request.url);
    // Studio shows `public` first, where there is no table of ours; with a dot, the part before
    // it is the schema to show.
    if (pathname === "/") return Response.redirect(`${origin}/editor/licensing.`);
    if (pathname.startsWith("/static/")) return await staticFile(pathname, staticFiles);
    const response = await app.fetch(request, { peerAddress });
    if (pathname === "/_system/introspect") return await withViews(response);
    const table = /^\/rest\/v1\/(?<table>[^/]+)$/.exec(pathname)?.groups?.table;
    if (request.method !== "GET" || table === undefined || !response.ok) return response;
    const schema = request.headers.get("accept-profile") ?? "public";
    return await withRowIds(response, await primaryKey(connection, { schema, table }));
  };
}

async function staticFile(pathname: string, folder: URL): Promise<Response> {
  // No path that leaves the folder, encoded or not.
  const path = /^\/static\/(?<path>(assets\/)?[\w-][\w.-]*)$/.exec(pathname)?.groups?.path ?? "";
  const contentType = CONTENT_TYPES[extname(path)];
  if (contentType === undefined) return new Response("Not found", { status: 404 });
  try {
    const bytes = await Deno.readFile(new URL(path, folder));
    return new Response(bytes, { headers: { "content-type": contentType } });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return new Response("Not found", { status: 404 });
  }
}

/** Studio 0.10.0 is told of views and their columns, but lists nothing except tables. */
async function withViews(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const { tables, views, ...rest } = await response.clone().json();
  const alike = views.map(({ name, schema }: { name: string; schema: string }) => ({
    ...tables[0],
    name,
    schema,
    type: "view",
    rows: 0,
  }));
  return withBody(response, { ...rest, views, tables: [...tables, ...alike] });
}

/**
 * Studio 0.10.0 addresses the row to change as `<primary key>=eq.<row.id>`, so that edits of a table
 * whose key has another name change nothing. Rows that carry their key as `id`, too, work; only
 * columns of the table are shown.
 */
async function withRowIds(response: Response, key: string | undefined): Promise<Response> {
  const rows: unknown = key === undefined ? undefined : await response.clone().json();
  if (key === undefined || !Array.isArray(rows)) return response;
  const withIds = rows.map((row: Record<string, unknown>) => ({ id: row[key], ...row }));
  return withBody(response, withIds);
}

function withBody(response: Response, body: unknown): Response {
  const headers = new Headers(response.headers);
  headers.delete("content-length");
  return Response.json(body, { status: response.status, headers });
}

/** The name of the table's key column; undefined when it has no key, or one of several columns. */
async function primaryKey(
  connection: PgliteConnection,
  { schema, table }: { schema: string; table: string },
): Promise<string | undefined> {
  const { rows } = await connection.driver.query<{ name: string }>(
    `select a.attname as name
       from pg_index i
       join pg_class c on c.oid = i.indrelid
       join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
      where i.indisprimary and i.indnkeyatts = 1
        and c.relnamespace = to_regnamespace($1) and c.relname = $2`,
    [schema, decodeURIComponent(table)],
  );
  return rows[0]?.name;
}
