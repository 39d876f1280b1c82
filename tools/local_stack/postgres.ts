// A real PostgreSQL for the length of a run, set up as a new Supabase project: `postgres` owns the
// databases and runs the migrations, and is no superuser. Never keep data in it.

import postgres from "postgres";
import { startCluster } from "./postgres_cluster.ts";

export type PostgresServer = {
  /** The URL of a database as user `postgres`; any other user works, too, without a password. */
  url(database: string): string;
  /**
   * Makes a database owned by `postgres` and returns its name. A template is the name of another
   * one, which nobody may be connected to meanwhile.
   */
  createDatabase(options?: { template?: string }): Promise<string>;
  /** Stops the server, cutting all connections, and removes its folder. */
  stop(): Promise<void>;
};

export type PostgresOptions = {
  /** The folder of `initdb`, `pg_ctl` and `postgres`. Default: npm's, else the installed ones. */
  binaries?: string;
};

/** Supabase's superuser; never used by migrations or by the function. */
const SUPERUSER = "supabase_admin";

/** What a hosted project's `postgres` may: https://supabase.com/docs/guides/database/postgres/roles */
const OWNER = `
  create role postgres login createdb createrole replication bypassrls;
  grant pg_read_all_data, pg_signal_backend, pg_monitor to postgres;
  alter database postgres owner to postgres;`;

const BASELINE = new URL("supabase_baseline.sql", import.meta.url);

/**
 * Starts a server; takes half a second. One that is not stopped ends with this process.
 * @throws {Error} with what PostgreSQL said; nothing is left behind.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const cluster = await startCluster({ superuser: SUPERUSER, binaries: options.binaries });
  const address = `127.0.0.1:${cluster.port}`;

  async function asSuperuser(database: string, statements: string): Promise<void> {
    const url = `postgres://${SUPERUSER}@${address}/${database}`;
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    try {
      await sql.unsafe(statements).simple();
    } finally {
      await sql.end();
    }
  }

  try {
    // Every database made later is a copy of template1.
    await asSuperuser("template1", `${OWNER} ${await Deno.readTextFile(BASELINE)}`);
  } catch (error) {
    await cluster.stop();
    throw error;
  }
  return {
    url: (database) => `postgres://postgres@${address}/${database}`,
    async createDatabase({ template = "template1" } = {}) {
      const name = `test_${crypto.randomUUID().replaceAll("-", "")}`;
      await asSuperuser("postgres", `create database ${name} owner postgres template ${template}`);
      return name;
    },
    stop: cluster.stop,
  };
}
