// Reads a migrations folder and tells what is still to be applied. Knows no database.

/** One file of the folder. `version` is the digits its name starts with. */
export type Migration = { version: string; name: string; file: string; sql: string };

/** A row of supabase_migrations.schema_migrations: what a database remembers of a migration. */
export type AppliedMigration = { version: string; statements: string[] | null };

/** The Supabase CLI accepts no other file names, and skips what does not match. */
const FILE_NAME = /^(?<version>\d+)_(?<name>.+)\.sql$/;

/**
 * Returns the folder's migrations in name order.
 * @throws {Error} an .sql file's name is not `<digits>_<name>.sql`, or two share their digits.
 */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const migrations: Migration[] = [];
  const base = new URL(folder.href.endsWith("/") ? folder.href : `${folder.href}/`);
  for await (const entry of Deno.readDir(base)) {
    if (!entry.name.endsWith(".sql")) continue;
    const { version, name } = FILE_NAME.exec(entry.name)?.groups ?? {};
    if (version === undefined || name === undefined) {
      throw new Error(
        `Cannot use migration ${entry.name} as its name is not of the form <digits>_<name>.sql`,
      );
    }
    const sql = await Deno.readTextFile(new URL(entry.name, base));
    migrations.push({ version, name, file: entry.name, sql });
  }
  migrations.sort((a, b) => (a.file < b.file ? -1 : 1));
  for (const [index, migration] of migrations.entries()) {
    const next = migrations[index + 1];
    if (next?.version === migration.version) {
      throw new Error(`Cannot tell ${migration.file} from ${next.file} as both have one version`);
    }
  }
  return migrations;
}

/**
 * Returns those migrations the database has not had, in order.
 * @throws {Error} an applied migration was changed or removed since: a database that is kept would
 * silently differ from one built afresh.
 */
export function pendingMigrations(all: Migration[], applied: AppliedMigration[]): Migration[] {
  const known = new Map(all.map((migration) => [migration.version, migration]));
  for (const { version, statements } of applied) {
    const migration = known.get(version);
    if (migration === undefined) {
      throw new Error(`Migration ${version} was applied to this database and is gone since`);
    }
    // Only what we recorded ourselves: the CLI splits a file into its statements.
    if (statements?.length === 1 && statements[0] !== migration.sql) {
      throw new Error(`Migration ${migration.file} was changed since this database applied it`);
    }
  }
  const done = new Set(applied.map(({ version }) => version));
  return all.filter(({ version }) => !done.has(version));
}
