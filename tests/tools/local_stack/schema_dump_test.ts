import assert from "node:assert/strict";
import { applyMigrations } from "../../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../../tools/local_stack/postgres.ts";
import { installedBinaries } from "../../../tools/local_stack/postgres_binaries.ts";
import { dumpSchema } from "../../../tools/local_stack/schema_dump.ts";
import { createFolder } from "./sample_migrations.ts";

/** One of everything the dump knows. */
const EVERYTHING = `
  create schema licensing;
  comment on schema licensing is 'What''s sold';
  grant usage on schema licensing to service_role;
  alter default privileges in schema licensing grant select on tables to authenticated;
  create type licensing.seats as enum ('licenses', 'ignore');
  create domain licensing.positive as int constraint above_zero check (value > 0);
  create table licensing.purchases (
    purchase_id text primary key,
    number bigint generated always as identity,
    state jsonb not null default '{}',
    status text generated always as (state ->> 'status') stored,
    seats licensing.seats default 'ignore',
    lease_until timestamptz,
    name text collate "C",
    constraint status_known check (status in ('pending', 'done'))
  );
  comment on table licensing.purchases is 'A purchase';
  comment on column licensing.purchases.state is 'Merged';
  comment on constraint status_known on licensing.purchases is 'Known';
  create table licensing.links (
    stripe_id text unique,
    purchase_id text references licensing.purchases on delete cascade
  ) with (fillfactor = 90);
  create index links_purchase_idx on licensing.links (purchase_id) where stripe_id is not null;
  alter table licensing.purchases enable row level security;
  create policy nobody on licensing.purchases for select to anon using (false);
  revoke all on licensing.purchases, licensing.links from authenticated;
  grant select, update on licensing.purchases to service_role;
  grant update (state) on licensing.purchases to anon;
  create function licensing.touch() returns trigger language plpgsql set search_path = ''
    as $$ begin return new; end $$;
  create trigger touch before update on licensing.purchases
    for each row execute function licensing.touch();
  create view public.pending with (security_invoker = true) as
    select p.purchase_id, l.stripe_id
      from licensing.purchases p join licensing.links l on l.purchase_id = p.purchase_id
     where p.status = 'pending';
  comment on column public.pending.stripe_id is 'Linked';
  create function public.claim(payload text, at timestamptz default now()) returns jsonb
    language sql security definer set search_path = '' as 'select payload::jsonb';
  comment on function public.claim is 'Claims';
  revoke execute on function public.claim from public, anon, authenticated;
  create function public.forgotten() returns int language sql as 'select 1';`;

/** Lines that must be there, each the trace of one thing. */
const LINES = [
  "create schema licensing;",
  "comment on schema licensing is 'What''s sold';",
  "grant usage on schema licensing to service_role;",
  "grant select on future tables in schema licensing to authenticated;",
  "create type licensing.seats as enum ('licenses', 'ignore');",
  "create domain licensing.positive as integer constraint above_zero CHECK (VALUE > 0);",
  "create table licensing.purchases (",
  "  purchase_id text not null,",
  "  number bigint not null generated always as identity,",
  "  state jsonb not null default '{}'::jsonb,",
  "  status text generated always as ((state ->> 'status'::text)) stored,",
  "  seats licensing.seats default 'ignore'::licensing.seats,",
  '  name text collate "C",',
  ") with (fillfactor=90);",
  "  constraint purchases_pkey PRIMARY KEY (purchase_id),",
  "comment on table licensing.purchases is 'A purchase';",
  "comment on column licensing.purchases.state is 'Merged';",
  "comment on constraint status_known on licensing.purchases is 'Known';",
  "CREATE INDEX links_purchase_idx ON licensing.links USING btree (purchase_id)" +
  " WHERE (stripe_id IS NOT NULL);",
  "alter table licensing.purchases enable row level security;",
  "create policy nobody on licensing.purchases as permissive for select to anon using (false);",
  "-- no grants on table licensing.links",
  "grant select, update on table licensing.purchases to service_role;",
  "grant update on column licensing.purchases.state to anon;",
  "CREATE TRIGGER touch BEFORE UPDATE ON licensing.purchases FOR EACH ROW" +
  " EXECUTE FUNCTION licensing.touch();",
  "create view public.pending with (security_invoker=true) as",
  "comment on column public.pending.stripe_id is 'Linked';",
  "-- no grants on view public.pending",
  " SECURITY DEFINER",
  " SET search_path TO ''",
  "comment on function public.claim(text,timestamp with time zone) is 'Claims';",
  "grant execute on function public.claim(text,timestamp with time zone) to service_role;",
  "grant execute on function public.forgotten() to anon;",
  "grant execute on function public.forgotten() to public;",
];

/** Not stopped: it ends with this file's run. */
const server = await startPostgres();

/** The dump of a database of the server that had the migration. */
async function dump(migration: string, { url, createDatabase } = server): Promise<string> {
  const folder = await createFolder({ "1_everything.sql": migration });
  const databaseUrl = url(await createDatabase());
  await applyMigrations(databaseUrl, folder.url);
  await folder.remove();
  return await dumpSchema(databaseUrl);
}

Deno.test("the dump tells everything that a migration can make", async () => {
  const lines = (await dump(EVERYTHING)).split("\n");
  for (const line of LINES) assert.ok(lines.includes(line), line);
});

Deno.test("the dump of a function names no role that may not call it", async () => {
  const grants = (await dump(EVERYTHING)).split("\n").filter((line) => line.includes(".claim("));
  assert.ok(
    !grants.some((line) => /to (public|anon|authenticated);/.test(line)),
    grants.join("\n"),
  );
});

Deno.test("the dump does not depend on the order in which things were made", async () => {
  const [first, second] = [
    "create function public.a() returns int language sql as 'select 1';",
    "create function public.b() returns int language sql as 'select 1';",
  ];
  assert.equal(await dump(`${first}${second}`), await dump(`${second}${first}`));
});

Deno.test({
  name: "the dump is the same on the installed PostgreSQL as on npm's",
  ignore: await installedBinaries().then(() => false, () => true),
  async fn() {
    const installed = await startPostgres({ binaries: await installedBinaries() });
    try {
      assert.equal(await dump(EVERYTHING, installed), await dump(EVERYTHING));
    } finally {
      await installed.stop();
    }
  },
});
