-- What people look at in the table viewer. Read with the reader's own rights, changed by nobody.

create view licensing.stuck with (security_invoker = true) as
select
  e.event_id,
  c.condition,
  coalesce(e.last_error, p.last_error, case
    when p.lease_until > now() then 'somebody is working on its purchase'
    when p.not_before > now() then 'a call to Cryptlex may still land: nothing may overtake it'
    else 'nobody has come by yet, or Cryptlex allows no more calls at the moment'
  end) as why,
  case
    when c.condition = 'parked' and e.purchase_id is null and e.payload is null then
      'resend it from Stripe: it was never read, and its payload is gone'
    when c.condition = 'parked' and e.purchase_id is null then
      'update stripe-cryptlex and deploy it, then set status in stripe_events back to pending'
    when c.condition = 'parked' then
      'mend what why says, then set status in stripe_events back to pending'
    when coalesce(e.last_error, p.last_error) ~ '^Cryptlex refused .* with 40[13]\M' then
      'set a new CRYPTLEX_ACCESS_TOKEN: the rest happens by itself'
    when coalesce(e.last_error, p.last_error) ~ '\mStripe refused .* with 40[13]\M' then
      'set a new STRIPE_SECRET_KEY, or let it read what why names: the rest happens by itself'
    when c.condition = 'retrying' then 'nothing, unless it lasts: it is tried until it works'
    else 'nothing: the next delivery or drain takes it up'
  end as what_to_do,
  e.event_type,
  p.purchase_id,
  coalesce(e.status_since, e.received_at) as since,
  e.attempts,
  case when e.status = 'pending' then
    greatest(p.next_attempt_at, p.not_before, p.lease_until)
  end as next_attempt_at,
  e.livemode
from licensing.stripe_events e
cross join lateral (
  select case
    when e.status = 'parked' then 'parked'
    when e.next_attempt_at is not null then 'retrying'
    else 'waiting'
  end as condition
) c
left join licensing.purchases own on own.purchase_id = e.purchase_id
left join licensing.purchases p on p.purchase_id = coalesce(own.joined_to, own.purchase_id)
-- The index of unsettled events has them all, whatever the number of settled ones.
where e.status in ('pending', 'parked') and not e.held
order by c.condition, since;
comment on view licensing.stuck is
  'One row is one event that is not settled, why, and what to do about it. Rehearsed events (held) are not stuck.';
comment on column licensing.stuck.event_id is 'Stripe''s id of the event, evt_…';
comment on column licensing.stuck.condition is
  'parked: needs a person; retrying: failed, and is tried again; waiting: its turn will come.';
comment on column licensing.stuck.why is 'Why the last attempt did not settle it.';
comment on column licensing.stuck.what_to_do is 'What you can do.';
comment on column licensing.stuck.event_type is 'Stripe''s name of what happened.';
comment on column licensing.stuck.purchase_id is
  'The purchase it belongs to; empty: it could not be read.';
comment on column licensing.stuck.since is
  'Since when it is parked, or waits: since it was received or was asked for again.';
comment on column licensing.stuck.attempts is 'How often it was worked on.';
comment on column licensing.stuck.next_attempt_at is
  'When it can be tried again; past or empty: with the next delivery or drain. Parked: never by itself.';
comment on column licensing.stuck.livemode is 'True: real money. False: Stripe''s test mode.';

create view licensing.done_for_customers with (security_invoker = true) as
select
  o.customer_id, o.purchase_id, a.license_id, a.action, a.acted_at, a.status, a.error, a.event_ids,
  a.action_id
from licensing.license_actions a
-- In two halves, so that one customer's or one purchase's are found by index.
join (
  select p.purchase_id as acted_as, p.purchase_id, p.customer_id
  from licensing.purchases p where p.joined_to is null
  union all
  select lesser.purchase_id, p.purchase_id, p.customer_id
  from licensing.purchases lesser join licensing.purchases p on p.purchase_id = lesser.joined_to
) o on o.acted_as = a.purchase_id;
comment on view licensing.done_for_customers is
  'One row is one call made to Cryptlex, and for whom. Filter by customer_id or purchase_id.';
comment on column licensing.done_for_customers.customer_id is
  'Stripe''s customer; empty for a guest.';
comment on column licensing.done_for_customers.purchase_id is
  'The purchase it was made for, by the best id it is known by now.';
comment on column licensing.done_for_customers.license_id is 'The license it was about, if one.';
comment on column licensing.done_for_customers.action is
  'create_user, create_license, renew_license, set_expires_at, suspend_license, revoke_license, …';
