// Writes down what the migrations made of a database, to be kept beside them and compared: what
// changed shows as a diff. Reads the catalog only; the queries lie in schema_dump/.

import postgres from "postgres";

/** Each gives one `text` for each object, in an order that does not depend on when it was made. */
const PARTS = ["schemas", "types", "tables", "sequences", "views", "functions"];

const QUERIES = new URL("schema_dump/", import.meta.url);

/**
 * Returns schema `licensing` and our functions and views in `public` as text that reads like SQL.
 * Grants to the owner are left out; a star marks one that may be passed on. The same migrations
 * give the same text on PostgreSQL 15 to 17, but for a view of one table: since 16 its columns
 * are written without the table's name.
 */
export async function dumpSchema(databaseUrl: string): Promise<string> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
  try {
    const objects: string[] = [];
    await sql.unsafe(await query("prelude")).simple();
    // With nothing but the catalog on the path every other name is written in full.
    await sql`set search_path = pg_catalog`;
    for (const part of PARTS) {
      const rows = await sql.unsafe<{ text: string }[]>(await query(part));
      for (const { text } of rows) objects.push(`${text}\n`);
    }
    return objects.join("\n");
  } finally {
    await sql.end();
  }
}

async function query(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(`${name}.sql`, QUERIES));
}
