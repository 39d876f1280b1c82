-- The doors, six: what Stripe shows when it is asked, held against what is known here.

create function public.preview_purchases(request text, at timestamptz default now()) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('purchases', coalesce(jsonb_agg(jsonb_build_object(
    'known_states', jsonb_array_length(m.states),
    'last_error', m.last_error,
    'claim', licensing.describe_claim(
      jsonb_populate_record(null::licensing.purchases, jsonb_build_object(
        'purchase_id', licensing.root_of(i.ids),
        -- What is known as a claim would join it, and what Stripe shows.
        'state', licensing.with_buyer(
          m.states || jsonb_build_array(asked.one -> 'facts'),
          coalesce(m.customer_id, asked.one ->> 'customer_id')
        ),
        'customer_id', coalesce(m.customer_id, asked.one ->> 'customer_id'),
        'must_read', true,
        'replays', 0,
        'attempts', 0
      )),
      coalesce(m.look_again_at <= at, false), at
    ) || jsonb_build_object('licenses', m.licenses, 'joined_ids', m.joined_ids)
  ) order by asked.n), '[]'))
  from jsonb_array_elements(request::jsonb -> 'purchases') with ordinality as asked (one, n)
  cross join lateral (
    select array(select jsonb_array_elements_text(asked.one -> 'stripe_ids')) as ids
  ) i
  cross join lateral (
    with recursive chain as (
      select unnest(i.ids) as stripe_id
      union
      select l.purchase_id from licensing.purchase_links l join chain c using (stripe_id)
    )
    select
      coalesce(jsonb_path_query_array(jsonb_agg(p.state), '$[*][*]'), '[]') as states,
      max(p.last_error) as last_error,
      max(p.customer_id) as customer_id,
      min(p.look_again_at) as look_again_at,
      coalesce(
        jsonb_agg(p.purchase_id) filter (where p.purchase_id <> licensing.root_of(i.ids)), '[]'
      ) as joined_ids,
      (
        select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
        from licensing.licenses l where l.purchase_id = any (array_agg(p.purchase_id))
      ) as licenses
    from licensing.purchases p
    where p.purchase_id in (select c.stripe_id from chain c)
      or p.joined_to in (select c.stripe_id from chain c)
  ) m
$$;
comment on function public.preview_purchases is
  'Each of these purchases (stripe_ids, customer_id, facts) as a claim would describe it once the facts are recorded, read first; nothing is recorded, locked or changed. {"purchases": [{"known_states": how many of the claim''s states are known here, "last_error", "claim", its token null}]} in their order';

create function public.reconcile_purchase(request text, at timestamptz default now()) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  doc jsonb := request::jsonb;
  -- Before any purchase is locked, as where an event is recorded.
  erased boolean := licensing.is_erased(doc #>> '{event,customer_id}', false, false);
  written jsonb := licensing.record_event(doc, at);
  target text := written ->> 'target';
begin
  if target is null then
    select coalesce(p.joined_to, p.purchase_id) into target
    from licensing.stripe_events e join licensing.purchases p using (purchase_id)
    where e.event_id = doc #>> '{event,event_id}';
    perform licensing.lock_purchases(array[target]);
    -- Shown before, and perhaps something else since: what is shown last counts.
    update licensing.purchases p set
      state = p.state || jsonb_build_array(doc -> 'facts' || jsonb_build_object('erased', erased)),
      updated_at = at
    where p.purchase_id = target;
    update licensing.stripe_events e set status = 'pending'
    where e.event_id = doc #>> '{event,event_id}' and e.status <> 'pending';
  end if;
  update licensing.purchases p set
    must_read = true, replays = p.replays + 1, next_attempt_at = null
  where p.purchase_id = target
    or p.purchase_id = (select o.joined_to from licensing.purchases o where o.purchase_id = target);
  if (doc ->> 'remap')::boolean then
    -- No price of Stripe's: whichever is on the line counts as changed since.
    update licensing.licenses l set stripe_price_id = 'remap', updated_at = at
    from licensing.purchases m
    where (m.purchase_id = target or m.joined_to = target) and l.purchase_id = m.purchase_id
      and l.origin = 'created' and l.stripe_price_id is not null;
  end if;
  return jsonb_build_object('recorded', written -> 'recorded', 'purchase_id', target);
end
$$;
comment on function public.reconcile_purchase is
  'Records what Stripe showed of a purchase, as an event of our own, and has it worked off once Cryptlex is read; recorded before, it is asked for again. remap: its licenses are mapped anew, as after a change of price. {"recorded": "new" | "duplicate", "purchase_id": …}';

create function public.list_customers(request text, at timestamptz default now()) returns jsonb
language sql stable set search_path = ''
as $$
  select jsonb_build_object('customers', coalesce(jsonb_agg(jsonb_build_object(
    'stripe_customer_id', c.stripe_customer_id,
    'user_id', c.user_id,
    'is_shared', exists (
      select from licensing.customers o
      where o.user_id = c.user_id and o.stripe_customer_id <> c.stripe_customer_id
    )
  ) order by c.stripe_customer_id), '[]'))
  from (
    select * from licensing.customers c
    where c.stripe_customer_id > coalesce(request::jsonb ->> 'after', '')
    order by c.stripe_customer_id limit 500
  ) c
$$;
comment on function public.list_customers is
  'Stripe customers and their Cryptlex users, 500 a call, by customer from "after" on. Changes nothing.';

revoke all on function
  public.preview_purchases,
  public.reconcile_purchase,
  public.list_customers
from public, anon, authenticated, service_role;
grant execute on function
  public.preview_purchases,
  public.reconcile_purchase,
  public.list_customers
to service_role;
