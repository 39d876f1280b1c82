// Where a ledger still mentions somebody: any column of any row of any table.

/** Runs one statement and gives its rows. */
export type Query = <T>(sql: string, parameters: string[]) => Promise<readonly T[]>;

/** The tables whose rows contain one of these words, in any case, and how many rows do. */
export async function mentions(query: Query, words: readonly string[]): Promise<string[]> {
  const tables = await query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'licensing'::regnamespace and relkind = 'r' order by 1`,
    [],
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const pattern = words.map((word) => word.replace(/\W/g, "\\$&")).join("|");
    const [row] = await query<{ rows: number }>(
      `select count(*)::integer as rows from ${name} t where t::text ~* $1`,
      [pattern],
    );
    if (row?.rows !== 0) found.push(`${name}: ${row?.rows}`);
  }
  return found;
}
