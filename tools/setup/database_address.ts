// The address of a database, and apart from it its password. Pure.

import { UsageError } from "../run_command.ts";

export type DatabaseAddress = {
  readonly withoutPassword: string;
  /** As the database takes it; null: the address has none. */
  readonly password: string | null;
};

/**
 * Where a password is not percent-encoded, its rest reads as a path, a query or a fragment: then the
 * address has no user, or an @ behind its host.
 *
 * @throws {UsageError} it is none, without a part of it.
 */
export function databaseAddress(text: string): DatabaseAddress {
  const url = URL.parse(text.trim());
  const isPostgres = url !== null && /^postgres(ql)?:$/.test(url.protocol) &&
    url.username !== "" && url.hostname !== "" && url.hash === "" &&
    !url.pathname.includes("@") && !url.search.includes("@");
  const password = isPostgres ? passwordOf(url) : undefined;
  if (!isPostgres || password === undefined) {
    throw new UsageError(
      "--db-url is no postgres:// address with a user; percent-encode its password",
    );
  }
  url.password = "";
  if (url.searchParams.has("password")) url.searchParams.delete("password");
  return { withoutPassword: url.href, password };
}

/** Null: there is none; undefined: it cannot be read. */
function passwordOf({ password, searchParams }: URL): string | null | undefined {
  try {
    return password === "" ? searchParams.get("password") : decodeURIComponent(password);
  } catch {
    return undefined;
  }
}
