-- What a person is to be told, and that it is told once: parked events, and pending ones that are late.
-- Nothing here is asked while the setting ALERT_WEBHOOK_URL is off.

alter table licensing.stripe_events add column status_since timestamptz;
comment on column licensing.stripe_events.status_since is
  'Since when it is parked, or pending once more; empty: since it was received, or it is settled.';

create table licensing.alerts (
  event_id text primary key references licensing.stripe_events on delete cascade,
  alert_id bigint not null generated always as identity,
  token uuid
);
comment on table licensing.alerts is
  'One row is one parked event that nobody has been told of yet. Empty while there is none, however many events are settled.';
comment on column licensing.alerts.event_id is 'The parked event.';
comment on column licensing.alerts.alert_id is 'In the order they were parked.';
comment on column licensing.alerts.token is
  'The message that tells of it, once that was begun; another may begin anew, should it fail.';

create table licensing.alert_turn (
  only_row boolean primary key default true,
  asked_at timestamptz,
  token uuid,
  quiet_until timestamptz,
  tells_late boolean not null default false,
  late_told_at timestamptz,
  constraint one_row_only check (only_row)
);
comment on table licensing.alert_turn is
  'The one row here says who tells people what is wrong, and when the next may.';
comment on column licensing.alert_turn.only_row is 'Always true: there is one row.';
comment on column licensing.alert_turn.asked_at is
  'When the function last asked what there is to tell; it asks while ALERT_WEBHOOK_URL is set.';
comment on column licensing.alert_turn.token is 'The last message that was begun.';
comment on column licensing.alert_turn.quiet_until is
  'No other message is begun before this, whether the last one arrived or not.';
comment on column licensing.alert_turn.tells_late is
  'The message under way also tells that events wait for too long.';
comment on column licensing.alert_turn.late_told_at is
  'When that was told; empty once no event waits for too long.';
insert into licensing.alert_turn default values;

alter table licensing.alerts enable row level security;
alter table licensing.alert_turn enable row level security;
revoke all on licensing.alerts, licensing.alert_turn
from public, anon, authenticated, service_role;
grant select, insert, update, delete on licensing.alerts to service_role;
grant select, update on licensing.alert_turn to service_role;

create function licensing.note_status_since() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.status_since := case when new.status in ('pending', 'parked') then now() end;
  return new;
end
$$;
comment on function licensing.note_status_since is
  'Notes since when an event is parked, or pending once more.';

create trigger note_status_since before update of status on licensing.stripe_events
for each row when (
  old.status is distinct from new.status
  and (new.status in ('pending', 'parked') or old.status_since is not null)
) execute function licensing.note_status_since();

create function licensing.note_alert() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.status = 'parked' then
    insert into licensing.alerts (event_id) values (new.event_id);
  else
    delete from licensing.alerts a where a.event_id = new.event_id;
  end if;
  return null;
end
$$;
comment on function licensing.note_alert is
  'A newly parked event is to be told of, also one that parks once more; one that no longer is parked is not.';

create trigger note_alert_of_new after insert on licensing.stripe_events
for each row when (new.status = 'parked')
execute function licensing.note_alert();
create trigger note_alert after update of status on licensing.stripe_events
for each row when ((old.status = 'parked') <> (new.status = 'parked'))
execute function licensing.note_alert();

create function licensing.late_events(at timestamptz) returns jsonb
language sql stable set search_path = ''
as $$
  with late as (
    select e.* from licensing.stripe_events e
    where e.status = 'pending' and not e.held
      and e.received_at <= at - interval '1 hour'
      -- One that was asked for again waits since then.
      and (e.status_since is null or e.status_since <= at - interval '1 hour')
  )
  select jsonb_build_object(
    'count', (select count(*) from late),
    'since', coalesce(l.status_since, l.received_at),
    'oldest', jsonb_build_object(
      'event_id', l.event_id, 'event_type', l.event_type,
      'purchase_id', l.purchase_id, 'last_error', l.last_error
    )
  )
  from late l order by l.received_at limit 1
$$;
comment on function licensing.late_events is
  'The events that wait for over an hour: how many, and the oldest; null: none. Rehearsed ones do not wait.';

create function licensing.alert_is_due(at timestamptz) returns boolean
language sql stable set search_path = ''
as $$
  select coalesce(t.asked_at > at - interval '1 day', false)
    and (t.quiet_until is null or t.quiet_until <= at)
    and (
      exists (select from licensing.alerts)
      or t.late_told_at is null and licensing.late_events(at) is not null
    )
  from licensing.alert_turn t
$$;
comment on function licensing.alert_is_due is
  'Whether there is something to tell, and it may be told now: then the schedule posts. False a day after the function last asked: then alerts are off.';

revoke all on function
  licensing.note_status_since,
  licensing.note_alert,
  licensing.late_events,
  licensing.alert_is_due
from public, anon, authenticated, service_role;
grant execute on function licensing.late_events, licensing.alert_is_due to service_role;
