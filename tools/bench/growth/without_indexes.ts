// Filling tables faster than their keys and indexes let.

import type postgres from "postgres";

type Dropped = { readonly drop: string; readonly make: string };

/** Takes all keys and indexes of schema licensing away while `fill` runs; they come back as they were. */
export async function withoutIndexes(sql: postgres.Sql, fill: () => Promise<void>): Promise<void> {
  // Foreign keys first: they rest on the others.
  const keys = await sql<Dropped[]>`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname,
        pg_get_constraintdef(oid)) as make
    from pg_constraint
    where connamespace = 'licensing'::regnamespace and contype in ('f', 'p', 'u')
    order by contype = 'f' desc, conname`;
  const indexes = await sql<Dropped[]>`
    select format('drop index %s', indexrelid::regclass) as drop,
      pg_get_indexdef(indexrelid) as make
    from pg_index x join pg_class t on t.oid = x.indrelid
    where t.relnamespace = 'licensing'::regnamespace
      and not exists (select from pg_constraint where conindid = x.indexrelid)`;
  const all = [...keys, ...indexes];
  for (const { drop } of all) await sql.unsafe(drop);
  await fill();
  for (const { make } of all.toReversed()) await sql.unsafe(make);
}
