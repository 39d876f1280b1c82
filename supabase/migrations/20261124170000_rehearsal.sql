-- The doors, six: what a rehearsal noted, to be compared with what another program did meanwhile.

create function public.rehearsed_purchases(request text, at timestamptz default now()) returns jsonb
language plpgsql stable set search_path = ''
as $$
declare
  after_id text := request::jsonb ->> 'after';
  most constant integer := 100;
  total bigint;
  page text[];
  begun_at timestamptz;
begin
  select min(e.received_at) into begun_at
  from licensing.stripe_events e where e.status = 'pending' and e.held;

  select count(*), (array_agg(r.root order by r.root) filter (where r.root > coalesce(after_id, '')))[:most + 1]
  into total, page
  from (
    select distinct coalesce(p.joined_to, e.purchase_id) as root
    from licensing.stripe_events e
    left join licensing.purchases p on p.purchase_id = e.purchase_id
    where e.status = 'pending' and e.held and e.purchase_id is not null
  ) r;

  return jsonb_build_object(
    'begun_at', begun_at,
    'total', total,
    'claims', public.preview_replay(
      jsonb_build_object('purchase_ids', coalesce(page[:most], '{}'))::text, at
    ) -> 'claims',
    'next', case when cardinality(page) > most then page[most] end,
    -- Said on the first page alone.
    'unread', case when after_id is null then (
      select coalesce(jsonb_agg(to_jsonb(u) order by u.count desc, u.event_type, u.reason), '[]')
      from (
        select e.event_type, e.status, coalesce(e.last_error, e.outcome, '') as reason, count(*)
        from licensing.stripe_events e
        where e.purchase_id is null and e.status in ('parked', 'ignored')
          and e.received_at >= begun_at
        group by 1, 2, 3 order by count(*) desc, 1, 3 limit 50
      ) u
    ) else '[]' end
  );
end
$$;
comment on function public.rehearsed_purchases is
  'The purchases of which a rehearsal (RECORD_ONLY) holds events, as preview_replay describes them, 100 a call in the order of their ids: {"after": what "next" was}. {"begun_at": the longest held, "total": all of them, "claims", "next": null at the end, "unread": what came since and told of no purchase, by type and reason}. Changes nothing.';

revoke all on function public.rehearsed_purchases from public, anon, authenticated, service_role;
grant execute on function public.rehearsed_purchases to service_role;
