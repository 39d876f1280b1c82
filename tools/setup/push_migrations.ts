// Migrations on their way into a project's database.

import { z } from "zod";
import { SupabaseCliError } from "./supabase_cli.ts";

const pushed = z.object({ migrations: z.array(z.string()) });

/** Runs the CLI, with this besides in its environment. */
type Run = (args: readonly string[], env: Record<string, string>) => Promise<unknown>;

/**
 * The files that are applied. `databaseUrl` null: the database is reached by the linked project.
 *
 * @throws {SupabaseCliError} with what to do about it.
 */
export async function pushMigrations(
  run: Run,
  { databaseUrl, flags }: { databaseUrl: string | null; flags: readonly string[] },
): Promise<string[]> {
  const { target, env } = databaseUrl === null
    ? { target: "--remote", env: {} }
    : addressed(databaseUrl);
  try {
    // Migrations of ours may be older than others that are there.
    const args = ["db", "push", target, "--include-all", ...flags];
    return pushed.parse(await run(args, env)).migrations;
  } catch (error) {
    throw withCure(error);
  }
}

/** A password goes by the environment: everybody on a machine can read arguments. */
function addressed(databaseUrl: string): { target: string; env: Record<string, string> } {
  const url = new URL(databaseUrl);
  const env: Record<string, string> = url.password === ""
    ? {}
    : { PGPASSWORD: decodeURIComponent(url.password) };
  url.password = "";
  return { target: `--remote=${url.href}`, env };
}

/** The CLI's own advice, where it is not the one to follow. */
function withCure(error: unknown): unknown {
  if (!(error instanceof SupabaseCliError)) return error;
  if (/migration versions not found in local/i.test(error.message)) {
    return new SupabaseCliError(
      "The database has migrations of another project. Do not repair its history, which erases " +
        "it: see the README, An existing Supabase project",
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
