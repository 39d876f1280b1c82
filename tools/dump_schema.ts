// `deno task schema`: writes down what the migrations make of a database, or with --check compares.

import { startPostgres } from "./local_stack/postgres.ts";
import { applyMigrations } from "./local_stack/apply_migrations.ts";
import { dumpSchema } from "./local_stack/schema_dump.ts";
import { print } from "./terminal.ts";

const dumpFile = new URL("../supabase/schema.sql", import.meta.url);
const header =
  "-- What the migrations make of a database. Written by `deno task schema`; not applied.\n\n";

if (import.meta.main) Deno.exit(await main(Deno.args));

async function main(args: readonly string[]): Promise<number> {
  const schema = header + await currentSchema();
  if (!args.includes("--check")) {
    await Deno.writeTextFile(dumpFile, schema);
    return 0;
  }
  if (await Deno.readTextFile(dumpFile).catch(() => "") === schema) return 0;
  print(
    "supabase/schema.sql is not what the migrations make: run `deno task schema`, read the diff",
  );
  return 1;
}

async function currentSchema(): Promise<string> {
  const server = await startPostgres();
  try {
    const url = server.url(await server.createDatabase());
    await applyMigrations(url, new URL("../supabase/migrations/", import.meta.url));
    return await dumpSchema(url);
  } finally {
    await server.stop();
  }
}
