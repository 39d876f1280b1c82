-- Taking a purchase to work on: by one worker at a time, all that is known of it at once.

create function licensing.describe_claim(
  claimed licensing.purchases, looks_again boolean, at timestamptz
) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  return jsonb_build_object(
    'purchase_id', claimed.purchase_id,
    'token', claimed.lease_token,
    'claimed_at', at,
    'must_read', claimed.must_read,
    'looks_again', looks_again,
    'charged', null,
    'replays', claimed.replays,
    'attempts', claimed.attempts,
    'states', claimed.state,
    'joined_ids', (
      select coalesce(jsonb_agg(m.purchase_id), '[]')
      from licensing.purchases m where m.joined_to = claimed.purchase_id
    ),
    'events', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'event_id', e.event_id, 'event_type', e.event_type, 'status', e.status,
        'opens_sale', e.opens_sale, 'event_created_at', e.event_created_at
      ) order by e.event_created_at, e.event_id), '[]')
      from licensing.stripe_events e
      where e.purchase_id = claimed.purchase_id and e.status in ('pending', 'parked')
    ),
    'licenses', (
      select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
      from licensing.licenses l where l.purchase_id = claimed.purchase_id
    ),
    'customer', (
      select jsonb_build_object(
        'stripe_customer_id', c.stripe_customer_id, 'user_id', c.user_id,
        'user_made_by_us', c.user_made_by_us, 'wrote_name', c.wrote_name,
        'is_shared', exists (
          select from licensing.customers o
          where o.user_id = c.user_id and o.stripe_customer_id <> c.stripe_customer_id
        )
      )
      from licensing.customers c where c.stripe_customer_id = claimed.customer_id
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
comment on function licensing.describe_claim is
  'A claimed purchase as the function gets it: what is known, what is to settle, whose it is, what is sold.';

create function licensing.claim(target text, is_fresh boolean, doc jsonb, at timestamptz)
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  members record;
  claimed licensing.purchases;
  is_sale boolean;
  looks_again boolean;
  kind text := 'older';
  calls integer := 2;
  leased_to timestamptz := at + (doc ->> 'lease_seconds')::numeric * interval '1 second';
  described jsonb;
  charged jsonb;
begin
  select
    count(*) as many,
    array_agg(p.purchase_id) as ids,
    coalesce(bool_or(p.lease_until > at or p.not_before > at), false) as quiet,
    coalesce(bool_or(p.look_again_at <= at), false) as look_again,
    -- A lease that ran out: its holder may have made calls nobody wrote down.
    coalesce(bool_or(p.lease_token is not null), false) as lost,
    coalesce(bool_or(p.must_read), false) as must_read
  into members
  from (
    -- Apart, so that each is found by its index, whatever plan was kept.
    select * from licensing.purchases o where o.purchase_id = target
    union all
    select * from licensing.purchases o where o.joined_to = target
  ) p;

  if members.quiet then
    return null;
  end if;
  looks_again := not rehearsal and members.look_again;
  select bool_or(e.opens_sale) into is_sale
  from unnest(members.ids) as id cross join lateral (
    select * from licensing.stripe_events o
    where o.purchase_id = id and o.status = 'pending' and not (rehearsal and o.held) offset 0
  ) e;
  if is_sale is null and not looks_again then
    return null;
  end if;

  if is_fresh then
    kind := case when is_sale then 'sale' else 'fresh' end;
  end if;
  -- A sale to a new buyer, a renewal with its correction; with a read before it.
  if members.lost or looks_again or members.must_read then
    calls := 4;
  end if;
  -- Seen to be refused before anything is written; by a settle, only once it gave back what it can.
  if not rehearsal and not doc ? 'charged' and not exists (
    select from licensing.cryptlex_limit l, licensing.half_for(l, kind, calls, doc -> 'rate', at) h
    where h.half is not null
  ) then
    raise exception using errcode = 'LC002', message = 'there are not enough calls';
  end if;
  if members.many > 1 then
    perform licensing.join_members(target, at);
  end if;

  select * into claimed from licensing.purchases p where p.purchase_id = target;
  claimed.state := licensing.with_buyer(claimed.state, claimed.customer_id);
  claimed.lease_token := gen_random_uuid();
  claimed.lease_until := leased_to;
  claimed.must_read := claimed.must_read or members.lost or looks_again;
  if members.lost then
    -- What is due now stays so until it is settled: its worker may die too.
    claimed.look_again_at := at + interval '1 hour';
    -- Should it kill this worker too, others come first: nobody else would write a back-off.
    claimed.next_attempt_at := leased_to
      + least(5 * 2 ^ least(claimed.attempts, 10), 3600) * interval '1 second';
    claimed.attempts := claimed.attempts + 1;
  end if;
  update licensing.purchases p set
    state = claimed.state, lease_token = claimed.lease_token, lease_until = claimed.lease_until,
    must_read = claimed.must_read, look_again_at = claimed.look_again_at,
    next_attempt_at = claimed.next_attempt_at, attempts = claimed.attempts
  where p.purchase_id = target;
  described := licensing.describe_claim(claimed, looks_again, at);

  if not rehearsal then
    -- The limit's row is locked last, so that nobody holds it and waits, and all others wait for it as
    -- short as can be: a settle, which has calls to give back, brings them along.
    if doc ? 'charged' then
      perform licensing.correct_calls(
        doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
      );
    end if;
    charged := licensing.charge_calls(kind, calls, doc -> 'rate', at);
    if charged is null then
      raise exception using errcode = 'LC002', message = 'there are not enough calls';
    end if;
  end if;
  return described || jsonb_build_object('charged', charged);
end
$$;
comment on function licensing.claim is
  'Takes a purchase to work on, which the caller has locked with what is joined to it; joined with what proved to be the same one: what is known of it and a token; null if another has it, it is quiet, or nothing is to do; an error, LC002, if Cryptlex may not be called now. charged: the calls taken for it. looks_again: an hour has passed since a call of which we never heard.';

create function licensing.try_claim(
  target text, is_fresh boolean, doc jsonb, at timestamptz,
  out claim jsonb, out out_of_calls boolean
)
language plpgsql set search_path = ''
as $$
begin
  out_of_calls := false;
  claim := licensing.claim(target, is_fresh, doc, at);
exception when sqlstate 'LC002' then
  -- Nothing was changed, and nothing is locked but the purchase.
  out_of_calls := true;
when others then
  -- Whatever is wrong with it is its own: what was recorded or settled stays so, and others go on.
  update licensing.purchases p set
    attempts = p.attempts + 1,
    next_attempt_at = at + least(5 * 2 ^ least(p.attempts, 10), 3600) * interval '1 second',
    -- What is wrong with data is said by quoting it, and that may be somebody's name.
    last_error = format('Cannot be claimed: %s', concat_ws(
      ' ', sqlstate, case when sqlstate not like '22%' then sqlerrm end
    ))
  where p.purchase_id = target or p.joined_to = target;
end
$$;
comment on function licensing.try_claim is
  'The same, null and out_of_calls if Cryptlex may not be called now; but a purchase that cannot be claimed for an error of the database holds up nothing but itself: it waits for its back-off, and says why.';

revoke all on function
  licensing.describe_claim,
  licensing.claim,
  licensing.try_claim
from public, anon, authenticated, service_role;
grant execute on function
  licensing.describe_claim,
  licensing.claim,
  licensing.try_claim
to service_role;
