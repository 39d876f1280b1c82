-- What waits, and taking what has waited longest.

-- Each half in its order and each purchase looked up by itself, so that the first of all is found
-- without reading, joining and sorting whatever else there is.
create view licensing.waiting with (security_invoker = true) as
(select
  e.purchase_id, p.joined_to, e.received_at as waits_since, e.held, false as looks_again,
  coalesce(greatest(p.lease_until, p.not_before), '-infinity') as quiet_until,
  coalesce(greatest(p.lease_until, p.not_before, p.next_attempt_at), '-infinity') as due_at
from licensing.stripe_events e
cross join lateral (
  select * from licensing.purchases o where o.purchase_id = e.purchase_id limit 1
) p
where e.status = 'pending'
order by e.received_at)
union all
(select
  p.purchase_id, p.joined_to, p.look_again_at, false, true,
  greatest(p.look_again_at, p.lease_until, p.not_before),
  greatest(p.look_again_at, p.lease_until, p.not_before)
from licensing.purchases p
where p.look_again_at is not null
order by p.look_again_at);
comment on view licensing.waiting is
  'One row is one reason to take up a purchase: a pending event, or a look an hour after a call of which we never heard.';
comment on column licensing.waiting.purchase_id is 'The purchase.';
comment on column licensing.waiting.joined_to is 'The purchase it proved to be part of.';
comment on column licensing.waiting.waits_since is 'Who has waited longest is served first.';
comment on column licensing.waiting.held is 'Rehearsed already: waits for RECORD_ONLY to be off.';
comment on column licensing.waiting.looks_again is 'It is a look, not an event.';
comment on column licensing.waiting.quiet_until is
  'Somebody works on it, or a call may still land: nobody touches it before this. -infinity: at once.';
comment on column licensing.waiting.due_at is 'The same, and its back-off. -infinity: at once.';

create function licensing.claim_due(doc jsonb, except_ids text[], at timestamptz) returns jsonb
language plpgsql set search_path = ''
as $$
declare
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  ignores_backoff boolean := coalesce((doc ->> 'ignore_backoff')::boolean, false);
  wait numeric := 0;
  candidate text;
  claim jsonb;
begin
  for candidate in
    select coalesce(w.joined_to, w.purchase_id) from licensing.waiting w
    where case when ignores_backoff then w.quiet_until else w.due_at end <= at
      and not (rehearsal and (w.held or w.looks_again))
    order by w.waits_since
  loop
    continue when candidate = any (except_ids);
    except_ids := except_ids || candidate;
    -- Out of calls every claim would be refused.
    if not rehearsal then
      select c.wait_seconds into wait from licensing.calls_left(doc -> 'rate', at) c;
      exit when wait > 0;
    end if;
    -- Whom another has locked, that other serves: no drain waits for a drain.
    continue when cardinality(array(
      select p.purchase_id from licensing.purchases p
      where p.purchase_id = candidate or p.joined_to = candidate
      order by licensing.link_rank(p.purchase_id), p.purchase_id for update skip locked
    )) < (
      select count(*) from licensing.purchases p
      where p.purchase_id = candidate or p.joined_to = candidate
    );
    claim := licensing.try_claim(candidate, false, doc, at);
    exit when claim is not null;
  end loop;
  return jsonb_build_object(
    'claim', claim, 'wait_seconds', case when claim is null and wait > 0 then wait end
  );
end
$$;
comment on function licensing.claim_due is
  'Claims the purchase that has waited longest, none of except_ids. {"claim": null if none is due, "wait_seconds": not null if one is due and waits for calls}';

revoke all on licensing.waiting from public, anon, authenticated, service_role;
grant select on licensing.waiting to service_role;
revoke all on function licensing.claim_due from public, anon, authenticated, service_role;
grant execute on function licensing.claim_due to service_role;
