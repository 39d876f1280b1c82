// Holding a lock in a database, and seeing who waits for it.

import type postgres from "postgres";

/** What `statement` locks is let go when told to, and at the end in any case. */
export async function locked(
  sql: postgres.Sql,
  statement: string,
  meanwhile: (letGo: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const held = await sql.reserve();
  await held`begin`;
  await held.unsafe(statement);
  const letGo = async () => void await held`rollback`;
  try {
    await meanwhile(letGo);
  } finally {
    await letGo();
    held.release();
  }
}

/** Resolves once as many wait for locks. */
export async function waiting(sql: postgres.Sql, count: number): Promise<void> {
  for (let poll = 0; poll < 12000; poll++) {
    const [row] = await sql`select count(*)::integer as now from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`;
    if (row?.["now"] === count) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Expected ${count} to wait for locks, and never did`);
}
