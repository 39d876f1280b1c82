// The one thing of PostgREST that our function uses, over a real PostgreSQL: calling a database
// function as service_role. Tables, other roles and other schemas are not served.

import postgres from "postgres";
import { type DatabaseFunction, findDatabaseFunctions } from "./database_function.ts";
import { errorResponse, jsonError } from "./postgrest_error.ts";

export type PostgresRestOptions = {
  /** A database of `startPostgres`; the server logs in as `authenticator`, as PostgREST does. */
  databaseUrl: string;
  /** What the `apikey` header must be. */
  secretKey: string;
  /** Default: any free one. */
  port?: number;
  /** Hears of each call that was answered, whatever the answer. */
  onCall?: (name: string) => void;
};

/** Calls run at once, each on a connection of its own; further ones wait. */
const CONNECTIONS = 20;

/**
 * Serves `POST /rest/v1/rpc/<function>` on loopback: a JSON object of named arguments in, the
 * result as JSON out (204 for void), errors as PostgREST's JSON and statuses, 401 without the key.
 * @throws {Error} the database cannot be reached.
 */
export async function servePostgresRest(
  options: PostgresRestOptions,
): Promise<{ url: string; shutdown(): Promise<void> }> {
  const sql = postgres(options.databaseUrl, {
    username: "authenticator",
    max: CONNECTIONS,
    onnotice: () => {},
    // PostgREST sets both anew in each transaction, for it serves many; here a call is one statement,
    // and holds its locks no longer than that takes.
    connection: {
      role: "service_role",
      "request.jwt.claims": '{"role":"service_role"}',
    },
  });
  await sql`select`;
  const call = createCaller(sql);

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    const name = /^\/rest\/v1\/rpc\/(?<name>[^/]+)$/.exec(pathname)?.groups?.name;
    // Refused by Supabase's gateway before PostgREST sees it, hence the other form.
    if (request.headers.get("apikey") !== options.secretKey) {
      return Response.json({ message: "Invalid API key" }, { status: 401 });
    }
    if (name === undefined || request.method !== "POST") {
      return jsonError(404, { code: "PGRST125", message: "Invalid path specified in request URL" });
    }
    const answered = await call(decodeURIComponent(name), await request.text());
    options.onCall?.(name);
    return answered;
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port: options.port ?? 0, onListen: () => {} },
    answer,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    async shutdown() {
      await server.shutdown();
      await sql.end();
    },
  };
}

function createCaller(sql: postgres.Sql): (name: string, body: string) => Promise<Response> {
  // As PostgREST's schema cache: a function changed later is called as it was found first.
  const found = new Map<string, DatabaseFunction>();

  return async (name, body) => {
    const argumentNames = namesIn(body);
    if (argumentNames === undefined) {
      return jsonError(400, { code: "PGRST102", message: "Empty or invalid json" });
    }
    const signature = `public.${name}(${argumentNames.join(", ")})`;
    try {
      const known = found.get(signature);
      const candidates = known ? [known] : await findDatabaseFunctions(sql, {
        name,
        argumentNames,
      });
      const [only] = candidates;
      if (only === undefined) {
        const message = `Could not find the function ${signature} in the schema cache`;
        return jsonError(404, { code: "PGRST202", message });
      }
      if (candidates.length > 1) {
        const message = `Could not choose the best candidate function for ${signature}`;
        return jsonError(300, { code: "PGRST203", message });
      }
      found.set(signature, only);
      return await run(sql, { ...only, body: body || "{}" });
    } catch (error) {
      return errorResponse(error);
    }
  };
}

async function run(
  sql: postgres.Sql,
  { statement, returnsVoid, body }: DatabaseFunction & { body: string },
): Promise<Response> {
  const rows = await sql.unsafe<{ body: string }[]>(statement, [body], { prepare: true });
  if (returnsVoid) return new Response(null, { status: 204 });
  return new Response(rows[0]?.body ?? "null", {
    headers: { "content-type": "application/json; charset=utf-8" },
  });
}

/** The argument names of the JSON object in the body, sorted; undefined when there is no object. */
function namesIn(body: string): string[] | undefined {
  if (body === "") return [];
  try {
    const given: unknown = JSON.parse(body);
    const isObject = typeof given === "object" && given !== null && !Array.isArray(given);
    return isObject ? Object.keys(given).sort() : undefined;
  } catch {
    return undefined;
  }
}
