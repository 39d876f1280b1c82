-- The ledger: Stripe's events and the purchases they tell of. A schema of its own, because the Data API exposes `public` only: what is
-- written here is reached through the functions of the following migrations, and by people.

create schema licensing;
comment on schema licensing is
  'What Stripe told us, what Cryptlex was told, and what is still to do (stripe-cryptlex).';
revoke all on schema licensing from public;
grant usage on schema licensing to service_role;

create table licensing.stripe_events (
  event_id text primary key,
  status text not null default 'pending',
  event_type text not null,
  outcome text,
  last_error text,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  purchase_id text,
  about_purchase_id text,
  customer_id text,
  livemode boolean not null,
  opens_sale boolean not null default false,
  held boolean not null default false,
  api_version text,
  event_created_at timestamptz not null,
  received_at timestamptz not null,
  settled_at timestamptz,
  payload jsonb,
  constraint event_id_looks_like_stripe check (event_id ~ '^evt_'),
  constraint status_is_known check (status in ('pending', 'applied', 'ignored', 'parked')),
  constraint settled_at_iff_settled
    check ((settled_at is not null) = (status in ('applied', 'ignored'))),
  constraint attempts_not_negative check (attempts >= 0),
  constraint held_only_while_pending check (not held or status = 'pending'),
  constraint pending_can_be_worked_on
    check (status <> 'pending' or purchase_id is not null or payload is not null)
);
comment on table licensing.stripe_events is
  'One row is one Stripe event, as received. Set status back to pending to replay it.';
comment on column licensing.stripe_events.event_id is 'Stripe''s id of the event, evt_…';
comment on column licensing.stripe_events.status is
  'pending: still to do; applied: its facts are honoured; ignored: nothing to do, see outcome; parked: needs a person, see last_error.';
comment on column licensing.stripe_events.event_type is 'Stripe''s name of what happened.';
comment on column licensing.stripe_events.outcome is 'What came of it, in a line for people.';
comment on column licensing.stripe_events.last_error is 'Why the last attempt did not settle it.';
comment on column licensing.stripe_events.attempts is 'How often it was worked on.';
comment on column licensing.stripe_events.next_attempt_at is
  'When its purchase is tried again, unless something new comes of it first; null: at once.';
comment on column licensing.stripe_events.purchase_id is
  'The purchase it belongs to; null: to none, or it could not be read.';
comment on column licensing.stripe_events.about_purchase_id is
  'The purchase that one with nothing to do, or that could not be read, tells of; null: none, or it belongs to one.';
comment on column licensing.stripe_events.customer_id is
  'The Stripe customer it names, also where it says nothing about licenses; null: none.';
comment on column licensing.stripe_events.livemode is 'True: real money. False: Stripe''s test mode.';
comment on column licensing.stripe_events.opens_sale is
  'This kind of event is the first of a purchase: fresh, it means Cryptlex cannot know the purchase yet.';
comment on column licensing.stripe_events.held is
  'Rehearsed while RECORD_ONLY was on: outcome says what would be done; worked off once it is off.';
comment on column licensing.stripe_events.api_version is 'The Stripe API version that shaped payload.';
comment on column licensing.stripe_events.event_created_at is 'When Stripe says it happened.';
comment on column licensing.stripe_events.received_at is 'When its first delivery was recorded here.';
comment on column licensing.stripe_events.settled_at is 'When it was applied or ignored.';
comment on column licensing.stripe_events.payload is
  'The event as Stripe sent it; null: gone with time, or with its customer.';

create index stripe_events_pending_idx on licensing.stripe_events (received_at)
  where status = 'pending';
create index stripe_events_pending_sales_idx on licensing.stripe_events (received_at)
  where status = 'pending' and opens_sale;
-- Few if any: without it each claim would look through all that waits for one that is to be read again.
create index stripe_events_unread_idx on licensing.stripe_events (received_at)
  where status = 'pending' and purchase_id is null;
create index stripe_events_unsettled_of_purchase_idx on licensing.stripe_events (purchase_id)
  where status in ('pending', 'parked');

