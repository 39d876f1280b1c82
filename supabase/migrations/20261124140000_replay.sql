-- The doors, four: a person asks for events again, after a look at what that would come to.

create function licensing.find_replay(doc jsonb) returns table (
  event_id text, received_at timestamptz, event_type text, status text, purchase_id text, result text
)
language sql stable set search_path = ''
as $$
  select e.event_id, e.received_at, e.event_type, e.status, coalesce(p.joined_to, e.purchase_id),
    case
      when e.purchase_id is null and e.payload is null then 'resend'
      when e.held then 'held'
      when e.status = 'pending' then 'pending'
      else 'replayed'
    end
  from (
    select * from licensing.stripe_events named
    where named.event_id = any (array(select jsonb_array_elements_text(doc -> 'event_ids')))
    union all
    select * from licensing.stripe_events parked
    where (doc ->> 'parked')::boolean and parked.status = 'parked'
    union all
    select * from licensing.stripe_events recent
    where doc ->> 'since' is not null and recent.received_at >= (doc ->> 'since')::timestamptz
  ) e
  left join licensing.purchases p on p.purchase_id = e.purchase_id
$$;
comment on function licensing.find_replay is
  'The events a request means (event_ids, or all that are parked, or those received since) and what asking for each comes to. replayed: it becomes pending; pending: it is so already; held: a rehearsal keeps it; resend: it was never read and its payload is gone.';

create function public.replay_stripe_events(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  dry_run boolean := coalesce((doc ->> 'dry_run')::boolean, false);
  most constant integer := 500;
  total bigint := (select count(*) from licensing.find_replay(doc));
  page text[] := array(
    select f.event_id from licensing.find_replay(doc) f
    where doc -> 'after' is null or (f.received_at, f.event_id) > (
      (doc #>> '{after,received_at}')::timestamptz, doc #>> '{after,event_id}'
    )
    order by f.received_at, f.event_id limit most
  );
  events jsonb;
begin
  if not dry_run then
    -- Purchases before their events, as a settle does. What is pending by now is left to others.
    perform licensing.lock_purchases(array(
      select f.purchase_id from licensing.find_replay(doc) f where f.event_id = any (page)
    ));
    perform from licensing.stripe_events e
    where e.event_id = any (page) and e.status <> 'pending' order by e.event_id for update;
  end if;

  select coalesce(jsonb_agg(to_jsonb(f) order by f.received_at, f.event_id), '[]') into events
  from licensing.find_replay(doc) f where f.event_id = any (page);

  if not dry_run then
    update licensing.stripe_events e set status = 'pending'
    from jsonb_to_recordset(events) as f (event_id text, result text)
    where e.event_id = f.event_id and f.result = 'replayed';
  end if;

  return jsonb_build_object(
    'total', total,
    'events', events,
    'not_found', array(
      select distinct id from jsonb_array_elements_text(doc -> 'event_ids') id
      where not exists (select from licensing.stripe_events e where e.event_id = id)
    ),
    'next', (
      select jsonb_build_object('received_at', e.received_at, 'event_id', e.event_id)
      from licensing.stripe_events e where e.event_id = page[most]
    )
  );
end
$$;
comment on function public.replay_stripe_events is
  'Sets events back to pending, as a person does in the table viewer, 500 a call from the longest received; with dry_run it only says what it would do. {"total": all that are meant, "events": these, each with its status before and its result, "not_found": ids, "next": what to send as "after", null at the end}';

create function public.preview_replay(request text, at timestamptz default now()) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('claims', coalesce(jsonb_agg(
    licensing.describe_claim(
      jsonb_populate_record(p, jsonb_build_object(
        -- Nobody's lease: this is no claim.
        'lease_token', null,
        'must_read', true,
        'state', m.states,
        'customer_id', coalesce(p.customer_id, m.customer_id)
      )),
      coalesce(m.look_again_at <= at, false), null, at
    ) || jsonb_build_object('licenses', m.licenses)
    order by p.purchase_id
  ), '[]'))
  from licensing.purchases p
  -- As a claim would join them.
  cross join lateral (
    select
      jsonb_path_query_array(jsonb_agg(member.state), '$[*][*]') as states,
      max(member.customer_id) as customer_id,
      min(member.look_again_at) as look_again_at,
      (
        select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
        from licensing.licenses l where l.purchase_id = any (array_agg(member.purchase_id))
      ) as licenses
    from licensing.purchases member
    where member.purchase_id = p.purchase_id or member.joined_to = p.purchase_id
  ) m
  where p.purchase_id in (select jsonb_array_elements_text(request::jsonb -> 'purchase_ids'))
    and p.joined_to is null
$$;
comment on function public.preview_replay is
  'The purchases as a claim after a replay would describe them, and no claim: nothing is taken, locked or changed. {"claims": […]}, their token null';

revoke all on function
  licensing.find_replay,
  public.replay_stripe_events,
  public.preview_replay
from public, anon, authenticated, service_role;
grant execute on function
  licensing.find_replay,
  public.replay_stripe_events,
  public.preview_replay
to service_role;
