-- One insert of one event, as the least a ledger could do.
create schema bench;
create table bench.events (
  event_id text primary key,
  payload jsonb not null,
  received_at timestamptz not null default now()
);
grant usage on schema bench to service_role;
grant insert, select on bench.events to service_role;

create function public.bench_insert(request text) returns jsonb
language sql set search_path = '' as $$
  insert into bench.events (event_id, payload)
  select request::jsonb ->> 'event_id', request::jsonb -> 'payload'
  on conflict do nothing;
  select '{"recorded": "new"}'::jsonb;
$$;
grant execute on function public.bench_insert(text) to service_role;
