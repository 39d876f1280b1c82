-- Taking the purchase that has waited longest.

create function licensing.claim_due(doc jsonb, except_ids text[], at timestamptz) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  candidate text;
  claim jsonb;
begin
  for candidate in
    select waiting.purchase_id
    from (
      (select coalesce(p.joined_to, p.purchase_id) as purchase_id
      from licensing.stripe_events e
      join licensing.purchases p on p.purchase_id = e.purchase_id
      where e.status = 'pending' and not (rehearsal and e.held)
        and (p.lease_until is null or p.lease_until <= at)
        and (p.not_before is null or p.not_before <= at)
        and (p.next_attempt_at is null or p.next_attempt_at <= at
          or (doc ->> 'ignore_backoff')::boolean)
      order by e.received_at)
      union all
      (select coalesce(p.joined_to, p.purchase_id)
      from licensing.purchases p
      where p.look_again_at <= at and not rehearsal
        and (p.lease_until is null or p.lease_until <= at)
        and (p.not_before is null or p.not_before <= at)
      order by p.look_again_at)
    ) waiting
    -- While all workers are paused every claim would be refused.
    where not exists (select from licensing.cryptlex_limit l where l.paused_until > at)
  loop
    continue when candidate = any (except_ids);
    except_ids := except_ids || candidate;
    -- Whom another has locked, that other serves: no drain waits for a drain.
    continue when cardinality(array(
      select p.purchase_id from licensing.purchases p
      where p.purchase_id = candidate or p.joined_to = candidate
      order by licensing.link_rank(p.purchase_id), p.purchase_id for update skip locked
    )) < (
      select count(*) from licensing.purchases p
      where p.purchase_id = candidate or p.joined_to = candidate
    );
    claim := licensing.claim(
      candidate, (doc ->> 'lease_seconds')::numeric * interval '1 second', rehearsal, at
    );
    exit when claim is not null;
  end loop;
  return claim;
end
$$;
comment on function licensing.claim_due is
  'Claims the purchase whose due event waits longest, or one to be looked at again, none of except_ids; null if nothing is due.';

revoke all on function licensing.claim_due from public, anon, authenticated, service_role;
grant execute on function licensing.claim_due to service_role;