comment on column licensing.done_for_customers.acted_at is 'When what came of it was written down.';
comment on column licensing.done_for_customers.status is
  'Cryptlex''s HTTP status; empty: it never answered.';
comment on column licensing.done_for_customers.error is 'What went wrong, if anything.';
comment on column licensing.done_for_customers.event_ids is 'The Stripe events it was made for.';
comment on column licensing.done_for_customers.action_id is 'In the order they were written down.';

create index purchases_of_customer_idx on licensing.purchases (customer_id)
  where customer_id is not null;

create view licensing.totals_of_today with (security_invoker = true) as
select
  d.day, e.received, e.applied, e.ignored, e.parked, e.pending,
  a.licenses_created, a.licenses_renewed, a.licenses_suspended, a.licenses_ended, a.dates_set,
  a.calls, a.refused_calls, a.unanswered_calls
from (select (now() at time zone 'UTC')::date as day) d
cross join lateral (
  select
    count(*) as received,
    count(*) filter (where r.status = 'applied') as applied,
    count(*) filter (where r.status = 'ignored') as ignored,
    count(*) filter (where r.status = 'parked') as parked,
    count(*) filter (where r.status = 'pending') as pending
  from licensing.stripe_events r where r.received_at >= d.day::timestamp at time zone 'UTC'
) e
cross join lateral (
  select
    count(*) as calls,
    count(*) filter (where c.status >= 400) as refused_calls,
    count(*) filter (where c.status is null) as unanswered_calls,
    count(*) filter (where c.action = 'create_license' and c.status < 300) as licenses_created,
    count(*) filter (where c.action = 'renew_license' and c.status < 300) as licenses_renewed,
    count(*) filter (where c.action = 'set_expires_at' and c.status < 300) as dates_set,
    count(distinct case when c.action = 'suspend_license' and c.status < 300 then (
      select l.license_id from licensing.licenses l where l.license_id = c.license_id and l.suspended
    ) end) as licenses_suspended,
    count(distinct case when c.action = 'revoke_license' and c.status < 300 then (
      select l.license_id from licensing.licenses l where l.license_id = c.license_id and l.revoked
    ) end) as licenses_ended
  from licensing.license_actions c where c.acted_at >= d.day::timestamp at time zone 'UTC'
) a;
comment on view licensing.totals_of_today is
  'One row: what came and what was done since midnight UTC. What stays of earlier days is in licensing.stuck.';
comment on column licensing.totals_of_today.day is 'Today, in UTC.';
comment on column licensing.totals_of_today.received is
  'Events recorded today: the sum of the next four.';
comment on column licensing.totals_of_today.applied is 'Of these: their facts are honoured.';
comment on column licensing.totals_of_today.ignored is 'Of these: there was nothing to do.';
comment on column licensing.totals_of_today.parked is 'Of these: they need a person.';
comment on column licensing.totals_of_today.pending is 'Of these: still to do, or rehearsed.';
comment on column licensing.totals_of_today.licenses_created is 'Licenses that Cryptlex made.';
comment on column licensing.totals_of_today.licenses_renewed is
  'Renewals, of which Cryptlex can send an e-mail.';
comment on column licensing.totals_of_today.licenses_suspended is
  'Licenses suspended, and still so.';
comment on column licensing.totals_of_today.licenses_ended is 'Licenses revoked, and still so.';
comment on column licensing.totals_of_today.dates_set is 'Expiry dates that were set exactly.';
comment on column licensing.totals_of_today.calls is 'Calls to Cryptlex.';
comment on column licensing.totals_of_today.refused_calls is
  'Of these: answered 4xx. A user or license that was looked for and is not there is one, too.';
comment on column licensing.totals_of_today.unanswered_calls is
  'Of these: whether they were carried out had to be found out.';

-- Without these the totals read all there is, gigabytes after a few million events. Events change
-- their place when they settle, so that only a B-tree stays true to received_at; calls are only ever
-- added, in the order of time: a few kilobytes tell which pages hold today's.
create index stripe_events_received_idx on licensing.stripe_events (received_at);
create index license_actions_acted_idx on licensing.license_actions using brin (acted_at);

revoke all on licensing.stuck, licensing.done_for_customers, licensing.totals_of_today
from public, anon, authenticated, service_role;
grant select on licensing.stuck, licensing.done_for_customers, licensing.totals_of_today
to service_role;
