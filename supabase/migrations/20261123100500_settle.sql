-- The doors, two: what a convergence did is written down, and its purchase is free again.

create function public.settle_purchase(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
-- Planned once a connection: planning each statement anew takes as long as all of them.
set plan_cache_mode = force_generic_plan
as $$
declare
  doc jsonb := request::jsonb;
  ids text[] := array(select jsonb_array_elements_text(doc -> 'stripe_ids'));
  leased licensing.purchases;
  retry_at timestamptz := at + (doc ->> 'retry_seconds')::numeric * interval '1 second';
  claimed_at timestamptz;
  done record;
  refused text;
  is_woken boolean;
  has_news boolean;
  claim jsonb;
begin
  if cardinality(ids) > 0 then
    -- Links before purchases, as where an event is recorded. They are true whoever found them.
    insert into licensing.purchases (purchase_id, created_at, updated_at)
    values (licensing.link_ids(ids || array[doc ->> 'purchase_id']), at, at)
    on conflict (purchase_id) do nothing;
  end if;
  perform licensing.lock_root(doc ->> 'purchase_id');
  select * into leased from licensing.purchases p where p.purchase_id = doc ->> 'purchase_id';
  if leased.lease_token is distinct from (doc ->> 'token')::uuid then
    return jsonb_build_object('settled', false, 'claim', null, 'refused', null);
  end if;
  -- Two purchases may name one license in Cryptlex; here it stays the first one's, to change too.
  select format('license %s is recorded for purchase %s', l.license_id, l.purchase_id) into refused
  from jsonb_to_recordset(doc -> 'licenses')
    as s (license_id text, wrote_revoked boolean, writing jsonb)
  -- Looked up by its key: a plan kept from when there were few would read all of them.
  cross join lateral (
    select * from licensing.licenses o where o.license_id = s.license_id limit 1
  ) l
  where (s.wrote_revoked or s.writing is not null) and l.purchase_id <> leased.purchase_id
  order by l.license_id limit 1;
  if refused is not null then
    return jsonb_build_object('settled', false, 'claim', null, 'refused', refused);
  end if;
  claimed_at := leased.lease_until - (doc ->> 'lease_seconds')::numeric * interval '1 second';

  -- Its buyer had no e-mail, and has one by now: nobody else would take it up again.
  is_woken := doc @> '{"events": [{"status": "parked"}]}' and
    leased.state <> licensing.with_buyer(leased.state, leased.customer_id);
  -- One by one, by its key: joined at once, a plan kept from quiet times would read all that waits.
  for done in
    select * from jsonb_to_recordset(doc -> 'events')
      as s (event_id text, claimed_as text, status text, outcome text, last_error text)
    order by s.event_id
  loop
    update licensing.stripe_events e set
      status = case when done.status = 'parked' and is_woken then 'pending' else done.status end,
      outcome = coalesce(done.outcome, e.outcome),
      last_error = done.last_error,
      attempts = e.attempts + 1,
      next_attempt_at = case when done.status = 'pending' then retry_at end,
      held = done.status = 'pending' and (doc ->> 'rehearsal')::boolean,
      settled_at = case when done.status in ('applied', 'ignored') then at end
    where e.event_id = done.event_id and e.status in ('pending', 'parked')
      -- Claimed as parked and asked for again since: that is the next one's to answer.
      and (e.status = 'parked' or done.claimed_as is distinct from 'parked');
  end loop;

  insert into licensing.licenses as l
  select made.*
  from jsonb_array_elements(doc -> 'licenses') s, jsonb_populate_record(
    null::licensing.licenses,
    s || jsonb_build_object(
      'purchase_id', leased.purchase_id, 'created_at', at, 'updated_at', at
    )
  ) made
  on conflict (license_id) do update set
    slot = excluded.slot, origin = excluded.origin, user_id = excluded.user_id,
    license_expires_at = excluded.license_expires_at,
    wrote_expires_at = excluded.wrote_expires_at,
    perpetual = excluded.perpetual, subscription_interval = excluded.subscription_interval,
    revoked = excluded.revoked, wrote_revoked = excluded.wrote_revoked,
    suspended = excluded.suspended, wrote_suspended = excluded.wrote_suspended,
    allowed_activations = excluded.allowed_activations,
    wrote_allowed_activations = excluded.wrote_allowed_activations,
    allowed_floating_clients = excluded.allowed_floating_clients,
    wrote_allowed_floating_clients = excluded.wrote_allowed_floating_clients,
    entitlement_set_id = excluded.entitlement_set_id,
    wrote_entitlement_set_id = excluded.wrote_entitlement_set_id,
    writing = excluded.writing, ended_at = excluded.ended_at, gone_at = excluded.gone_at,
    cryptlex_product_id = excluded.cryptlex_product_id,
    license_template_id = excluded.license_template_id,
    seats = excluded.seats, activations_per_unit = excluded.activations_per_unit,
    mapped_by = excluded.mapped_by, stripe_item_id = excluded.stripe_item_id,
    covered_items = excluded.covered_items,
    -- Asked for during the lease, to be mapped anew is the next one's to do.
    stripe_price_id = case
      when l.stripe_price_id = 'remap' and leased.replays > (doc ->> 'replays')::integer
      then l.stripe_price_id else excluded.stripe_price_id end,
    stripe_product_id = excluded.stripe_product_id,
    updated_at = at
  where l.purchase_id = excluded.purchase_id;

  insert into licensing.customers as c (
    stripe_customer_id, user_id, user_made_by_us, wrote_name, created_at, updated_at
  )
  select
    s.stripe_customer_id, s.user_id, s.user_made_by_us,
    -- Its worker may have read the name before it was erased.
    case when (
      select p.state @> '[{"erased": true}]' from licensing.purchases p
      where p.purchase_id = s.stripe_customer_id
    ) is not true then s.wrote_name end,
    at, at
  from jsonb_to_recordset(doc -> 'customers')
    as s (stripe_customer_id text, user_id text, user_made_by_us boolean, wrote_name text)
  on conflict (stripe_customer_id) do update set
    user_id = excluded.user_id,
    -- Two purchases may race for one user: who loses finds what the winner made.
    user_made_by_us = excluded.user_made_by_us
      or (c.user_made_by_us and c.user_id = excluded.user_id),
    wrote_name = coalesce(
      excluded.wrote_name, case when c.user_id = excluded.user_id then c.wrote_name end
    ),
    updated_at = at;

  insert into licensing.license_actions (
    acted_at, action, license_id, purchase_id, status, ms, error, event_ids
  )
  select at, s.action, s.license_id, leased.purchase_id, s.status, s.ms, s.error, array(
    select x ->> 'event_id' from jsonb_array_elements(doc -> 'events') x
  )
  from jsonb_to_recordset(doc -> 'actions')
    as s (action text, license_id text, status integer, ms integer, error text);

  -- What came meanwhile, or was asked for again, found the purchase leased: it does not wait for the
  -- back-off of what came before it.
  has_news := exists (
    select from licensing.stripe_events e
    where e.purchase_id in (leased.purchase_id, leased.joined_to)
      and e.status = 'pending' and e.next_attempt_at is null
  );
  update licensing.purchases p set
    -- Facts that came since the claim stand behind the ones merged, and stay.
    state = jsonb_build_array(doc -> 'state') || coalesce((
      select jsonb_agg(s.fact order by s.n)
      from jsonb_array_elements(p.state) with ordinality as s (fact, n)
      where s.n > (doc ->> 'merged')::integer
    ), '[]'),
    -- Going on at once is no failure: one more part of the same attempt.
    attempts = case when retry_at is null then 0 when retry_at <= at then p.attempts
      else p.attempts + 1 end,
    next_attempt_at = case when not has_news then retry_at end,
    not_before = at + (doc ->> 'quiet_seconds')::numeric * interval '1 second',
    -- A replay asked for during the lease is not forgotten with it.
    must_read = (doc ->> 'must_read')::boolean or p.replays > (doc ->> 'replays')::integer,
    look_again_at = coalesce(
      at + (doc ->> 'look_again_seconds')::numeric * interval '1 second',
      -- What was due when it was claimed is done with; a rehearsal looks at nothing.
      case when p.look_again_at > claimed_at or (doc ->> 'rehearsal')::boolean
        then p.look_again_at end
    ),
    last_error = doc ->> 'last_error',
    lease_token = null, lease_until = null, updated_at = at
  where p.purchase_id = leased.purchase_id;

  perform licensing.note_stripe_read(doc ->> 'stripe_read', at);
  if doc ->> 'takes' <> 'nothing' and (has_news or retry_at is null or retry_at <= at) then
    select t.claim into claim
    from licensing.try_claim(coalesce(leased.joined_to, leased.purchase_id), false, doc, at) t;
  end if;
  -- Whoever comes by also takes up one that waits: while events come, nothing waits for ever.
  if claim is null and doc ->> 'takes' = 'others' then
    claim := licensing.claim_due(
      doc, array[leased.purchase_id, leased.joined_to], at
    ) -> 'claim';
  end if;
  claim := nullif(claim, 'null');
  -- A claim has put this right itself, with its own charge; the limit's row is locked last.
  if claim is null and not (doc ->> 'rehearsal')::boolean then
    perform licensing.correct_calls(
      doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
    );
  end if;
  return jsonb_build_object('settled', true, 'claim', claim, 'refused', null);
end
$$;
comment on function public.settle_purchase is
  'Writes down what a convergence did and frees its purchase; with a stale token it changes nothing, but for the links. stripe_ids: other ids of it that Stripe told; what proves to be the same purchase is joined, and claimed with it. takes: "nothing"; "news", the purchase again if events came meanwhile; "others", else one that is due. {"settled": bool, "claim": the next one, "refused": why it will never be written down, and nothing was}';

revoke all on function
  public.settle_purchase
from public, anon, authenticated, service_role;
grant execute on function
  public.settle_purchase
to service_role;