create table licensing.purchases (
  purchase_id text primary key,
  state jsonb not null default '[]',
  customer_id text,
  joined_to text,
  last_error text,
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  not_before timestamptz,
  must_read boolean not null default false,
  replays integer not null default 0,
  look_again_at timestamptz,
  lease_token uuid,
  lease_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint purchase_id_looks_like_stripe check (purchase_id ~ '^(sub|pi|cs|in|cus)_'),
  constraint state_is_a_list check (jsonb_typeof(state) = 'array'),
  constraint joined_to_another check (joined_to <> purchase_id),
  constraint attempts_not_negative check (attempts >= 0),
  constraint lease_token_iff_leased check ((lease_token is null) = (lease_until is null))
)
-- Each event updates its purchase three times: with room on its page no index is written anew.
with (fillfactor = 70);
comment on table licensing.purchases is
  'One row is one purchase: a subscription (sub_), a one-time payment (pi_), a free order (cs_), a one-off invoice (in_); or a customer to be known in Cryptlex before buying (cus_).';
comment on column licensing.purchases.purchase_id is 'The best Stripe id it is known by.';
comment on column licensing.purchases.state is
  'What is known of it: the merged state, followed by facts that came since and are not merged yet. Order and duplicates do not matter.';
comment on column licensing.purchases.customer_id is 'Stripe''s customer; null for a guest.';
comment on column licensing.purchases.joined_to is
  'It proved to be the same purchase as this better id; an emptied row only points on.';
comment on column licensing.purchases.last_error is 'Why the last attempt did not finish.';
comment on column licensing.purchases.attempts is 'Unfinished attempts in a row.';
comment on column licensing.purchases.next_attempt_at is 'The back-off; a new event does not wait for it.';
comment on column licensing.purchases.not_before is
  'Nobody works on it before this: a call is out of which we never heard. Never bypassed.';
comment on column licensing.purchases.must_read is
  'Read Cryptlex before any call: what we know of it may be wrong.';
comment on column licensing.purchases.replays is
  'How often a person asked for an event of it again; one asked for during a lease outlives it.';
comment on column licensing.purchases.look_again_at is
  'An hour after a call of which we never heard: one look for what it may have left behind.';
comment on column licensing.purchases.lease_token is
  'Who works on it now. Settling without the living token changes nothing.';
comment on column licensing.purchases.lease_until is 'After this another worker may take over.';
comment on column licensing.purchases.created_at is 'When it was first seen.';
comment on column licensing.purchases.updated_at is 'When it was last settled or added to.';

create index purchases_look_again_idx on licensing.purchases (look_again_at)
  where look_again_at is not null;
create index purchases_joined_idx on licensing.purchases (joined_to) where joined_to is not null;

create table licensing.purchase_links (
  stripe_id text primary key,
  purchase_id text not null
);
comment on table licensing.purchase_links is
  'One row says where a Stripe id leads: to a better id of the same purchase, or to itself if it is the best.';
comment on column licensing.purchase_links.stripe_id is 'A session, invoice, payment or subscription.';
comment on column licensing.purchase_links.purchase_id is 'The better id; links chain.';

create table licensing.customers (
  stripe_customer_id text primary key,
  user_id text not null,
  user_made_by_us boolean not null default false,
  wrote_name text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint stripe_customer_id_looks_like_stripe check (stripe_customer_id ~ '^cus_')
);
comment on table licensing.customers is
  'One row is one Stripe customer and the Cryptlex user that holds its licenses.';
comment on column licensing.customers.stripe_customer_id is 'cus_…';
comment on column licensing.customers.user_id is 'Cryptlex''s user id.';
comment on column licensing.customers.user_made_by_us is
  'False: the user existed before; nothing of it is ever changed.';
comment on column licensing.customers.wrote_name is
  'The first name we last gave the user; null: none, or it is erased.';
comment on column licensing.customers.created_at is 'When the customer was first linked.';
comment on column licensing.customers.updated_at is 'When the link last changed.';

create index customers_of_user_idx on licensing.customers (user_id);

alter table licensing.stripe_events enable row level security;
alter table licensing.purchases enable row level security;
alter table licensing.purchase_links enable row level security;
alter table licensing.customers enable row level security;

revoke all on
  licensing.stripe_events, licensing.purchases, licensing.purchase_links, licensing.customers
from public, anon, authenticated, service_role;
grant select, insert, update on
  licensing.stripe_events, licensing.purchases, licensing.purchase_links, licensing.customers
to service_role;
