-- A customer deleted in Stripe: names, e-mail and payloads go from here, and never come back. That it
-- is erased is a fact of its purchases, and of the customer's own, under its cus_ id.

create index stripe_events_payload_of_customer_idx on licensing.stripe_events (customer_id)
  where customer_id is not null and payload is not null;
create index stripe_events_payload_of_purchase_idx on licensing.stripe_events (purchase_id)
  where purchase_id is not null and payload is not null;

create function licensing.is_erased(customer text, erases boolean, wakes boolean) returns boolean
language plpgsql set search_path = ''
as $$
declare
  queue bigint := hashtextextended('licensing.is_erased ' || customer, 0);
begin
  -- An erasure, or who wakes purchases, would not see what is being recorded: it waits for that, and
  -- lets nothing pass.
  if erases or wakes then
    perform pg_advisory_xact_lock(queue);
  else
    perform pg_advisory_xact_lock_shared(queue);
  end if;
  return erases or exists (
    select from licensing.purchases p
    where p.purchase_id = customer and p.state @> '[{"erased": true}]'
  );
end
$$;
comment on function licensing.is_erased is
  'Whether this customer is erased, or is to be by what is being recorded; holds up those that go over all its purchases, or, as one of them, all that is recorded of it, to the end of the transaction.';

create function licensing.erase_customer(customer text, at timestamptz) returns void
language plpgsql set search_path = ''
as $$
declare
  roots text[] := licensing.lock_purchases_of(customer, false);
  members text[];
begin
  members := array(
    select p.purchase_id from licensing.purchases p
    where p.purchase_id = any (roots) or p.joined_to = any (roots)
  );
  update licensing.purchases p set state = p.state || '[{"erased": true}]', updated_at = at
  where p.purchase_id = any (members)
    and p.state <> '[]' and not p.state @> '[{"erased": true}]';
  update licensing.customers c set wrote_name = null, updated_at = at
  where c.stripe_customer_id = customer and c.wrote_name is not null;

  perform from licensing.stripe_events e
  where e.payload is not null and (e.customer_id = customer or e.purchase_id = any (members))
  order by e.event_id for update;
  update licensing.stripe_events e set
    payload = null,
    -- Not read yet, it never will be: a person has to know.
    status = case when e.status = 'pending' and e.purchase_id is null then 'parked' else e.status end,
    last_error = case when e.status in ('pending', 'parked') and e.purchase_id is null
      then concat_ws('; ', e.last_error, 'its payload is erased with its customer')
      else e.last_error end
  where e.payload is not null and (e.customer_id = customer or e.purchase_id = any (members));
end
$$;
comment on function licensing.erase_customer is
  'Erases names and e-mail of a customer from all its purchases and from the link to its Cryptlex user, and the payloads of all its events. The link itself stays, and licenses.';

create function licensing.erased_state_changed() returns trigger
language plpgsql set search_path = ''
as $$
begin
  new.state := (
    select jsonb_agg(s.fact || '{"email": null, "name": null, "company": null}' order by s.n)
    from jsonb_array_elements(new.state) with ordinality as s (fact, n)
  );
  return new;
end
$$;
comment on function licensing.erased_state_changed is
  'Keeps e-mail and names out of an erased purchase, whoever still writes them: a worker may have read them before.';

create trigger erased_state before insert or update of state on licensing.purchases
for each row when (new.state @> '[{"erased": true}]')
execute function licensing.erased_state_changed();

revoke all on function
  licensing.is_erased,
  licensing.erase_customer,
  licensing.erased_state_changed
from public, anon, authenticated, service_role;
grant execute on function licensing.is_erased, licensing.erase_customer to service_role;
