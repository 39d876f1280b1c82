-- What is kept for how long: payloads for a season, settled events and calls for a year. What is to
-- be done still, and what purchases and licenses are, is kept.

create table licensing.retention (
  only_row boolean primary key default true,
  payload_days integer not null default 90,
  settled_days integer not null default 400,
  constraint one_row_only check (only_row),
  constraint payload_days_outlast_resends check (payload_days >= 30),
  constraint settled_days_outlast_payloads check (settled_days >= payload_days)
);
comment on table licensing.retention is 'The one row here says for how long what is kept. Edited by people.';
comment on column licensing.retention.only_row is 'Always true: there is one row.';
comment on column licensing.retention.payload_days is
  'Payloads of events settled longer ago are cleared. At least 30: so long Stripe lets an event be sent again.';
comment on column licensing.retention.settled_days is
  'Events settled and calls made longer ago are deleted.';
insert into licensing.retention default values;
alter table licensing.retention enable row level security;
revoke all on licensing.retention from public, anon, authenticated, service_role;

-- Every settled event is in exactly one of these two, so that settling writes one entry.
create index stripe_events_with_payload_idx on licensing.stripe_events (settled_at)
  where settled_at is not null and payload is not null;
create index stripe_events_without_payload_idx on licensing.stripe_events (settled_at)
  where settled_at is not null and payload is null;

-- Settling leaves a dead entry in the indexes of what waits, which a drain reads over. By default they
-- would be millions before the first of them is cleaned away.
alter table licensing.stripe_events set (
  autovacuum_vacuum_scale_factor = 0.02, vacuum_index_cleanup = on
);

create function licensing.prune(at timestamptz default now(), batch integer default 10000)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  keep licensing.retention;
  payloads integer;
  events integer;
  actions integer;
begin
  select * into strict keep from licensing.retention;

  with old as (
    select e.event_id from licensing.stripe_events e
    where e.payload is not null and e.settled_at < at - keep.payload_days * interval '1 day'
    order by e.settled_at limit batch for update skip locked
  )
  update licensing.stripe_events e set payload = null from old where e.event_id = old.event_id;
  get diagnostics payloads = row_count;

  with old as (
    select e.event_id from licensing.stripe_events e
    where e.payload is null and e.settled_at < at - keep.settled_days * interval '1 day'
    order by e.settled_at limit batch for update skip locked
  )
  delete from licensing.stripe_events e using old where e.event_id = old.event_id;
  get diagnostics events = row_count;

  -- Their ids are in the order of time: the oldest are found without an index of their own.
  with old as (
    select a.action_id from licensing.license_actions a
    where a.acted_at < at - keep.settled_days * interval '1 day' and a.action_id in (
      select o.action_id from licensing.license_actions o order by o.action_id limit batch
    )
    for update skip locked
  )
  delete from licensing.license_actions a using old where a.action_id = old.action_id;
  get diagnostics actions = row_count;

  return jsonb_build_object(
    'payloads_cleared', payloads, 'events_deleted', events, 'actions_deleted', actions
  );
end
$$;
comment on function licensing.prune is
  'Clears payloads and deletes settled events and calls that licensing.retention no longer keeps, at most a batch of each; waits for nobody. {"payloads_cleared": n, "events_deleted": n, "actions_deleted": n}';

-- Nobody but the owner deletes.
revoke all on function licensing.prune from public, anon, authenticated, service_role;
