-- The doors, one: what came is recorded, what waits is claimed. The doors are the only functions the
-- Edge Function calls. Each takes one text holding JSON and returns its outcome as data; `at` is a
-- seam for tests, all clocks are the database's.

create function licensing.record_event(doc jsonb, at timestamptz) returns jsonb
language plpgsql set search_path = ''
-- Planned once a connection: planning each statement anew takes as long as all of them.
set plan_cache_mode = force_generic_plan
as $$
declare
  event jsonb := doc -> 'event';
  ids text[] := array(select jsonb_array_elements_text(doc -> 'stripe_ids'));
  customer text := coalesce(event ->> 'customer_id', doc ->> 'customer_id');
  has_facts boolean := doc ->> 'status' = 'pending';
  erases boolean := coalesce((doc #>> '{facts,erased}')::boolean, false);
  -- A customer that has an e-mail: its purchases may have waited for it.
  wakes boolean := ids = array[customer] and doc #>> '{facts,email,value}' is not null;
  erased boolean;
  target text;
begin
  if exists (
    select from licensing.stripe_events e
    where e.event_id = event ->> 'event_id'
      and (e.purchase_id is not null or (e.status <> 'pending' and e.payload is not null))
  ) then
    return jsonb_build_object('recorded', 'duplicate', 'target', null);
  end if;

  erased := licensing.is_erased(customer, erases, wakes);
  if has_facts and cardinality(ids) > 0 then
    target := licensing.link_ids(ids);
    -- Before its event, as a settle does.
    perform licensing.lock_purchases(array[target]);
  end if;
  if erases then
    perform licensing.erase_customer(customer, at);
  end if;
  if wakes and not erased then
    perform licensing.wake_purchases_of(customer);
  end if;

  -- An event that was not read comes again: pending, as it is replayed; without its payload, as
  -- Stripe was asked to send it once more.
  insert into licensing.stripe_events as e (
    event_id, status, event_type, outcome, last_error, purchase_id, about_purchase_id, customer_id, livemode,
    opens_sale, api_version, event_created_at, received_at, settled_at, payload
  )
  select
    event ->> 'event_id', doc ->> 'status', event ->> 'event_type', doc ->> 'outcome',
    doc ->> 'last_error', target, case when target is null then licensing.root_of(ids) end,
    customer, (event ->> 'livemode')::boolean,
    (doc ->> 'opens_sale')::boolean, event ->> 'api_version',
    (event ->> 'event_created_at')::timestamptz, at,
    case when doc ->> 'status' = 'ignored' then at end,
    case when not erased then event -> 'payload' end
  on conflict (event_id) do update set
    status = excluded.status, outcome = excluded.outcome, last_error = excluded.last_error,
    purchase_id = excluded.purchase_id, about_purchase_id = excluded.about_purchase_id,
    customer_id = excluded.customer_id,
    opens_sale = excluded.opens_sale,
    settled_at = excluded.settled_at, attempts = e.attempts + 1,
    payload = case when not erased then coalesce(e.payload, excluded.payload) end
  where e.purchase_id is null and (e.status = 'pending' or e.payload is null);
  if not found then
    return jsonb_build_object('recorded', 'duplicate', 'target', null);
  end if;

  if target is null then
    -- Ignored, or parked until it can be read.
    return jsonb_build_object('recorded', 'new', 'target', null);
  end if;

  insert into licensing.purchases as p (purchase_id, state, customer_id, created_at, updated_at)
  values (
    target, jsonb_build_array(doc -> 'facts' || jsonb_build_object('erased', erased)),
    doc ->> 'customer_id', at, at
  )
  on conflict (purchase_id) do update set
    state = p.state || excluded.state,
    customer_id = coalesce(excluded.customer_id, p.customer_id),
    -- Cannot it be claimed now, it is due as soon as it can.
    next_attempt_at = null,
    updated_at = at
  returning p.state @> '[{"erased": true}]' into erased;
  if erased then
    -- An erased purchase keeps no payload, of events that name no customer neither.
    update licensing.stripe_events e set payload = null
    where e.event_id = event ->> 'event_id' and e.payload is not null;
  end if;
  return jsonb_build_object('recorded', 'new', 'target', target);
end
$$;
comment on function licensing.record_event is
  'Writes an event down, and what it says of its purchase. {"recorded": "new" | "duplicate", "target": that purchase, null if it is a duplicate or belongs to none}';

create function public.record_stripe_event(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  written jsonb := licensing.record_event(doc, at);
  claims boolean := coalesce((doc ->> 'claims')::boolean, true);
  claim jsonb;
begin
  if claims and written ->> 'target' is not null then
    select t.claim into claim from licensing.try_claim(written ->> 'target', true, doc, at) t;
  end if;
  return jsonb_build_object(
    'recorded', written -> 'recorded', 'claim', claim,
    'left', case when not claims then written -> 'target' end
  );
end
$$;
comment on function public.record_stripe_event is
  'Records a verified event and what it says of its purchase, and claims that purchase, or, if "claims" is false, names it; of one that is ignored or parked only which purchase it tells of. {"recorded": "new" | "duplicate", "claim": …, "left": the purchase}';

create function public.claim_due_purchase(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
-- Planned once a connection, as what it calls.
set plan_cache_mode = force_generic_plan
as $$
declare
  doc jsonb := request::jsonb;
  except_ids text[] := array(select jsonb_array_elements_text(doc -> 'except'));
  claim jsonb;
begin
  if doc ? 'purchase_id' then
    select t.claim into claim
    from licensing.try_claim(licensing.lock_root(doc ->> 'purchase_id'), true, doc, at) t;
    return jsonb_build_object('claim', claim, 'wait_seconds', null, 'unread', null);
  end if;
  return licensing.claim_due(doc, except_ids, at) || jsonb_build_object('unread', (
    select e.payload from licensing.stripe_events e
    where e.status = 'pending' and e.purchase_id is null and e.payload is not null
      and e.event_id <> all (except_ids)
    order by e.received_at limit 1
  ));
end
$$;
comment on function public.claim_due_purchase is
  'Claims the purchase whose due event waits longest, or one to be looked at again; none of "except", purchases and events, or, as if its event came now, "purchase_id"; unread is the payload of an event to be read again. {"claim": …, "wait_seconds": …, "unread": …}';

revoke all on function
  licensing.record_event,
  public.record_stripe_event,
  public.claim_due_purchase
from public, anon, authenticated, service_role;
grant execute on function
  licensing.record_event,
  public.record_stripe_event,
  public.claim_due_purchase
to service_role;
