-- What waits, and taking what has waited longest.

-- Each half in its order and each purchase looked up by itself, so that the first of all is found
-- without reading, joining and sorting whatever else there is. What is linked is quiet together.
create view licensing.waiting with (security_invoker = true) as
(select
  e.purchase_id, p.joined_to, e.received_at as waits_since, e.held, false as looks_again,
  e.opens_sale, coalesce(e.next_attempt_at, '-infinity') as backs_off_until,
  coalesce(q.quiet_until, '-infinity') as quiet_until,
  coalesce(greatest(q.quiet_until, p.next_attempt_at), '-infinity') as due_at
from licensing.stripe_events e
cross join lateral (
  select * from licensing.purchases o where o.purchase_id = e.purchase_id limit 1
) p
cross join lateral (
  select max(greatest(m.lease_until, m.not_before)) as quiet_until
  from (
    select r.lease_until, r.not_before from licensing.purchases r
    where r.purchase_id = coalesce(p.joined_to, p.purchase_id)
    union all
    select j.lease_until, j.not_before from licensing.purchases j
    where j.joined_to = coalesce(p.joined_to, p.purchase_id)
  ) m
) q
where e.status = 'pending'
order by e.received_at)
union all
(select
  p.purchase_id, p.joined_to, p.look_again_at, false, true, false, '-infinity',
  greatest(p.look_again_at, q.quiet_until),
  greatest(p.look_again_at, q.quiet_until)
from licensing.purchases p
cross join lateral (
  select max(greatest(m.lease_until, m.not_before)) as quiet_until
  from (
    select r.lease_until, r.not_before from licensing.purchases r
    where r.purchase_id = coalesce(p.joined_to, p.purchase_id)
    union all
    select j.lease_until, j.not_before from licensing.purchases j
    where j.joined_to = coalesce(p.joined_to, p.purchase_id)
  ) m
) q
where p.look_again_at is not null
order by p.look_again_at);
comment on view licensing.waiting is
  'One row is one reason to take up a purchase: a pending event, or a look an hour after a call of which we never heard.';
comment on column licensing.waiting.purchase_id is 'The purchase.';
comment on column licensing.waiting.joined_to is 'The purchase it proved to be part of.';
comment on column licensing.waiting.waits_since is 'Who has waited longest is served first.';
comment on column licensing.waiting.held is 'Rehearsed already: waits for RECORD_ONLY to be off.';
comment on column licensing.waiting.looks_again is 'It is a look, not an event.';
comment on column licensing.waiting.opens_sale is 'A buyer waits for it.';
comment on column licensing.waiting.backs_off_until is
  'The event failed, and is not tried again before this. Part of due_at, and told without looking at the purchase: while Cryptlex is away thousands wait so. -infinity: it did not fail.';
comment on column licensing.waiting.quiet_until is
  'Somebody works on it or on what is linked to it, or a call may still land: nobody touches it before this. -infinity: at once.';
comment on column licensing.waiting.due_at is 'The same, and its back-off. -infinity: at once.';

create function licensing.lock_free(root text) returns boolean
language plpgsql set search_path = ''
as $$
declare
  members text[] := licensing.members_of(array[root]);
  member text;
begin
  foreach member in array members loop
    perform from licensing.purchases p where p.purchase_id = member for update skip locked;
    if not found then
      return false;
    end if;
  end loop;
  -- What was joined to it just now is for who joined it.
  return members = licensing.members_of(array[root]);
end
$$;
comment on function licensing.lock_free is
  'Locks a purchase with all that is joined to it, in the order in which everybody does; false: another is at some of it.';

create function licensing.claim_due(doc jsonb, except_ids text[], at timestamptz) returns jsonb
language plpgsql set search_path = ''
-- Planned once a connection: planning takes longer than finding the first that is due.
set plan_cache_mode = force_generic_plan
as $$
declare
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  ignores_backoff boolean := coalesce((doc ->> 'ignore_backoff')::boolean, false);
  here record;
  candidate text;
  is_sale boolean;
  claim jsonb;
  out_of_calls boolean := false;
  candidates cursor for
    -- Buyers first, out of the half that is kept for them: renewals by the hundred thousand may have
    -- come before. A few do, the next claim finds the next; all of them stand in the queue, too.
    (select coalesce(w.joined_to, w.purchase_id) as candidate, true as is_sale
    from licensing.waiting w
    where not rehearsal and here.fresh >= 2 and w.opens_sale
      and (ignores_backoff or w.backs_off_until <= at)
      and case when ignores_backoff then w.quiet_until else w.due_at end <= at
      and coalesce(w.joined_to, w.purchase_id) <> all (except_ids)
    order by w.waits_since limit 3)
    union all
    (select coalesce(w.joined_to, w.purchase_id), false
    from licensing.waiting w
    where (ignores_backoff or w.backs_off_until <= at)
      and case when ignores_backoff then w.quiet_until else w.due_at end <= at
      and not (rehearsal and (w.held or w.looks_again))
    order by w.waits_since);
begin
  select c.* into here
  from licensing.cryptlex_limit l, licensing.calls_left(l, doc -> 'rate', at) c;
  -- One at a time, as a cursor is read: a loop over a query finds the first ten before it begins.
  for waits in candidates loop
    candidate := waits.candidate;
    is_sale := waits.is_sale;
    continue when candidate = any (except_ids);
    -- A sale that the half for buyers cannot serve stands in the queue still.
    if not is_sale then
      except_ids := except_ids || candidate;
    end if;
    -- Whom another has locked, that other serves: no drain waits for a drain.
    continue when not licensing.lock_free(candidate);
    select t.claim, t.out_of_calls into claim, out_of_calls
    from licensing.try_claim(candidate, is_sale, doc, at) t;
    -- Out of calls every other claim would be refused too; a sale asked for those of buyers.
    exit when claim is not null or (out_of_calls and not is_sale);
  end loop;
  return jsonb_build_object('claim', claim, 'wait_seconds', case when out_of_calls then (
    select c.wait_seconds
    from licensing.cryptlex_limit l, licensing.calls_left(l, doc -> 'rate', at) c
  ) end);
end
$$;
comment on function licensing.claim_due is
  'Claims the sale, or else the purchase, that has waited longest, none of except_ids. {"claim": null if none is due, "wait_seconds": not null if one is due and waits for calls}';

revoke all on licensing.waiting from public, anon, authenticated, service_role;
grant select on licensing.waiting to service_role;
revoke all on function licensing.lock_free, licensing.claim_due
from public, anon, authenticated, service_role;
grant execute on function licensing.lock_free, licensing.claim_due to service_role;
