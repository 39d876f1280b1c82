import assert from "node:assert/strict";
import postgres from "postgres";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { readMigrations } from "../../tools/local_stack/migrations.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";
import { dumpSchema } from "../../tools/local_stack/schema_dump.ts";
import { type Checkout, createCheckout } from "./checkout.ts";
import { runSupabase, trySupabase } from "./supabase_cli.ts";

/** Not stopped: it ends with this file's run. */
const server = await startPostgres();

/** Migrations of somebody's own project: one older than all of ours, one newer. */
const THEIRS = {
  "20200101000000_profiles.sql": "create table public.profiles (id int primary key);",
  "29990101000000_orders.sql": "create table public.orders (id int primary key);",
};

async function createDatabase(): Promise<string> {
  return `${server.url(await server.createDatabase())}?sslmode=disable`;
}

async function withCheckout(use: (checkout: Checkout) => Promise<void>): Promise<void> {
  const checkout = await createCheckout();
  try {
    await use(checkout);
  } finally {
    await checkout.remove();
  }
}

async function query(url: string, statement: string): Promise<unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...await sql.unsafe(statement)];
  } finally {
    await sql.end();
  }
}

/** What the database remembers of its migrations, as file names. */
async function history(url: string): Promise<string[]> {
  const rows = await query(
    url,
    `select version || '_' || name || '.sql' as file
     from supabase_migrations.schema_migrations order by version`,
  );
  return (rows as { file: string }[]).map(({ file }) => file);
}

async function ours(checkout: Checkout): Promise<string[]> {
  const migrations = await readMigrations(new URL(`file://${checkout.path}/supabase/migrations`));
  return migrations.map(({ file }) => file);
}

/** A project with a history of its own: its folder, and a database that has all of it. */
async function withTheirs(
  use: (theirs: { folder: string; url: string }) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "theirs-" });
  try {
    await Deno.mkdir(`${folder}/supabase/migrations`, { recursive: true });
    await Deno.writeTextFile(`${folder}/supabase/config.toml`, 'project_id = "theirs"\n');
    for (const [file, text] of Object.entries(THEIRS)) {
      await Deno.writeTextFile(`${folder}/supabase/migrations/${file}`, text);
    }
    const url = await createDatabase();
    await runSupabase(["db", "push", `--remote=${url}`, "--yes"], { cwd: folder });
    await use({ folder, url });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("db push applies all migrations, as the local stack does, and the second time none", async () => {
  await withCheckout(async (checkout) => {
    const url = await createDatabase();
    const push = ["db", "push", `--remote=${url}`, "--yes"];
    await runSupabase(push, { cwd: checkout.path });
    assert.deepEqual(await history(url), await ours(checkout));
    const schema = await dumpSchema(url);

    const local = await createDatabase();
    await applyMigrations(local, new URL(`file://${checkout.path}/supabase/migrations`));
    assert.equal(schema, await dumpSchema(local));

    assert.match(await runSupabase(push, { cwd: checkout.path }), /Remote database is up to date/);
    assert.deepEqual(await history(url), await ours(checkout));
    assert.equal(await dumpSchema(url), schema);
  });
});

Deno.test("the advisors warn of nothing in what the migrations make", async () => {
  await withCheckout(async ({ path }) => {
    const url = await createDatabase();
    const advisors = ["db", "advisors", `--remote=${url}`, "--fail-on=warn"];
    await runSupabase(["db", "push", `--remote=${url}`, "--yes"], { cwd: path });
    assert.match(await runSupabase(advisors, { cwd: path }), /No issues found/);

    // They would have warned.
    await query(url, "create table public.open (id int); grant select on public.open to anon");
    const { success, output } = await trySupabase(advisors, { cwd: path });
    assert.equal(success, false);
    assert.match(output, /rls_disabled_in_public/);
  });
});

Deno.test("a project with a history of its own refuses ours until that is fetched", async () => {
  await withTheirs(async ({ url }) => {
    await withCheckout(async (checkout) => {
      const push = ["db", "push", `--remote=${url}`, "--include-all", "--yes"];
      const { success, output } = await trySupabase(push, { cwd: checkout.path });
      assert.equal(success, false);
      assert.match(output, /Remote migration versions not found in local migrations directory/);

      const files = await ours(checkout);
      const fetchTheirs = ["migration", "fetch", `--remote=${url}`, "--yes"];
      await runSupabase(fetchTheirs, { cwd: checkout.path });
      await runSupabase(push, { cwd: checkout.path });
      assert.deepEqual(await history(url), [...Object.keys(THEIRS), ...files].sort());
    });
  });
});

Deno.test("our migrations can be copied among those of another project", async () => {
  await withTheirs(async ({ folder, url }) => {
    await withCheckout(async (checkout) => {
      const files = await ours(checkout);
      for (const file of files) {
        await Deno.copyFile(
          `${checkout.path}/supabase/migrations/${file}`,
          `${folder}/supabase/migrations/${file}`,
        );
      }
      const push = ["db", "push", `--remote=${url}`, "--include-all", "--yes"];
      await runSupabase(push, { cwd: folder });
      assert.deepEqual(await history(url), [...Object.keys(THEIRS), ...files].sort());
      assert.match(await runSupabase(push, { cwd: folder }), /Remote database is up to date/);
    });
  });
});
