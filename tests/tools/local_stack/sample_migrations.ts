// A small stand-in for supabase/migrations: one table in `licensing` and functions in `public`.

/** Two migrations, by file name: the schema, and its doors. */
export const SAMPLE: Record<string, string> = {
  "20260101000000_plans.sql": `
    create schema licensing;
    grant usage on schema licensing to service_role;
    create table licensing.plans (
      stripe_id text primary key,
      seats text not null default 'ignore',
      added_at timestamptz not null default now()
    );
    alter table licensing.plans enable row level security;
    grant select, insert, update on licensing.plans to service_role;`,
  "20260102000000_doors.sql": `
    create function public.add_plan(payload text, at timestamptz default now()) returns jsonb
    language plpgsql set search_path = '' as $$
    declare
      asked jsonb := payload::jsonb;
    begin
      insert into licensing.plans (stripe_id, added_at) values (asked ->> 'stripe_id', at);
      if (asked -> 'fail')::boolean then
        raise exception 'asked to fail' using detail = 'a detail', hint = 'a hint';
      end if;
      return jsonb_build_object('stripe_id', asked ->> 'stripe_id', 'at', at,
        'role', current_user, 'transaction', pg_current_xact_id()::text);
    end $$;
    revoke execute on function public.add_plan(text, timestamptz) from public, anon, authenticated;
    grant execute on function public.add_plan(text, timestamptz) to service_role;`,
};

/** A folder that is there until `remove` is called. */
export type TemporaryFolder = {
  url: URL;
  path: string;
  write(file: string, text: string): Promise<void>;
  remove(): Promise<void>;
};

/** Makes a temporary folder holding the files. */
export async function createFolder(files: Record<string, string> = {}): Promise<TemporaryFolder> {
  const path = await Deno.makeTempDir();
  const write = (file: string, text: string) => Deno.writeTextFile(`${path}/${file}`, text);
  for (const [file, text] of Object.entries(files)) await write(file, text);
  return {
    url: new URL(`file://${path}/`),
    path,
    write,
    remove: () => Deno.remove(path, { recursive: true }),
  };
}
