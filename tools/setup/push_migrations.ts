// Migrations on their way into a project's database.

import { z } from "zod";
import type { DatabaseAddress } from "./database_address.ts";
import { SupabaseCliError } from "./supabase_cli.ts";

const pushed = z.object({ migrations: z.array(z.string()) });

/** Runs the CLI, with this besides in its environment. */
type Run = (args: readonly string[], env: Record<string, string>) => Promise<unknown>;

/**
 * The files that are applied. `database` null: the database is reached by the linked project.
 *
 * @throws {SupabaseCliError} with what to do about it.
 */
export async function pushMigrations(
  run: Run,
  { database, flags }: { database: DatabaseAddress | null; flags: readonly string[] },
): Promise<string[]> {
  const { target, env } = database === null ? { target: "--remote", env: {} } : addressed(database);
  try {
    // Migrations of ours may be older than others that are there.
    const args = ["db", "push", target, "--include-all", ...flags];
    return pushed.parse(await run(args, env)).migrations;
  } catch (error) {
    throw withCure(error);
  }
}

/** A password goes by the environment: everybody on a machine can read arguments. */
function addressed(
  { withoutPassword, password }: DatabaseAddress,
): { target: string; env: Record<string, string> } {
  return {
    target: `--remote=${withoutPassword}`,
    env: password === null ? {} : { PGPASSWORD: password },
  };
}

/** The CLI's own advice, where it is not the one to follow. */
function withCure(error: unknown): unknown {
  if (!(error instanceof SupabaseCliError)) return error;
  if (/migration versions not found in local/i.test(error.message)) {
    return new SupabaseCliError(
      "The database has migrations of another project. Do not repair its history, which erases " +
        "it: see docs/operating.md, An existing Supabase project",
      error.code,
    );
  }
  if (/password|connect|IPv6|login role/i.test(error.message)) {
    return new SupabaseCliError(
      `${error.message} (SUPABASE_DB_PASSWORD, or the address of its pooler as SUPABASE_DB_URL, ` +
        "is another way into the database)",
      error.code,
    );
  }
  return error;
}
