-- The ledger's tables. A schema of its own, because the Data API exposes `public` only: what is
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
  constraint held_only_while_pending check (not held or status = 'pending')
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
  'Not worked on before this, unless a newer event of the purchase comes; null: at once.';
comment on column licensing.stripe_events.purchase_id is
  'The purchase it belongs to; null: to none, or it could not be read.';
comment on column licensing.stripe_events.livemode is 'True: real money. False: Stripe''s test mode.';
comment on column licensing.stripe_events.opens_sale is
  'This kind of event is the first of a purchase: fresh, it means Cryptlex cannot know the purchase yet.';
comment on column licensing.stripe_events.held is
  'Rehearsed while RECORD_ONLY was on: outcome says what would be done; worked off once it is off.';
comment on column licensing.stripe_events.api_version is 'The Stripe API version that shaped payload.';
comment on column licensing.stripe_events.event_created_at is 'When Stripe says it happened.';
comment on column licensing.stripe_events.received_at is 'When its first delivery was recorded here.';
comment on column licensing.stripe_events.settled_at is 'When it was applied or ignored.';
comment on column licensing.stripe_events.payload is 'The event as Stripe sent it.';

create index stripe_events_pending_idx on licensing.stripe_events (received_at)
  where status = 'pending';
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
  lease_token uuid,
  lease_until timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint purchase_id_looks_like_stripe check (purchase_id ~ '^(sub|pi|cs|in|cus)_'),
  constraint state_is_a_list check (jsonb_typeof(state) = 'array'),
  constraint joined_to_another check (joined_to <> purchase_id),
  constraint attempts_not_negative check (attempts >= 0),
  constraint lease_token_iff_leased check ((lease_token is null) = (lease_until is null))
);
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
comment on column licensing.purchases.lease_token is
  'Who works on it now. Settling without the living token changes nothing.';
comment on column licensing.purchases.lease_until is 'After this another worker may take over.';
comment on column licensing.purchases.created_at is 'When it was first seen.';
comment on column licensing.purchases.updated_at is 'When it was last settled or added to.';

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
  user_id text,
  user_made_by_us boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint stripe_customer_id_looks_like_stripe check (stripe_customer_id ~ '^cus_'),
  constraint made_by_us_names_a_user check (not user_made_by_us or user_id is not null)
);
comment on table licensing.customers is
  'One row is one Stripe customer and the Cryptlex user that holds its licenses.';
comment on column licensing.customers.stripe_customer_id is 'cus_…';
comment on column licensing.customers.user_id is 'Cryptlex''s user id; null once it was gone.';
comment on column licensing.customers.user_made_by_us is
  'False: the user existed before; nothing of it is ever changed.';
comment on column licensing.customers.created_at is 'When the customer was first linked.';
comment on column licensing.customers.updated_at is 'When the link last changed.';

create table licensing.licenses (
  license_id text primary key,
  purchase_id text not null references licensing.purchases,
  slot text not null,
  origin text not null,
  license_expires_at timestamptz,
  wrote_expires_at timestamptz,
  perpetual boolean not null,
  suspended boolean not null,
  revoked boolean not null,
  ended_at timestamptz,
  gone_at timestamptz,
  cryptlex_product_id text not null,
  license_template_id text,
  entitlement_set_id text,
  mapped_by text not null,
  stripe_item_id text,
  stripe_price_id text,
  stripe_product_id text,
  user_id text,
  subscription_interval text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint origin_is_known check (origin in ('created', 'adopted')),
  constraint mapped_by_is_known check (
    mapped_by in ('line', 'session', 'subscription', 'invoice', 'plan', 'setting', 'found')
  )
);
comment on table licensing.licenses is
  'One row is one Cryptlex license of a purchase. Its key is in Cryptlex alone.';
comment on column licensing.licenses.license_id is 'Cryptlex''s id.';
comment on column licensing.licenses.purchase_id is 'What it was sold with.';
comment on column licensing.licenses.slot is
  'Cryptlex product and ordinal within the purchase; also in the license''s metadata.';
comment on column licensing.licenses.origin is
  'created: made by us; adopted: found, so it only ever grows and is never ended as surplus.';
comment on column licensing.licenses.license_expires_at is 'The expiry as last seen in Cryptlex.';
comment on column licensing.licenses.wrote_expires_at is
  'The expiry we last wrote (adopted: as found); null: it came from the template and is to be aligned.';
comment on column licensing.licenses.perpetual is 'As last seen.';
comment on column licensing.licenses.suspended is 'As last seen.';
comment on column licensing.licenses.revoked is 'As last seen.';
comment on column licensing.licenses.ended_at is 'When we ended it, because another took its place.';
comment on column licensing.licenses.gone_at is 'When we found it deleted in Cryptlex; it is not made again.';
comment on column licensing.licenses.cryptlex_product_id is 'Frozen when it was made.';
comment on column licensing.licenses.license_template_id is 'Frozen; null: the product''s default.';
comment on column licensing.licenses.entitlement_set_id is 'Frozen; null: the template''s.';
comment on column licensing.licenses.mapped_by is 'What said which license this purchase buys.';
comment on column licensing.licenses.stripe_item_id is
  'The subscription item or invoice line it stands for; null: for the whole purchase.';
