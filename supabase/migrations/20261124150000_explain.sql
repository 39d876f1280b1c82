-- The doors, five: why somebody has no license. All that is known of a purchase, at one look; nothing
-- is changed, taken or locked.

-- All events of a purchase, settled long ago or not. The one it replaces had only those with a payload.
create index stripe_events_of_purchase_idx on licensing.stripe_events (purchase_id)
  where purchase_id is not null;
drop index licensing.stripe_events_payload_of_purchase_idx;
create index stripe_events_about_purchase_idx on licensing.stripe_events (about_purchase_id)
  where about_purchase_id is not null;

create function licensing.find_purchases(named text, address text) returns setof text
language plpgsql stable set search_path = ''
as $$
begin
  if named is not null then
    return query
    select coalesce(p.joined_to, p.purchase_id)
    from licensing.purchases p
    where p.purchase_id = licensing.root_of(array[coalesce((
      select coalesce(e.purchase_id, e.about_purchase_id)
      from licensing.stripe_events e where e.event_id = named
    ), named)])
    union
    select licensing.purchases_of(named, false);
  else
    return query
    with holders as materialized (
      select p.purchase_id, p.joined_to from licensing.purchases p
      where exists (
        select from jsonb_array_elements(p.state) s
        where lower(s #>> '{email,value}') = lower(address)
      )
    )
    select coalesce(h.joined_to, h.purchase_id) from holders h
    union
    select b.purchase_id
    from holders h cross join lateral licensing.purchases_of(h.purchase_id, false) b (purchase_id);
  end if;
end
$$;
comment on function licensing.find_purchases is
  'The purchases, by their best ids, that a Stripe id leads to: its own, its event''s, its customer''s. By e-mail, in any case: those whose state holds the address, and those of customers whose does; this reads the state of every purchase.';

create function licensing.explain_events(ids text[], named text, most integer) returns jsonb
language sql stable set search_path = ''
as $$
  with told as (
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.purchase_id = any (ids)
    union
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.about_purchase_id = any (ids)
    union
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.event_id = named
  ), newest as (
    -- What is not settled says what is wrong, however much came since.
    select t.event_id from told t
    order by t.status in ('pending', 'parked') desc, t.received_at desc, t.event_id desc
    limit most
  )
  select jsonb_build_object(
    'total', (select count(*) from told),
    'rows', coalesce(jsonb_agg(jsonb_build_object(
      'event_id', e.event_id, 'event_type', e.event_type, 'status', e.status,
      'outcome', e.outcome, 'last_error', e.last_error, 'attempts', e.attempts,
      'next_attempt_at', e.next_attempt_at, 'held', e.held, 'livemode', e.livemode,
      'is_read', e.purchase_id is not null, 'has_payload', e.payload is not null,
      'event_created_at', e.event_created_at, 'received_at', e.received_at,
      'status_since', e.status_since, 'settled_at', e.settled_at
    ) order by e.received_at, e.event_id), '[]')
  )
  from newest n join licensing.stripe_events e using (event_id)
$$;
comment on function licensing.explain_events is
  'The newest events of these purchases, those that are not settled before all, and one named besides: without their payloads, in the order of time, and how many there are in all.';

create function licensing.explain_purchase(
  root text, named text, most integer, at timestamptz
) returns jsonb
language sql stable set search_path = ''
as $$
  with member as (
    select p.* from licensing.purchases p where p.purchase_id = root
    union all
    select p.* from licensing.purchases p where p.joined_to = root
  ), newest as (
    select a.* from licensing.license_actions a
    where a.purchase_id = any (array(select m.purchase_id from member m))
    order by a.action_id desc limit most
  )
  select jsonb_build_object(
    'claim', public.preview_replay(
      jsonb_build_object('purchase_ids', jsonb_build_array(root))::text, at
    ) #> '{claims,0}',
    'customer_id', max(m.customer_id),
    'created_at', min(m.created_at),
    'must_read', bool_or(m.must_read),
    'attempts', max(m.attempts),
    'last_error', max(m.last_error),
    'next_attempt_at', max(m.next_attempt_at),
    'not_before', max(m.not_before),
    'lease_until', max(m.lease_until),
    'look_again_at', min(m.look_again_at),
    'events', licensing.explain_events(array_agg(m.purchase_id), named, most),
    'actions', jsonb_build_object(
      'total', (
        select count(*) from licensing.license_actions a
        where a.purchase_id = any (array_agg(m.purchase_id))
      ),
      'rows', (
        select coalesce(jsonb_agg(to_jsonb(n) - 'purchase_id' order by n.action_id), '[]')
        from newest n
      )
    )
  )
  from member m
$$;
comment on function licensing.explain_purchase is
  'All that is known of a purchase and what is joined to it: claim, as a claim after a replay would describe it, and no claim; the newest events and calls; and what keeps it from being worked on.';

create function public.explain_purchases(request text, at timestamptz default now()) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  named text := doc ->> 'id';
  -- So many events and calls of each.
  most constant integer := 50;
  listed constant integer := 50;
  detailed constant integer := 20;
  found text[];
begin
  select array_agg(p.purchase_id order by p.purchase_id ~ '^cus_', p.created_at desc, p.purchase_id)
  into found
  from licensing.purchases p
  where p.purchase_id = any (array(select licensing.find_purchases(named, doc ->> 'email')));

  return jsonb_build_object(
    'asked_at', at,
    'total', coalesce(cardinality(found), 0),
    'purchases', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'purchase_id', p.purchase_id, 'created_at', p.created_at,
        'licenses', (
          select count(*) from licensing.licenses l
          where l.purchase_id = p.purchase_id and l.ended_at is null and l.gone_at is null
        ),
        'unsettled', (
          select count(*) from licensing.stripe_events e
          where e.purchase_id = p.purchase_id and e.status in ('pending', 'parked')
        )
      ) order by n.n), '[]')
      from unnest(found[:listed]) with ordinality n (purchase_id, n)
      join licensing.purchases p using (purchase_id)
    ),
    'details', (
      select coalesce(jsonb_agg(
        licensing.explain_purchase(n.purchase_id, named, most, at) order by n.n
      ), '[]')
      from unnest(found[:least((doc ->> 'details')::integer, detailed)])
        with ordinality n (purchase_id, n)
    ),
    -- What tells of no purchase that is known.
    'events', case when found is null and named is not null
      then licensing.explain_events(array[named, licensing.root_of(array[named])], named, most)
    end,
    'paused_until', (select l.paused_until from licensing.cryptlex_limit l),
    'token_refused_since', (select l.token_refused_since from licensing.cryptlex_limit l),
    'stripe_refused_since', (select s.refused_since from licensing.stripe_access s)
  );
end
$$;
comment on function public.explain_purchases is
  'What is known of the purchases of {"id": any Stripe id} or {"email": …}, newest first, customers last: 50 of them listed, {"details": n} of them, at most 20, in full, with their newest 50 events and calls. {"total": all there are, "purchases", "details", "events": what was told of an id that has no purchase, and what holds up everybody}. By id nothing else is read; by e-mail the states of all purchases are: for a person who asks, not for a program. Changes nothing.';

revoke all on function
  licensing.find_purchases,
  licensing.explain_events,
  licensing.explain_purchase,
  public.explain_purchases
from public, anon, authenticated, service_role;
grant execute on function
  licensing.find_purchases,
  licensing.explain_events,
  licensing.explain_purchase,
  public.explain_purchases
to service_role;
