// Applies a migrations folder to a database, each migration exactly once, as one batch in one
// transaction, remembered where the Supabase CLI remembers them.

import postgres from "postgres";
import { type AppliedMigration, pendingMigrations, readMigrations } from "./migrations.ts";

/** One connection to a database: every call must reach the same session. */
export type MigrationSession = {
  /** Runs SQL text of any number of statements. */
  run(sql: string): Promise<unknown>;
  /** Runs one statement and returns its rows. */
  rows<T>(sql: string, parameters: unknown[]): Promise<T[]>;
};

// As the CLI makes it: https://github.com/supabase/cli, pkg/migration/history.go.
const HISTORY = `
  create schema if not exists supabase_migrations;
  create table if not exists supabase_migrations.schema_migrations (
    version text not null primary key, statements text[], name text
  );`;

/**
 * Brings the database behind `session` up to date and returns the files applied now.
 * @throws {Error} naming the file that failed, with the database's error as `cause`; what came
 * before it stays applied.
 */
export async function migrate(session: MigrationSession, folder: URL): Promise<string[]> {
  const migrations = await readMigrations(folder);
  await session.run(HISTORY);
  const applied = await session.rows<AppliedMigration>(
    "select version, statements from supabase_migrations.schema_migrations order by version",
    [],
  );
  const pending = pendingMigrations(migrations, applied);
  for (const { version, name, file, sql } of pending) {
    await session.run("begin");
    try {
      await session.run(sql);
      await session.rows(
        "insert into supabase_migrations.schema_migrations (version, name, statements)" +
          " values ($1, $2, array[$3::text])",
        [version, name, sql],
      );
      await session.run("commit");
    } catch (cause) {
      await session.run("rollback");
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`Cannot apply migration ${file}: ${reason}`, { cause });
    }
  }
  return pending.map(({ file }) => file);
}

/** As `migrate`, for a PostgreSQL reached by URL. */
export async function applyMigrations(databaseUrl: string, folder: URL): Promise<string[]> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    return await migrate({
      run: (text) => sql.unsafe(text).simple(),
      rows: async <T>(text: string, parameters: unknown[]) =>
        [...await sql.unsafe(text, parameters as string[])] as T[],
    }, folder);
  } finally {
    await sql.end();
  }
}
