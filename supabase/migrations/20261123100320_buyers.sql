-- Who buys: a purchase without an e-mail waits for its customer to get one.

create function licensing.knows_email(states jsonb) returns boolean
language plpgsql immutable set search_path = ''
as $$
begin
  return exists (
    select from jsonb_array_elements(states) s where s #>> '{email,value}' is not null
  );
end
$$;
comment on function licensing.knows_email is 'Whether one of these states knows the buyer''s e-mail.';

create function licensing.with_buyer(states jsonb, customer text) returns jsonb
language plpgsql stable set search_path = ''
as $$
begin
  if licensing.knows_email(states) or states @> '[{"erased": true}]' then
    return states;
  end if;
  return states || (
    -- Of no time: whatever is told of the purchase itself counts more, however old it is.
    select coalesce(jsonb_agg(jsonb_build_object('customerId', s -> 'customerId') || (
      select jsonb_object_agg(said, case jsonb_typeof(s -> said)
        when 'object' then s -> said || '{"at": 0}' else s -> said end)
      from unnest(array['email', 'name', 'company']) said
    )), '[]')
    from licensing.purchases p, jsonb_array_elements(p.state) s
    where p.purchase_id = customer and s #>> '{email,value}' is not null
  );
end
$$;
comment on function licensing.with_buyer is
  'These states and, if they know no e-mail, what the customer''s own say of the buyer, under its cus_ id.';

create function licensing.purchases_of(customer text, unsettled boolean) returns setof text
language sql stable set search_path = ''
as $$
  select distinct coalesce(p.joined_to, p.purchase_id)
  from licensing.purchases p
  where p.customer_id = customer and (not unsettled or exists (
    select from licensing.purchases m join licensing.stripe_events e using (purchase_id)
    where e.status in ('pending', 'parked')
      and coalesce(p.joined_to, p.purchase_id) in (m.purchase_id, m.joined_to)
  ))
$$;
comment on function licensing.purchases_of is
  'The purchases of a customer by their best ids: all, or those with unsettled events.';

create function licensing.lock_purchases_of(customer text, unsettled boolean) returns text[]
language plpgsql set search_path = ''
as $$
declare
  roots text[];
begin
  loop
    roots := array(select licensing.purchases_of(customer, unsettled));
    begin
      perform licensing.lock_purchases(roots);
      exit when not exists (
        select from licensing.purchases_of(customer, unsettled) root where root <> all (roots)
      );
      raise exception using errcode = 'LC001', message = 'joined meanwhile';
    exception when sqlstate 'LC001' then
      -- One was joined to another while we waited. All locks are let go, to be taken in their order.
    end;
  end loop;
  return roots;
end
$$;
comment on function licensing.lock_purchases_of is
  'Locks the purchases of a customer, with what is joined to them, and returns them.';

create function licensing.wake_purchases_of(customer text) returns void
language plpgsql set search_path = ''
as $$
declare
  roots text[] := licensing.lock_purchases_of(customer, true);
  woken text[];
begin
  woken := array(
    select e.event_id
    from licensing.purchases p join licensing.stripe_events e using (purchase_id)
    where (p.purchase_id = any (roots) or p.joined_to = any (roots)) and e.status = 'parked'
      and not exists (
        select from licensing.purchases m
        where (
          m.purchase_id = coalesce(p.joined_to, p.purchase_id)
          or m.joined_to = coalesce(p.joined_to, p.purchase_id)
        ) and (licensing.knows_email(m.state) or m.state @> '[{"erased": true}]')
      )
  );
  perform from licensing.stripe_events e
  where e.event_id = any (woken) order by e.event_id for update;
  update licensing.stripe_events e set status = 'pending'
  where e.event_id = any (woken) and e.status = 'parked';
end
$$;
comment on function licensing.wake_purchases_of is
  'Now that the e-mail of this customer is known, has parked events of its purchases that know none worked off again.';

revoke all on function
  licensing.knows_email,
  licensing.with_buyer,
  licensing.purchases_of,
  licensing.lock_purchases_of,
  licensing.wake_purchases_of
from public, anon, authenticated, service_role;
grant execute on function
  licensing.knows_email,
  licensing.with_buyer,
  licensing.purchases_of,
  licensing.lock_purchases_of,
  licensing.wake_purchases_of
to service_role;
