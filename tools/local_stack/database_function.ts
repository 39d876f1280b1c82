// Finds a function of schema public by name and argument names, and writes the statement that calls
// it with a JSON object of arguments, as PostgREST does. Runs as whoever the connection is.

import type postgres from "postgres";

/** How to call a function: `statement` takes the arguments' JSON text as $1 and gives `body`. */
export type DatabaseFunction = { statement: string; returnsVoid: boolean };

type Row = {
  arguments: { name: string; type: string }[];
  returns_set: boolean;
  returns_void: boolean;
};

/** Input arguments of functions named $1 that are called with exactly the names $2 and defaults. */
const CANDIDATES = `
  select p.proretset as returns_set,
         p.prorettype = 'void'::regtype as returns_void,
         coalesce(
           json_agg(json_build_object('name', a.name, 'type', format_type(a.type, null)))
             filter (where a.name = any ($2)),
           '[]'
         ) as arguments
    from pg_proc p
    left join lateral unnest(p.proargnames, p.proargtypes::oid[])
           with ordinality as a (name, type, position) on a.position <= p.pronargs
   where p.pronamespace = 'public'::regnamespace and p.prokind = 'f' and p.proname = $1
   group by p.oid
  having count(*) filter (where a.name = any ($2)) = cardinality($2::text[])
     and coalesce(bool_and(a.name = any ($2)) filter (
           where a.position <= p.pronargs - p.pronargdefaults), true)`;

/** Returns all that fit: none, one, or several when the call is ambiguous. */
export async function findDatabaseFunctions(
  sql: postgres.Sql,
  call: { name: string; argumentNames: string[] },
): Promise<DatabaseFunction[]> {
  const rows = await sql.unsafe(CANDIDATES, [call.name, call.argumentNames]) as unknown as Row[];
  return rows.map((row) => ({
    statement: callStatement(call.name, row),
    returnsVoid: row.returns_void,
  }));
}

function callStatement(name: string, row: Row): string {
  const fields = row.arguments.map(({ name, type }) => `${quoted(name)} ${type}`).join(", ");
  const values = row.arguments.map(({ name }) => `${quoted(name)} := given.${quoted(name)}`)
    .join(", ");
  // json_to_record converts each argument as PostgREST's own call does.
  const given = fields === ""
    ? "(select $1::text) as given"
    : `json_to_record($1::text::json) as given (${fields})`;
  const call = `${given}, lateral public.${quoted(name)}(${values}) as result`;
  if (row.returns_void) return `select null as body from ${call}`;
  return row.returns_set
    ? `select coalesce(json_agg(result), '[]')::text as body from ${call}`
    : `select coalesce(to_json(result), 'null')::text as body from ${call}`;
}

function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
