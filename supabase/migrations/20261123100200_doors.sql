-- The doors: the only functions the Edge Function calls. Each takes one text holding JSON and
-- returns its outcome as data; `at` is a seam for tests, all clocks are the database's.

create function public.record_stripe_event(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  event jsonb := doc -> 'event';
  ids text[] := array(select jsonb_array_elements_text(doc -> 'stripe_ids'));
  target text;
begin
  if exists (
    select from licensing.stripe_events e
    where e.event_id = event ->> 'event_id'
      and not (e.status = 'pending' and e.purchase_id is null)
  ) then
    return jsonb_build_object('recorded', 'duplicate', 'claim', null);
  end if;

  if cardinality(ids) > 0 then
    target := licensing.link_ids(ids);
  end if;

  -- An event that could not be read and is replayed is pending without a purchase: it comes again.
  insert into licensing.stripe_events as e (
    event_id, status, event_type, outcome, last_error, purchase_id, livemode, opens_sale,
    api_version, event_created_at, received_at, settled_at, payload
  )
  select
    event ->> 'event_id', doc ->> 'status', event ->> 'event_type', doc ->> 'outcome',
    doc ->> 'last_error', target, (event ->> 'livemode')::boolean,
    (doc ->> 'opens_sale')::boolean, event ->> 'api_version',
    (event ->> 'event_created_at')::timestamptz, at,
    case when doc ->> 'status' = 'ignored' then at end, event -> 'payload'
  on conflict (event_id) do update set
    status = excluded.status, outcome = excluded.outcome, last_error = excluded.last_error,
    purchase_id = excluded.purchase_id, opens_sale = excluded.opens_sale,
    settled_at = excluded.settled_at, attempts = e.attempts + 1
  where e.status = 'pending' and e.purchase_id is null;
  if not found then
    return jsonb_build_object('recorded', 'duplicate', 'claim', null);
  end if;

  if target is null then
    return jsonb_build_object('recorded', 'new', 'claim', null);
  end if;

  insert into licensing.purchases as p (purchase_id, state, customer_id, created_at, updated_at)
  values (target, jsonb_build_array(doc -> 'facts'), doc ->> 'customer_id', at, at)
  on conflict (purchase_id) do update set
    state = p.state || excluded.state,
    customer_id = coalesce(excluded.customer_id, p.customer_id),
    updated_at = at;

  return jsonb_build_object('recorded', 'new', 'claim', licensing.claim(
    target, (doc ->> 'lease_seconds')::numeric * interval '1 second',
    (doc ->> 'rehearsal')::boolean, at
  ));
end
$$;
comment on function public.record_stripe_event is
  'Records a verified event and what it says of its purchase, and claims that purchase. {"recorded": "new" | "duplicate", "claim": …}';

create function public.claim_due_purchase(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  candidate record;
  claim jsonb;
begin
  for candidate in
    select coalesce(p.joined_to, p.purchase_id) as purchase_id
    from licensing.stripe_events e
    join licensing.purchases p on p.purchase_id = e.purchase_id
    where e.status = 'pending' and not (rehearsal and e.held)
      and (p.lease_until is null or p.lease_until <= at)
      and (p.not_before is null or p.not_before <= at)
      and (p.next_attempt_at is null or p.next_attempt_at <= at
        or (doc ->> 'ignore_backoff')::boolean)
    order by e.received_at
    for update of p skip locked
  loop
    claim := licensing.claim(
      candidate.purchase_id, (doc ->> 'lease_seconds')::numeric * interval '1 second',
      rehearsal, at
    );
    exit when claim is not null;
  end loop;

  return jsonb_build_object('claim', claim, 'unread', (
    select e.payload from licensing.stripe_events e
    where e.status = 'pending' and e.purchase_id is null and e.payload is not null
    order by e.received_at limit 1
  ));
end
$$;
comment on function public.claim_due_purchase is
  'Claims the purchase whose due event waits longest; unread is the payload of an event to be read again. {"claim": …, "unread": …}';

create function public.settle_purchase(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  held licensing.purchases;
  retry_at timestamptz := at + (doc ->> 'retry_seconds')::numeric * interval '1 second';
  claim jsonb;
begin
  select * into held from licensing.purchases p
  where p.purchase_id = doc ->> 'purchase_id' for update;
  if held.lease_token is distinct from (doc ->> 'token')::uuid then
    return jsonb_build_object('settled', false, 'claim', null);
  end if;

  update licensing.stripe_events e set
    status = s.status,
    outcome = coalesce(s.outcome, e.outcome),
    last_error = s.last_error,
    attempts = e.attempts + 1,
    next_attempt_at = case when s.status = 'pending' then retry_at end,
    held = s.status = 'pending' and (doc ->> 'rehearsal')::boolean,
    settled_at = case when s.status in ('applied', 'ignored') then at end
  from jsonb_to_recordset(doc -> 'events')
    as s (event_id text, status text, outcome text, last_error text)
  where e.event_id = s.event_id and e.status in ('pending', 'parked');

  insert into licensing.licenses as l
  select (jsonb_populate_record(
    null::licensing.licenses,
    s || jsonb_build_object(
      'purchase_id', held.purchase_id, 'created_at', at, 'updated_at', at
    )
  )).*
  from jsonb_array_elements(doc -> 'licenses') s
  on conflict (license_id) do update set
    slot = excluded.slot, origin = excluded.origin,
    license_expires_at = excluded.license_expires_at,
    wrote_expires_at = excluded.wrote_expires_at,
    perpetual = excluded.perpetual, suspended = excluded.suspended, revoked = excluded.revoked,
    ended_at = excluded.ended_at, gone_at = excluded.gone_at,
    cryptlex_product_id = excluded.cryptlex_product_id,
    license_template_id = excluded.license_template_id,
    entitlement_set_id = excluded.entitlement_set_id, mapped_by = excluded.mapped_by,
    stripe_item_id = excluded.stripe_item_id, stripe_price_id = excluded.stripe_price_id,
    stripe_product_id = excluded.stripe_product_id, user_id = excluded.user_id,
    subscription_interval = excluded.subscription_interval, updated_at = at;

  insert into licensing.customers as c (
    stripe_customer_id, user_id, user_made_by_us, created_at, updated_at
  )
  select s.stripe_customer_id, s.user_id, s.user_made_by_us, at, at
  from jsonb_to_recordset(doc -> 'customers')
    as s (stripe_customer_id text, user_id text, user_made_by_us boolean)
  on conflict (stripe_customer_id) do update set
    user_id = excluded.user_id,
    -- Two purchases may race for one user: who loses finds what the winner made.
    user_made_by_us = excluded.user_made_by_us
      or (c.user_made_by_us and c.user_id = excluded.user_id),
    updated_at = at;

  insert into licensing.license_actions (
    acted_at, action, license_id, purchase_id, status, ms, error, event_ids
  )
  select at, s.action, s.license_id, held.purchase_id, s.status, s.ms, s.error, array(
    select x ->> 'event_id' from jsonb_array_elements(doc -> 'events') x
  )
  from jsonb_to_recordset(doc -> 'actions')
    as s (action text, license_id text, status integer, ms integer, error text);

  update licensing.purchases p set
    -- Facts that came since the claim stand behind the ones merged, and stay.
    state = jsonb_build_array(doc -> 'state') || coalesce((
      select jsonb_agg(s.fact order by s.n)
      from jsonb_array_elements(p.state) with ordinality as s (fact, n)
      where s.n > (doc ->> 'merged')::integer
    ), '[]'),
    attempts = case when retry_at is null then 0 else p.attempts + 1 end,
    next_attempt_at = retry_at,
    not_before = at + (doc ->> 'quiet_seconds')::numeric * interval '1 second',
    -- A replay asked for during the lease is not forgotten with it.
    must_read = (doc ->> 'must_read')::boolean
      or (p.must_read and not (doc ->> 'was_must_read')::boolean),
    last_error = doc ->> 'last_error',
    lease_token = null, lease_until = null, updated_at = at
  where p.purchase_id = held.purchase_id;

  if doc ->> 'pause_seconds' is not null then
    update licensing.cryptlex_limit l set paused_until = greatest(
      l.paused_until, at + (doc ->> 'pause_seconds')::numeric * interval '1 second'
    );
  end if;

  -- What came meanwhile found the purchase leased: it is this settle's to take up.
  if retry_at is null then
    claim := licensing.claim(
      coalesce(held.joined_to, held.purchase_id),
      (doc ->> 'lease_seconds')::numeric * interval '1 second',
      (doc ->> 'rehearsal')::boolean, at
    );
  end if;
  return jsonb_build_object('settled', true, 'claim', claim);
end
$$;
comment on function public.settle_purchase is
  'Writes down what a convergence did and frees its purchase; with a stale token it changes nothing. {"settled": bool, "claim": the next one, if events came meanwhile}';

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
    'paused_until', (select l.paused_until from licensing.cryptlex_limit l where l.paused_until > at)
  )
  from licensing.stripe_events e where e.status in ('pending', 'parked')
$$;
comment on function public.licensing_health is
  'How much waits, since when, and how much needs a person.';

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
    update licensing.purchases p set must_read = true, next_attempt_at = null
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

revoke all on function
  public.record_stripe_event, public.claim_due_purchase, public.settle_purchase,
  public.licensing_health, licensing.stripe_event_status_changed
from public, anon, authenticated, service_role;
grant execute on function
  public.record_stripe_event, public.claim_due_purchase, public.settle_purchase,
  public.licensing_health
to service_role;