comment on column licensing.licenses.stripe_price_id is 'The price on that line when it was mapped.';
comment on column licensing.licenses.stripe_product_id is 'The product on that line when it was mapped.';
comment on column licensing.licenses.user_id is 'Its Cryptlex user.';
comment on column licensing.licenses.subscription_interval is
  'As last seen (ISO 8601); what a renewal adds.';
comment on column licensing.licenses.created_at is 'When this row was made.';
comment on column licensing.licenses.updated_at is 'When this row last changed.';

create unique index licenses_one_of_ours_a_slot_idx on licensing.licenses (purchase_id, slot)
  where origin = 'created';
create index licenses_of_purchase_idx on licensing.licenses (purchase_id);

create table licensing.license_actions (
  action_id bigint generated always as identity primary key,
  acted_at timestamptz not null,
  action text not null,
  license_id text,
  purchase_id text not null,
  status integer,
  ms integer not null,
  error text,
  event_ids text[] not null
);
comment on table licensing.license_actions is
  'One row is one call made to Cryptlex. Only ever added to.';
comment on column licensing.license_actions.action_id is 'In the order they were written down.';
comment on column licensing.license_actions.acted_at is 'When the convergence that made it settled.';
comment on column licensing.license_actions.action is 'create_user, create_license, renew_license, …';
comment on column licensing.license_actions.license_id is 'The license it was about, if one.';
comment on column licensing.license_actions.purchase_id is 'The purchase it was made for.';
comment on column licensing.license_actions.status is 'Cryptlex''s HTTP status; null: never answered.';
comment on column licensing.license_actions.ms is 'How long it took, milliseconds.';
comment on column licensing.license_actions.error is 'What went wrong, if anything.';
comment on column licensing.license_actions.event_ids is 'The Stripe events it was made for.';

create index license_actions_of_purchase_idx on licensing.license_actions (purchase_id);

create table licensing.plans (
  stripe_id text primary key,
  cryptlex_product_id text not null,
  license_template_id text,
  entitlement_set_id text,
  seats text not null default 'ignore',
  activations_per_unit integer not null default 1,
  constraint stripe_id_is_a_price_or_product check (stripe_id ~ '^(price|prod)_'),
  constraint cryptlex_product_id_not_blank check (cryptlex_product_id ~ '\S'),
  constraint license_template_id_not_blank check (license_template_id ~ '\S'),
  constraint entitlement_set_id_not_blank check (entitlement_set_id ~ '\S'),
  constraint seats_is_known
    check (seats in ('ignore', 'activations', 'floating_clients', 'licenses')),
  constraint activations_per_unit_is_positive check (activations_per_unit > 0)
);
comment on table licensing.plans is
  'One row says what a Stripe price or product buys. Edited by people; serves licenses made from then on.';
comment on column licensing.plans.stripe_id is 'price_… or prod_…; a price goes before its product.';
comment on column licensing.plans.cryptlex_product_id is 'The Cryptlex product of the license.';
comment on column licensing.plans.license_template_id is 'Empty: the product''s default template.';
comment on column licensing.plans.entitlement_set_id is 'Empty: the template''s.';
comment on column licensing.plans.seats is 'What the quantity on the line means.';
comment on column licensing.plans.activations_per_unit is 'Activations, or floating clients, a unit buys.';

create table licensing.cryptlex_limit (
  only_row boolean primary key default true,
  paused_until timestamptz,
  constraint one_row_only check (only_row)
);
comment on table licensing.cryptlex_limit is
  'The one row here says whether Cryptlex told us to slow down.';
comment on column licensing.cryptlex_limit.only_row is 'Always true: there is one row.';
comment on column licensing.cryptlex_limit.paused_until is 'No worker calls Cryptlex before this.';
insert into licensing.cryptlex_limit default values;

alter table licensing.stripe_events enable row level security;
alter table licensing.purchases enable row level security;
alter table licensing.purchase_links enable row level security;
alter table licensing.customers enable row level security;
alter table licensing.licenses enable row level security;
alter table licensing.license_actions enable row level security;
alter table licensing.plans enable row level security;
alter table licensing.cryptlex_limit enable row level security;

revoke all on all tables in schema licensing from public, anon, authenticated, service_role;
grant select, insert, update on
  licensing.stripe_events, licensing.purchases, licensing.purchase_links, licensing.customers,
  licensing.licenses
to service_role;
grant select, insert on licensing.license_actions to service_role;
grant select on licensing.plans to service_role;
grant select, update on licensing.cryptlex_limit to service_role;
