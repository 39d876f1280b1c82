-- The doors, six: which licenses a buyer may see the keys of, by the checkout session they paid. Keys
-- are in Cryptlex alone; here is only who may ask for them now.

create table licensing.key_requests (
  session_id text primary key,
  turns numeric not null,
  asked_at timestamptz not null,
  constraint session_id_looks_like_stripe check (session_id ~ '^cs_'),
  constraint turns_not_negative check (turns >= 0)
);
comment on table licensing.key_requests is
  'One row is a paid checkout session whose buyer asked for the key: how often they may ask again. No id that is only guessed gets one; a row lasts two days.';
comment on column licensing.key_requests.session_id is 'cs_…';
comment on column licensing.key_requests.turns is
  'Turns left, at asked_at: an answer costs one, showing keys ten.';
comment on column licensing.key_requests.asked_at is 'When a turn was last taken.';

create index key_requests_asked_idx on licensing.key_requests (asked_at);

alter table licensing.key_requests enable row level security;
revoke all on licensing.key_requests from public, anon, authenticated, service_role;
grant select, insert, update, delete on licensing.key_requests to service_role;

create function licensing.sold_in_session(
  session text, at timestamptz, out state text, out license_ids text[], out retry_seconds numeric
)
language plpgsql stable set search_path = ''
as $$
declare
  root text := licensing.root_of(array[session]);
  members licensing.purchases[];
  sold_at timestamptz;
  is_dead boolean;
  is_parked boolean;
  is_busy boolean;
begin
  state := 'unknown';
  license_ids := '{}';
  select array_agg(p) into members
  from licensing.purchases p where p.purchase_id = root or p.joined_to = root;

  if not exists (
    select from unnest(members) m, jsonb_array_elements(m.state) s
    where s #>> array['sessions', session, 'payment'] = 'paid'
  ) then
    return;
  end if;

  -- A state's own stamps move when Stripe is read again; when an event happened does not.
  select
    max(e.event_created_at) filter (
      where e.event_type in
        ('checkout.session.completed', 'checkout.session.async_payment_succeeded')
    ),
    -- What came of it last counts: a session that waits for its invoice is applied, too.
    (array_agg(e.status order by e.settled_at desc nulls first))[1] = 'ignored',
    bool_or(e.status = 'parked'), bool_or(e.status = 'pending')
  into sold_at, is_dead, is_parked, is_busy
  from licensing.stripe_events e join unnest(members) m using (purchase_id);
  if sold_at is null or sold_at + interval '1 day' <= at then
    return;
  end if;

  license_ids := array(
    select l.license_id from licensing.licenses l join unnest(members) m using (purchase_id)
    where l.ended_at is null and l.gone_at is null and not l.revoked and not l.suspended
    order by l.created_at, l.slot, l.license_id
  );
  is_busy := is_busy or exists (select from unnest(members) m where m.lease_until > at);
  state := case
    when is_busy then 'making'
    when cardinality(license_ids) > 0 then 'ready'
    -- All that there was is ended, suspended or gone; or nothing maps it to a license.
    when is_dead or exists (
      select from licensing.licenses l join unnest(members) m using (purchase_id)
    ) then 'unknown'
    -- A person is needed, or the invoice that says what was bought.
    else 'making'
  end;
  retry_seconds := case when state = 'making' then least(60, greatest(
    case when is_parked and not is_busy then 60 else 2 end,
    (select extract(epoch from max(greatest(m.next_attempt_at, m.not_before)) - at)
      from unnest(members) m)
  )) end;
end
$$;
comment on function licensing.sold_in_session is
  'What a checkout session sold, if it is paid and its sale less than a day old. unknown: no such session, or nothing to show of it; making: not everything is settled; ready: license_ids are all there is. Changes and locks nothing.';

create function public.claim_license_keys(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  most_turns constant numeric := 30;
  turns_a_second constant numeric := 0.5;
  doc jsonb := request::jsonb;
  session text := doc ->> 'session_id';
  sold record;
  cost numeric;
  turns_left numeric;
  charged jsonb;
begin
  select * into sold from licensing.sold_in_session(session, at);
  -- Before anything is written: guessing fills no table and waits for nobody.
  if sold.state = 'unknown' then
    return jsonb_build_object('state', 'unknown');
  end if;

  cost := case sold.state when 'ready' then 10 else 1 end;
  insert into licensing.key_requests (session_id, turns, asked_at)
  values (session, most_turns, at) on conflict do nothing;
  if found then
    delete from licensing.key_requests r using (
      select o.session_id from licensing.key_requests o
      where o.asked_at < at - interval '2 days'
      order by o.asked_at limit 10 for update skip locked
    ) old
    where r.session_id = old.session_id;
  end if;
  -- Whoever asks many times at once gets one answer: the others do not queue up for it.
  select least(most_turns, r.turns
    + turns_a_second * greatest(0, extract(epoch from at - r.asked_at))) into turns_left
  from licensing.key_requests r where r.session_id = session for update skip locked;

  if turns_left is null or turns_left < cost then
    return jsonb_build_object(
      'state', 'making', 'retry_seconds', coalesce(ceil((cost - turns_left) / turns_a_second), 2)
    );
  end if;
  if sold.state = 'ready' then
    -- A hundred licenses are one call. Not as a sale: what is kept for sales stays theirs.
    charged := licensing.charge_calls(
      'fresh', ceil(cardinality(sold.license_ids) / 100.0)::integer, doc -> 'rate', at
    );
  end if;
  update licensing.key_requests r set
    turns = turns_left - case when charged is null then 1 else cost end,
    asked_at = greatest(at, r.asked_at)
  where r.session_id = session;
  if charged is null then
    return jsonb_build_object('state', 'making', 'retry_seconds', coalesce(sold.retry_seconds, 5));
  end if;
  return jsonb_build_object(
    'state', 'ready', 'license_ids', sold.license_ids, 'charged', charged
  );
end
$$;
comment on function public.claim_license_keys is
  'Which licenses the buyer of a checkout session may be shown the keys of now, with the calls to Cryptlex charged for it: {"state": "ready", "license_ids": […], "charged": …}; {"state": "making", "retry_seconds": n}, also when they ask too often or Cryptlex may not be called; {"state": "unknown"}, and then nothing was written.';

create function public.settle_license_keys(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
begin
  perform licensing.correct_calls(
    doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
  );
  return '{"settled": true}';
end
$$;
comment on function public.settle_license_keys is
  'Notes that Cryptlex refused what claim_license_keys charged for: a pause for all workers, or a refused token. Nothing is told when all went well. {"settled": true}';

revoke all on function
  licensing.sold_in_session,
  public.claim_license_keys,
  public.settle_license_keys
from public, anon, authenticated, service_role;
grant execute on function
  licensing.sold_in_session,
  public.claim_license_keys,
  public.settle_license_keys
to service_role;
