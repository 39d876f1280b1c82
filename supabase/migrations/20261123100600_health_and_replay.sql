-- The doors, three: how it goes, and what a person may change in the table viewer.

create function public.licensing_health(request text, at timestamptz default now())
returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object(
    'pending', count(*) filter (where e.status = 'pending' and not e.held),
    'oldest_pending', min(e.received_at) filter (where e.status = 'pending' and not e.held),
    'retrying', count(*) filter (where e.status = 'pending' and e.attempts > 0 and not e.held),
    'held', count(*) filter (where e.held),
    'parked', count(*) filter (where e.status = 'parked'),
    'paused_until', (select l.paused_until from licensing.cryptlex_limit l where l.paused_until > at),
    'token_refused_since', (select l.token_refused_since from licensing.cryptlex_limit l),
    'stripe_refused_since', (select s.refused_since from licensing.stripe_access s),
    'stripe_not_found_since', (select s.not_found_since from licensing.stripe_access s)
  )
  from licensing.stripe_events e where e.status in ('pending', 'parked')
$$;
comment on function public.licensing_health is
  'How much waits, since when, how much needs a person, and whether Cryptlex and Stripe take our keys.';

create function licensing.stripe_event_status_changed() returns trigger
language plpgsql set search_path = ''
as $$
begin
  if new.status in ('applied', 'ignored') then
    new.settled_at := coalesce(new.settled_at, now());
  else
    new.settled_at := null;
  end if;
  if new.status <> 'pending' then
    new.held := false;
    new.next_attempt_at := null;
  elsif old.status <> 'pending' then
    -- A replay: due at once, and whoever takes it reads Cryptlex first.
    new.next_attempt_at := null;
    update licensing.purchases p set
      must_read = true, replays = p.replays + 1, next_attempt_at = null
    where p.purchase_id = new.purchase_id or p.purchase_id = (
      select o.joined_to from licensing.purchases o where o.purchase_id = new.purchase_id
    );
  end if;
  return new;
end
$$;
comment on function licensing.stripe_event_status_changed is
  'Lets a person change status in the table viewer: the other columns follow, and pending means replay.';

create trigger status_changed before update of status on licensing.stripe_events
for each row when (old.status is distinct from new.status)
execute function licensing.stripe_event_status_changed();

revoke all on function public.licensing_health, licensing.stripe_event_status_changed
from public, anon, authenticated, service_role;
grant execute on function public.licensing_health to service_role;
