// The table of endpoints: which method and path, under which scope, does what.

import type { Account } from "./account.ts";
import { CATALOGUE_ROUTES } from "./catalogue_routes.ts";
import { LICENSE_ROUTES } from "./license_routes.ts";
import { Refusal } from "./refusal.ts";
import { USER_ROUTES } from "./user_routes.ts";

/** A request that passed the door. */
export type RouteCall = {
  readonly account: Account;
  /** The `{id}` of the path, or `""`. */
  readonly id: string;
  readonly query: URLSearchParams;
  /** The parsed JSON body; `undefined` where the route takes none. */
  readonly body: unknown;
};

/** An answer before it is text. */
export type RouteReply = {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
};

/** One endpoint. */
export type Route = {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With `{id}` where an id stands. */
  readonly path: string;
  /** Any one of these is enough; none means that anybody may call. */
  readonly scopes: readonly string[];
  readonly takesBody?: boolean;
  handle(call: RouteCall): RouteReply;
};

const STATUS: Route = {
  method: "GET",
  path: "/v3/status",
  scopes: [],
  handle: () => ({ status: 200, body: {} }),
};

const TABLE = [STATUS, ...USER_ROUTES, ...LICENSE_ROUTES, ...CATALOGUE_ROUTES].map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace("{id}", "([^/]+)")}$`),
}));

/**
 * The endpoint of a request and the id in its path.
 *
 * @throws {Refusal} 404 for a path nobody serves, 405 for a method the path does not take.
 */
export function findRoute(method: string, path: string): { route: Route; id: string } {
  let known = false;
  for (const { route, pattern } of TABLE) {
    const match = pattern.exec(path);
    if (!match) continue;
    if (route.method === method) return { route, id: decoded(match[1] ?? "") };
    known = true;
  }
  throw known
    ? new Refusal(405, "The method is not allowed.")
    : new Refusal(404, "The path does not exist.");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Refusal(404, "The path does not exist.");
  }
}
