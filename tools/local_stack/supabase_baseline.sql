-- What a new Supabase project has before the first migration, as far as ours can notice it.
-- Run by a superuser, in a database whose migrations will be run by `postgres`.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;

-- PostgREST logs in as `authenticator` and becomes one of the three for each request.
create role authenticator login noinherit;
grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role to postgres;
-- https://supabase.com/docs/guides/database/postgres/timeouts: service_role has none of its own.
alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';

create schema extensions;
grant usage on schema extensions to anon, authenticated, service_role, postgres;
grant usage on schema public to anon, authenticated, service_role, postgres;

-- Since 2026 new tables are granted to nobody. Functions are the trap: Postgres lets PUBLIC execute
-- them, and projects made earlier also grant them by name. A revoke that forgets either shows.
alter default privileges for role postgres in schema public
  grant execute on functions to anon, authenticated, service_role;
