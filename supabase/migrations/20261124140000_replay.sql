-- The doors, four: a person asks for events again, after a look at what that would come to.

create function licensing.describe_replay(ids text[]) returns table (
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
  from licensing.stripe_events e
  left join licensing.purchases p on p.purchase_id = e.purchase_id
  where e.event_id = any (ids)
$$;
comment on function licensing.describe_replay is
  'What asking for each of these events again comes to. replayed: it becomes pending; pending: it is so already; held: a rehearsal keeps it; resend: it was never read and its payload is gone.';

create function public.replay_stripe_events(request text, at timestamptz default now())
returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  dry_run boolean := coalesce((doc ->> 'dry_run')::boolean, false);
  named text[] := array(select jsonb_array_elements_text(doc -> 'event_ids'));
  means_parked boolean := coalesce((doc ->> 'parked')::boolean, false);
  since timestamptz := (doc ->> 'since')::timestamptz;
  after_at timestamptz := doc #>> '{after,received_at}';
  after_id text := doc #>> '{after,event_id}';
  most constant integer := 500;
  total bigint;
  page text[];
  events jsonb;
begin
  select count(*), (array_agg(e.event_id order by e.received_at, e.event_id))[:most]
  into total, page
  from licensing.stripe_events e
  where (
    e.event_id = any (named) or (means_parked and e.status = 'parked') or e.received_at >= since
  ) and (after_id is null or (e.received_at, e.event_id) > (after_at, after_id));

  if not dry_run then
    -- Purchases before their events, as a settle does. What is pending by now is left to others.
    perform licensing.lock_purchases(array(
      select r.purchase_id from licensing.describe_replay(page) r
    ));
    perform from licensing.stripe_events e
    where e.event_id = any (page) and e.status <> 'pending' order by e.event_id for update;
  end if;

  select coalesce(jsonb_agg(to_jsonb(r) order by r.received_at, r.event_id), '[]') into events
  from licensing.describe_replay(page) r;

  if not dry_run then
    update licensing.stripe_events e set status = 'pending'
    from jsonb_to_recordset(events) as r (event_id text, result text)
    where e.event_id = r.event_id and r.result = 'replayed';
  end if;

  return jsonb_build_object(
    'total', total,
    'events', events,
    'not_found', array(
      select distinct id from unnest(named) id
      where not exists (select from licensing.stripe_events e where e.event_id = id)
    ),
    'next', case when total > most then events -> -1 end
  );
end
$$;
comment on function public.replay_stripe_events is
  'Sets events (event_ids, or all parked, or those received since) back to pending, as a person does in the table viewer, 500 a call from the longest received; with dry_run it only says what it would do. {"total": these and those of later calls, "events": these, each with its status before and its result, "not_found": ids, "next": what to send as "after", null at the end}';

create function public.preview_replay(request text, at timestamptz default now()) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('claims', coalesce(jsonb_agg(
    licensing.describe_claim(
      jsonb_populate_record(p, jsonb_build_object(
        -- Nobody's lease: this is no claim.
        'lease_token', null,
        'must_read', true,
        'state', licensing.with_buyer(m.states, coalesce(p.customer_id, m.customer_id)),
        'customer_id', coalesce(p.customer_id, m.customer_id)
      )),
      coalesce(m.look_again_at <= at, false), at
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
  licensing.describe_replay,
  public.replay_stripe_events,
  public.preview_replay
from public, anon, authenticated, service_role;
grant execute on function
  licensing.describe_replay,
  public.replay_stripe_events,
  public.preview_replay
to service_role;
