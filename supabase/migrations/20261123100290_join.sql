-- Purchases that proved to be one become one.

create function licensing.join_members(target text, at timestamptz) returns void
language plpgsql set search_path = ''
as $$
begin
  update licensing.stripe_events e set purchase_id = target
  from licensing.purchases m
  where m.joined_to = target and e.purchase_id = m.purchase_id
    and e.status in ('pending', 'parked');

  -- Of several of ours in one slot all but one get a slot that nobody wants, and so end as surplus.
  update licensing.licenses l set
    purchase_id = target,
    slot = case when r.nth = 1 then l.slot else l.slot || '~' || l.license_id end
  from (
    select o.license_id, case
      when o.origin = 'created' and o.ended_at is null and o.gone_at is null then row_number() over (
        partition by o.slot, o.origin, o.ended_at is null and o.gone_at is null
        order by o.purchase_id = target desc, o.created_at, o.license_id
      ) else 1 end as nth
    from licensing.licenses o
    join licensing.purchases m on m.purchase_id = o.purchase_id
    where m.joined_to = target or m.purchase_id = target
  ) r
  where l.license_id = r.license_id and l.purchase_id <> target;

  update licensing.purchases p set
    state = p.state || (
      select coalesce(jsonb_agg(s), '[]')
      from licensing.purchases m, jsonb_array_elements(m.state) s where m.joined_to = target
    ),
    customer_id = coalesce(
      p.customer_id, (select max(m.customer_id) from licensing.purchases m where m.joined_to = target)
    ),
    must_read = p.must_read
      or exists (select from licensing.purchases m where m.joined_to = target and m.must_read),
    look_again_at = least(p.look_again_at, (
      select min(m.look_again_at) from licensing.purchases m where m.joined_to = target
    ))
  where p.purchase_id = target;

  -- An erased purchase keeps no payload, of what proves to be part of it neither.
  update licensing.stripe_events e set payload = null
  from licensing.purchases p, licensing.purchases m
  where p.purchase_id = target and p.state @> '[{"erased": true}]'
    and (m.purchase_id = target or m.joined_to = target)
    and e.purchase_id = m.purchase_id and e.payload is not null;

  update licensing.purchases p set
    state = '[]', must_read = false, look_again_at = null, lease_token = null, lease_until = null,
    attempts = 0, next_attempt_at = null, not_before = null, last_error = null, updated_at = at
  -- A replay of what it once had calls for reading anew.
  where p.joined_to = target and (p.state <> '[]' or p.must_read);
end
$$;
comment on function licensing.join_members is
  'Moves what the purchases joined to this one have over to it, and leaves them empty. They must be locked.';

revoke all on function licensing.join_members from public, anon, authenticated, service_role;
grant execute on function licensing.join_members to service_role;
