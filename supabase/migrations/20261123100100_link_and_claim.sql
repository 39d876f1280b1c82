-- Inner functions of the doors: which purchase Stripe ids lead to, and taking one to work on.

create function licensing.link_rank(stripe_id text) returns integer
language sql immutable set search_path = ''
as $$
  select array_position(array['cus', 'in', 'cs', 'pi', 'sub'], split_part(stripe_id, '_', 1))
$$;
comment on function licensing.link_rank is
  'How good an id is for naming a purchase: sub_ before pi_ before cs_ before in_.';

create function licensing.link_ids(ids text[]) returns text
language plpgsql set search_path = ''
as $$
declare
  roots text[];
begin
  -- Every id has a row, itself its target at first: what two events share is where they queue up.
  insert into licensing.purchase_links (stripe_id, purchase_id)
  select id, id from unnest(ids) as id order by id
  on conflict (stripe_id) do nothing;

  loop
    with recursive chain as (
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l where l.stripe_id = any (ids)
      union
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l join chain c on l.stripe_id = c.purchase_id
    )
    select array_agg(c.stripe_id order by licensing.link_rank(c.stripe_id) desc, c.stripe_id)
    into roots
    from chain c where c.stripe_id = c.purchase_id;

    perform from licensing.purchase_links l
    where l.stripe_id = any (ids || roots) order by l.stripe_id for update;

    -- Somebody may have led a root on while we waited for its lock.
    exit when not exists (
      select from licensing.purchase_links l
      where l.stripe_id = any (roots) and l.purchase_id <> l.stripe_id
    );
  end loop;

  update licensing.purchase_links l set purchase_id = roots[1]
  where l.stripe_id = any (ids || roots) and l.purchase_id <> roots[1];

  if cardinality(roots) > 1 then
    update licensing.purchases p set joined_to = roots[1]
    where (p.purchase_id = any (roots) or p.joined_to = any (roots)) and p.purchase_id <> roots[1];
  end if;
  return roots[1];
end
$$;
comment on function licensing.link_ids is
  'Notes that these Stripe ids are one purchase; returns its best id. Purchases that prove to be one are joined at the next claim.';

create function licensing.claim(target text, lease interval, rehearsal boolean, at timestamptz)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  members licensing.purchases[];
  claimed licensing.purchases;
  lost boolean;
begin
  -- Lesser ids first: the order in which a settle, holding a lesser one, comes to its better one.
  perform from licensing.purchases p
  where p.purchase_id = target or p.joined_to = target
  order by licensing.link_rank(p.purchase_id), p.purchase_id for update;

  select array_agg(p) into members
  from licensing.purchases p where p.purchase_id = target or p.joined_to = target;

  if exists (select from unnest(members) m where m.lease_until > at or m.not_before > at)
    or exists (select from licensing.cryptlex_limit l where l.paused_until > at)
    or not exists (
      select from licensing.stripe_events e join unnest(members) m using (purchase_id)
      where e.status = 'pending' and not (rehearsal and e.held)
    )
  then
    return null;
  end if;

  -- A lease that ran out: its holder may have made calls nobody wrote down.
  lost := exists (select from unnest(members) m where m.lease_token is not null);

  if cardinality(members) > 1 then
    update licensing.stripe_events e set purchase_id = target
    from unnest(members) m
    where e.purchase_id = m.purchase_id and e.purchase_id <> target
      and e.status in ('pending', 'parked');
    -- Two rows of ours in one slot: the newcomer's slot is one nobody wants, so it ends as surplus.
    update licensing.licenses l set
      purchase_id = target,
      slot = case when exists (
        select from licensing.licenses o
        where o.purchase_id = target and o.slot = l.slot and o.origin = 'created'
      ) then l.slot || '~' || l.license_id else l.slot end
    from unnest(members) m
    where l.purchase_id = m.purchase_id and l.purchase_id <> target;
    update licensing.purchases p set
      state = p.state || (
        select coalesce(jsonb_agg(s), '[]')
        from unnest(members) m, jsonb_array_elements(m.state) s where m.purchase_id <> target
      ),
      customer_id = coalesce(
        p.customer_id, (select max(m.customer_id) from unnest(members) m)
      ),
      must_read = exists (select from unnest(members) m where m.must_read)
    where p.purchase_id = target;
    update licensing.purchases p set
      state = '[]', must_read = false, lease_token = null, lease_until = null,
      attempts = 0, next_attempt_at = null, not_before = null, last_error = null, updated_at = at
    where p.joined_to = target and p.state <> '[]';
  end if;

  update licensing.purchases p set
    lease_token = gen_random_uuid(), lease_until = at + lease,
    must_read = p.must_read or lost,
    attempts = p.attempts + case when lost then 1 else 0 end
  where p.purchase_id = target
  returning * into claimed;

  return jsonb_build_object(
    'purchase_id', target,
    'token', claimed.lease_token,
    'claimed_at', at,
    'must_read', claimed.must_read,
    'attempts', claimed.attempts,
    'states', claimed.state,
    'events', (
      select jsonb_agg(jsonb_build_object(
        'event_id', e.event_id, 'event_type', e.event_type, 'status', e.status,
        'opens_sale', e.opens_sale, 'event_created_at', e.event_created_at
      ) order by e.event_created_at, e.event_id)
      from licensing.stripe_events e
      where e.purchase_id = target and e.status in ('pending', 'parked')
    ),
    'licenses', (
      select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
      from licensing.licenses l where l.purchase_id = target
    ),
    'customer', (
      select to_jsonb(c) from licensing.customers c
      where c.stripe_customer_id = claimed.customer_id
    ),
    'has_plans', exists (select from licensing.plans),
    'plans', (
      -- Whatever the state calls them, ids of prices and products are told by their prefix.
      select coalesce(jsonb_agg(to_jsonb(r)), '[]') from licensing.plans r
      where r.stripe_id in (
        select v #>> '{}'
        from jsonb_path_query(claimed.state, 'strict $.** ? (@.type() == "string")') v
      )
    )
  );
end
$$;
comment on function licensing.claim is
  'Takes a purchase to work on, joined with what proved to be the same one: what is known of it and a token; null if another has it, it is quiet, all workers are paused, or nothing is to do.';

revoke all on function licensing.link_rank, licensing.link_ids, licensing.claim
from public, anon, authenticated, service_role;
grant execute on function licensing.link_rank, licensing.link_ids, licensing.claim to service_role;
