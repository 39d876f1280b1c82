-- What the migrations make of a database. Written by `deno task schema`; not applied.

create schema licensing;
comment on schema licensing is 'What Stripe told us, what Cryptlex was told, and what is still to do (stripe-cryptlex).';
grant usage on schema licensing to service_role;

create table licensing.alert_turn (
  only_row boolean not null default true,
  asked_at timestamp with time zone,
  token uuid,
  quiet_until timestamp with time zone,
  tells_late boolean not null default false,
  late_told_at timestamp with time zone,
  constraint alert_turn_pkey PRIMARY KEY (only_row),
  constraint one_row_only CHECK (only_row)
);
comment on table licensing.alert_turn is 'The one row here says who tells people what is wrong, and when the next may.';
comment on column licensing.alert_turn.only_row is 'Always true: there is one row.';
comment on column licensing.alert_turn.asked_at is 'When the function last asked what there is to tell; it asks while ALERT_WEBHOOK_URL is set.';
comment on column licensing.alert_turn.token is 'The last message that was begun.';
comment on column licensing.alert_turn.quiet_until is 'No other message is begun before this, whether the last one arrived or not.';
comment on column licensing.alert_turn.tells_late is 'The message under way also tells that events wait for too long.';
comment on column licensing.alert_turn.late_told_at is 'When that was told; empty once no event waits for too long.';
alter table licensing.alert_turn enable row level security;
grant select, update on table licensing.alert_turn to service_role;

create table licensing.alerts (
  event_id text not null,
  alert_id bigint not null generated always as identity,
  token uuid,
  constraint alerts_pkey PRIMARY KEY (event_id),
  constraint alerts_event_id_fkey FOREIGN KEY (event_id) REFERENCES licensing.stripe_events(event_id) ON DELETE CASCADE
);
comment on table licensing.alerts is 'One row is one parked event that nobody has been told of yet. Empty while there is none, however many events are settled.';
comment on column licensing.alerts.event_id is 'The parked event.';
comment on column licensing.alerts.alert_id is 'In the order they were parked.';
comment on column licensing.alerts.token is 'The message that tells of it, once that was begun; another may begin anew, should it fail.';
alter table licensing.alerts enable row level security;
grant delete, insert, select, update on table licensing.alerts to service_role;

create table licensing.cryptlex_limit (
  only_row boolean not null default true,
  fresh_calls numeric not null default 0,
  older_calls numeric not null default 0,
  refilled_at timestamp with time zone not null default '1970-01-01 00:00:00+00'::timestamp with time zone,
  low_since timestamp with time zone,
  paused_until timestamp with time zone,
  token_refused_since timestamp with time zone,
  constraint cryptlex_limit_pkey PRIMARY KEY (only_row),
  constraint one_row_only CHECK (only_row)
);
comment on table licensing.cryptlex_limit is 'The one row here says how many calls to Cryptlex all workers together may make now.';
comment on column licensing.cryptlex_limit.only_row is 'Always true: there is one row.';
comment on column licensing.cryptlex_limit.fresh_calls is 'Calls left, at refilled_at, for purchases whose event has just come; below 0: more were made than foreseen.';
comment on column licensing.cryptlex_limit.older_calls is 'Calls left for purchases that wait.';
comment on column licensing.cryptlex_limit.refilled_at is 'When both were last reckoned.';
comment on column licensing.cryptlex_limit.low_since is 'Since when both halves together hold so little that no burst is left in them; null: they hold more.';
comment on column licensing.cryptlex_limit.paused_until is 'Cryptlex told us to slow down: no worker calls it before this.';
comment on column licensing.cryptlex_limit.token_refused_since is 'Since when Cryptlex refuses the access token; null: it does not.';
alter table licensing.cryptlex_limit enable row level security;
grant select, update on table licensing.cryptlex_limit to service_role;

create table licensing.customers (
  stripe_customer_id text not null,
  user_id text not null,
  user_made_by_us boolean not null default false,
  wrote_name text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint customers_pkey PRIMARY KEY (stripe_customer_id),
  constraint stripe_customer_id_looks_like_stripe CHECK (stripe_customer_id ~ '^cus_'::text)
);
comment on table licensing.customers is 'One row is one Stripe customer and the Cryptlex user that holds its licenses.';
comment on column licensing.customers.stripe_customer_id is 'cus_…';
comment on column licensing.customers.user_id is 'Cryptlex''s user id.';
comment on column licensing.customers.user_made_by_us is 'False: the user existed before; nothing of it is ever changed.';
comment on column licensing.customers.wrote_name is 'The first name we last gave the user; null: none, or it is erased.';
comment on column licensing.customers.created_at is 'When the customer was first linked.';
comment on column licensing.customers.updated_at is 'When the link last changed.';
CREATE INDEX customers_of_user_idx ON licensing.customers USING btree (user_id);
alter table licensing.customers enable row level security;
grant insert, select, update on table licensing.customers to service_role;

create table licensing.key_requests (
  session_id text not null,
  turns numeric not null,
  asked_at timestamp with time zone not null,
  constraint key_requests_pkey PRIMARY KEY (session_id),
  constraint session_id_looks_like_stripe CHECK (session_id ~ '^cs_'::text),
  constraint turns_not_negative CHECK (turns >= 0::numeric)
);
comment on table licensing.key_requests is 'One row is a paid checkout session whose buyer asked for the key: how often they may ask again. No id that is only guessed gets one; a row lasts two days.';
comment on column licensing.key_requests.session_id is 'cs_…';
comment on column licensing.key_requests.turns is 'Turns left, at asked_at: an answer costs one, showing keys ten.';
comment on column licensing.key_requests.asked_at is 'When a turn was last taken.';
CREATE INDEX key_requests_asked_idx ON licensing.key_requests USING btree (asked_at);
alter table licensing.key_requests enable row level security;
grant delete, insert, select, update on table licensing.key_requests to service_role;

create table licensing.license_actions (
  action_id bigint not null generated always as identity,
  acted_at timestamp with time zone not null,
  action text not null,
  license_id text,
  purchase_id text not null,
  status integer,
  ms integer not null,
  error text,
  event_ids text[] not null,
  constraint license_actions_pkey PRIMARY KEY (action_id)
);
comment on table licensing.license_actions is 'One row is one call made to Cryptlex. Only ever added to.';
comment on column licensing.license_actions.action_id is 'In the order they were written down.';
comment on column licensing.license_actions.acted_at is 'When the convergence that made it settled.';
comment on column licensing.license_actions.action is 'create_user, create_license, renew_license, set_expires_at, suspend_license, revoke_license, …';
comment on column licensing.license_actions.license_id is 'The license it was about, if one.';
comment on column licensing.license_actions.purchase_id is 'The purchase it was made for.';
comment on column licensing.license_actions.status is 'Cryptlex''s HTTP status; null: never answered.';
comment on column licensing.license_actions.ms is 'How long it took, milliseconds.';
comment on column licensing.license_actions.error is 'What went wrong, if anything.';
comment on column licensing.license_actions.event_ids is 'The Stripe events it was made for.';
CREATE INDEX license_actions_acted_idx ON licensing.license_actions USING brin (acted_at);
CREATE INDEX license_actions_of_purchase_idx ON licensing.license_actions USING btree (purchase_id);
alter table licensing.license_actions enable row level security;
grant insert, select on table licensing.license_actions to service_role;

create table licensing.licenses (
  license_id text not null,
  purchase_id text not null,
  slot text not null,
  origin text not null,
  user_id text,
  license_expires_at timestamp with time zone,
  wrote_expires_at timestamp with time zone,
  perpetual boolean not null,
  subscription_interval text,
  revoked boolean not null,
  wrote_revoked boolean not null default false,
  suspended boolean not null,
  wrote_suspended boolean not null default false,
  allowed_activations integer,
  wrote_allowed_activations integer,
  allowed_floating_clients integer,
  wrote_allowed_floating_clients integer,
  entitlement_set_id text,
  wrote_entitlement_set_id text,
  writing jsonb,
  ended_at timestamp with time zone,
  gone_at timestamp with time zone,
  cryptlex_product_id text not null,
  license_template_id text,
  seats text not null default 'ignore'::text,
  activations_per_unit integer not null default 1,
  mapped_by text not null,
  stripe_item_id text,
  covered_items text[],
  stripe_price_id text,
  stripe_product_id text,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint licenses_pkey PRIMARY KEY (license_id),
  constraint activations_per_unit_is_positive CHECK (activations_per_unit > 0),
  constraint licenses_purchase_id_fkey FOREIGN KEY (purchase_id) REFERENCES licensing.purchases(purchase_id),
  constraint mapped_by_is_known CHECK (mapped_by = ANY (ARRAY['line'::text, 'session'::text, 'subscription'::text, 'invoice'::text, 'price'::text, 'product'::text, 'plan'::text, 'setting'::text, 'found'::text])),
  constraint origin_is_known CHECK (origin = ANY (ARRAY['created'::text, 'adopted'::text])),
  constraint seats_is_known CHECK (seats = ANY (ARRAY['ignore'::text, 'activations'::text, 'floating_clients'::text, 'licenses'::text])),
  constraint writing_is_an_object CHECK (jsonb_typeof(writing) = 'object'::text)
);
comment on table licensing.licenses is 'One row is one Cryptlex license of a purchase. Its key is in Cryptlex alone. What differs from the wrote_… beside it was changed by somebody else.';
comment on column licensing.licenses.license_id is 'Cryptlex''s id.';
comment on column licensing.licenses.purchase_id is 'What it was sold with.';
comment on column licensing.licenses.slot is 'Cryptlex product and ordinal within the purchase; also in the license''s metadata.';
comment on column licensing.licenses.origin is 'created: made by us; adopted: found, so it only ever grows and is never ended as surplus.';
comment on column licensing.licenses.user_id is 'Its Cryptlex user, as last seen.';
comment on column licensing.licenses.license_expires_at is 'The expiry as last seen in Cryptlex.';
comment on column licensing.licenses.wrote_expires_at is 'The expiry we last wrote (adopted: as found); null: it came from the template and is to be aligned.';
comment on column licensing.licenses.perpetual is 'As last seen.';
comment on column licensing.licenses.subscription_interval is 'As last seen (ISO 8601); what a renewal adds.';
comment on column licensing.licenses.revoked is 'As last seen.';
comment on column licensing.licenses.wrote_revoked is 'As we last wrote it (adopted: as found).';
comment on column licensing.licenses.suspended is 'As last seen.';
comment on column licensing.licenses.wrote_suspended is 'As we last wrote it (adopted: as found).';
comment on column licensing.licenses.allowed_activations is 'As last seen; 0 or -1: unlimited.';
comment on column licensing.licenses.wrote_allowed_activations is 'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.allowed_floating_clients is 'As last seen; null: the license is none for floating clients.';
comment on column licensing.licenses.wrote_allowed_floating_clients is 'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.entitlement_set_id is 'As last seen; null: none.';
comment on column licensing.licenses.wrote_entitlement_set_id is 'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.writing is 'What is about to be written of these, or another subscription_interval and the expires_at it is to leave, noted before it is done; null: nothing.';
comment on column licensing.licenses.ended_at is 'When we ended it, because nobody has bought it any more; null: we did not.';
comment on column licensing.licenses.gone_at is 'When we found it deleted in Cryptlex; it is not made again.';
comment on column licensing.licenses.cryptlex_product_id is 'Frozen when it was made.';
comment on column licensing.licenses.license_template_id is 'Frozen; null: the product''s default.';
comment on column licensing.licenses.seats is 'What the quantity on the line means for it. Frozen when it was made.';
comment on column licensing.licenses.activations_per_unit is 'Activations, or floating clients, a unit buys. Frozen when it was made.';
comment on column licensing.licenses.mapped_by is 'What said which license this purchase buys.';
comment on column licensing.licenses.stripe_item_id is 'The subscription item or invoice line it stands for; null: for the whole purchase.';
comment on column licensing.licenses.covered_items is 'Every subscription item it has stood for since it was last mapped, once it was seen there; null: nobody noted that. What is added beside one for the whole purchase, and mapped by itself, has its own.';
comment on column licensing.licenses.stripe_price_id is 'The price on that line when it was mapped.';
comment on column licensing.licenses.stripe_product_id is 'The product on that line when it was mapped.';
comment on column licensing.licenses.created_at is 'When this row was made.';
comment on column licensing.licenses.updated_at is 'When this row last changed.';
CREATE INDEX licenses_of_purchase_idx ON licensing.licenses USING btree (purchase_id);
CREATE UNIQUE INDEX licenses_one_of_ours_a_slot_idx ON licensing.licenses USING btree (purchase_id, slot) WHERE ((origin = 'created'::text) AND (ended_at IS NULL) AND (gone_at IS NULL));
alter table licensing.licenses enable row level security;
grant insert, select, update on table licensing.licenses to service_role;

create table licensing.plans (
  stripe_id text not null,
  cryptlex_product_id text not null,
  license_template_id text,
  entitlement_set_id text,
  seats text not null default 'ignore'::text,
  activations_per_unit integer not null default 1,
  constraint plans_pkey PRIMARY KEY (stripe_id),
  constraint activations_per_unit_is_positive CHECK (activations_per_unit > 0),
  constraint cryptlex_product_id_not_blank CHECK (cryptlex_product_id ~ '\S'::text),
  constraint entitlement_set_id_not_blank CHECK (entitlement_set_id ~ '\S'::text),
  constraint license_template_id_not_blank CHECK (license_template_id ~ '\S'::text),
  constraint seats_is_known CHECK (seats = ANY (ARRAY['ignore'::text, 'activations'::text, 'floating_clients'::text, 'licenses'::text])),
  constraint stripe_id_is_a_price_or_product CHECK (stripe_id ~ '^(price|prod)_'::text)
);
comment on table licensing.plans is 'One row says what a Stripe price or product buys. Edited by people; serves licenses made from then on.';
comment on column licensing.plans.stripe_id is 'price_… or prod_…; a price goes before its product.';
comment on column licensing.plans.cryptlex_product_id is 'The Cryptlex product of the license.';
comment on column licensing.plans.license_template_id is 'Empty: the product''s default template.';
comment on column licensing.plans.entitlement_set_id is 'Empty: the template''s.';
comment on column licensing.plans.seats is 'What the quantity on the line means.';
comment on column licensing.plans.activations_per_unit is 'Activations, or floating clients, a unit buys.';
alter table licensing.plans enable row level security;
grant select on table licensing.plans to service_role;

create table licensing.purchase_links (
  stripe_id text not null,
  purchase_id text not null,
  constraint purchase_links_pkey PRIMARY KEY (stripe_id)
);
comment on table licensing.purchase_links is 'One row says where a Stripe id leads: to a better id of the same purchase, or to itself if it is the best.';
comment on column licensing.purchase_links.stripe_id is 'A session, invoice, payment or subscription.';
comment on column licensing.purchase_links.purchase_id is 'The better id; links chain.';
alter table licensing.purchase_links enable row level security;
grant insert, select, update on table licensing.purchase_links to service_role;

create table licensing.purchases (
  purchase_id text not null,
  state jsonb not null default '[]'::jsonb,
  customer_id text,
  joined_to text,
  last_error text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  not_before timestamp with time zone,
  must_read boolean not null default false,
  replays integer not null default 0,
  look_again_at timestamp with time zone,
  lease_token uuid,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint purchases_pkey PRIMARY KEY (purchase_id),
  constraint attempts_not_negative CHECK (attempts >= 0),
  constraint joined_to_another CHECK (joined_to <> purchase_id),
  constraint lease_token_iff_leased CHECK ((lease_token IS NULL) = (lease_until IS NULL)),
  constraint purchase_id_looks_like_stripe CHECK (purchase_id ~ '^(sub|pi|cs|in|cus)_'::text),
  constraint state_is_a_list CHECK (jsonb_typeof(state) = 'array'::text)
) with (fillfactor=70);
comment on table licensing.purchases is 'One row is one purchase: a subscription (sub_), a one-time payment (pi_), a free order (cs_), a one-off invoice (in_); or a customer to be known in Cryptlex before buying (cus_).';
comment on column licensing.purchases.purchase_id is 'The best Stripe id it is known by.';
comment on column licensing.purchases.state is 'What is known of it: the merged state, followed by facts that came since and are not merged yet. Order and duplicates do not matter.';
comment on column licensing.purchases.customer_id is 'Stripe''s customer; null for a guest.';
comment on column licensing.purchases.joined_to is 'It proved to be the same purchase as this better id; an emptied row only points on.';
comment on column licensing.purchases.last_error is 'Why the last attempt did not finish.';
comment on column licensing.purchases.attempts is 'Unfinished attempts in a row.';
comment on column licensing.purchases.next_attempt_at is 'The back-off; a new event does not wait for it.';
comment on column licensing.purchases.not_before is 'Nobody works on it before this: a call is out of which we never heard. Never bypassed.';
comment on column licensing.purchases.must_read is 'Read Cryptlex before any call: what we know of it may be wrong.';
comment on column licensing.purchases.replays is 'How often a person asked for an event of it again; one asked for during a lease outlives it.';
comment on column licensing.purchases.look_again_at is 'An hour after a call of which we never heard: one look for what it may have left behind.';
comment on column licensing.purchases.lease_token is 'Who works on it now. Settling without the living token changes nothing.';
comment on column licensing.purchases.lease_until is 'After this another worker may take over.';
comment on column licensing.purchases.created_at is 'When it was first seen.';
comment on column licensing.purchases.updated_at is 'When it was last settled or added to.';
CREATE INDEX purchases_joined_idx ON licensing.purchases USING btree (joined_to) WHERE (joined_to IS NOT NULL);
CREATE INDEX purchases_look_again_idx ON licensing.purchases USING btree (look_again_at) WHERE (look_again_at IS NOT NULL);
CREATE INDEX purchases_of_customer_idx ON licensing.purchases USING btree (customer_id) WHERE (customer_id IS NOT NULL);
alter table licensing.purchases enable row level security;
grant insert, select, update on table licensing.purchases to service_role;
CREATE TRIGGER erased_state BEFORE INSERT OR UPDATE OF state ON licensing.purchases FOR EACH ROW WHEN (new.state @> '[{"erased": true}]'::jsonb) EXECUTE FUNCTION licensing.erased_state_changed();

create table licensing.retention (
  only_row boolean not null default true,
  payload_days integer not null default 90,
  settled_days integer not null default 400,
  constraint retention_pkey PRIMARY KEY (only_row),
  constraint one_row_only CHECK (only_row),
  constraint payload_days_outlast_resends CHECK (payload_days >= 30),
  constraint settled_days_outlast_payloads CHECK (settled_days >= payload_days)
);
comment on table licensing.retention is 'The one row here says for how long what is kept. Edited by people.';
comment on column licensing.retention.only_row is 'Always true: there is one row.';
comment on column licensing.retention.payload_days is 'Payloads of events settled longer ago are cleared. At least 30: so long Stripe lets an event be sent again.';
comment on column licensing.retention.settled_days is 'Events settled and calls made longer ago are deleted.';
alter table licensing.retention enable row level security;
-- no grants on table licensing.retention

create table licensing.schedule (
  only_row boolean not null default true,
  function_url text,
  rehearsal boolean not null default false,
  policy jsonb,
  told_at timestamp with time zone,
  drain_secret text not null default replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text),
  drain_secret_sha256 text not null generated always as (encode(sha256(decode(drain_secret, 'escape'::text)), 'hex'::text)) stored,
  constraint schedule_pkey PRIMARY KEY (only_row),
  constraint drain_secret_is_long_and_plain CHECK (drain_secret ~ '^[0-9A-Za-z_-]{20,}$'::text),
  constraint function_url_is_https_or_loopback CHECK (function_url ~ '^(https://[^/\s?#@]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?)(/[^\s?#]*)?$'::text),
  constraint one_row_only CHECK (only_row)
);
comment on table licensing.schedule is 'The one row here is what the scheduled drain needs: where the function is, and the secret it opens to.';
comment on column licensing.schedule.only_row is 'Always true: there is one row.';
comment on column licensing.schedule.function_url is 'Where the function is, without /drain. On Supabase the function tells it; elsewhere a person may. Empty: nothing is posted.';
comment on column licensing.schedule.rehearsal is 'The function last said that it runs with RECORD_ONLY: what was rehearsed is not due.';
comment on column licensing.schedule.policy is 'The settings by which the function last said it decides about licenses, by their names. Empty: it never did, as off Supabase.';
comment on column licensing.schedule.told_at is 'When the function last said so.';
comment on column licensing.schedule.drain_secret is 'What the job shows the function, made here. Change it when you like: within a minute the function knows.';
comment on column licensing.schedule.drain_secret_sha256 is 'What the function is told of it: enough to recognise it, not to show it.';
alter table licensing.schedule enable row level security;
-- no grants on table licensing.schedule
grant select, update on column licensing.schedule.function_url to service_role;
grant select, update on column licensing.schedule.rehearsal to service_role;
grant select, update on column licensing.schedule.policy to service_role;
grant select, update on column licensing.schedule.told_at to service_role;
grant select on column licensing.schedule.drain_secret_sha256 to service_role;

create table licensing.stripe_access (
  only_row boolean not null default true,
  refused_since timestamp with time zone,
  not_found_since timestamp with time zone,
  constraint stripe_access_pkey PRIMARY KEY (only_row),
  constraint one_row_only CHECK (only_row)
);
comment on table licensing.stripe_access is 'The one row here says whether Stripe is read as it should be, with STRIPE_SECRET_KEY.';
comment on column licensing.stripe_access.only_row is 'Always true: there is one row.';
comment on column licensing.stripe_access.refused_since is 'Since when Stripe refuses the key, or what it may not read; null: it does not.';
comment on column licensing.stripe_access.not_found_since is 'Since when Stripe does not know what its own events told of: the key is of another account or mode; null: it does.';
alter table licensing.stripe_access enable row level security;
grant select, update on table licensing.stripe_access to service_role;

create table licensing.stripe_events (
  event_id text not null,
  status text not null default 'pending'::text,
  event_type text not null,
  outcome text,
  last_error text,
  attempts integer not null default 0,
  next_attempt_at timestamp with time zone,
  purchase_id text,
  about_purchase_id text,
  customer_id text,
  livemode boolean not null,
  opens_sale boolean not null default false,
  held boolean not null default false,
  api_version text,
  event_created_at timestamp with time zone not null,
  received_at timestamp with time zone not null,
  settled_at timestamp with time zone,
  payload jsonb,
  status_since timestamp with time zone,
  constraint stripe_events_pkey PRIMARY KEY (event_id),
  constraint attempts_not_negative CHECK (attempts >= 0),
  constraint event_id_looks_like_stripe CHECK (event_id ~ '^evt_'::text),
  constraint held_only_while_pending CHECK (NOT held OR status = 'pending'::text),
  constraint pending_can_be_worked_on CHECK (status <> 'pending'::text OR purchase_id IS NOT NULL OR payload IS NOT NULL),
  constraint settled_at_iff_settled CHECK ((settled_at IS NOT NULL) = (status = ANY (ARRAY['applied'::text, 'ignored'::text]))),
  constraint status_is_known CHECK (status = ANY (ARRAY['pending'::text, 'applied'::text, 'ignored'::text, 'parked'::text]))
) with (autovacuum_vacuum_scale_factor=0.02, vacuum_index_cleanup=on);
comment on table licensing.stripe_events is 'One row is one Stripe event, as received. Set status back to pending to replay it.';
comment on column licensing.stripe_events.event_id is 'Stripe''s id of the event, evt_…';
comment on column licensing.stripe_events.status is 'pending: still to do; applied: its facts are honoured; ignored: nothing to do, see outcome; parked: needs a person, see last_error.';
comment on column licensing.stripe_events.event_type is 'Stripe''s name of what happened.';
comment on column licensing.stripe_events.outcome is 'What came of it, in a line for people.';
comment on column licensing.stripe_events.last_error is 'Why the last attempt did not settle it.';
comment on column licensing.stripe_events.attempts is 'How often it was worked on.';
comment on column licensing.stripe_events.next_attempt_at is 'When its purchase is tried again, unless something new comes of it first; null: at once.';
comment on column licensing.stripe_events.purchase_id is 'The purchase it belongs to; null: to none, or it could not be read.';
comment on column licensing.stripe_events.about_purchase_id is 'The purchase that one with nothing to do, or that could not be read, tells of; null: none, or it belongs to one.';
comment on column licensing.stripe_events.customer_id is 'The Stripe customer it names, also where it says nothing about licenses; null: none.';
comment on column licensing.stripe_events.livemode is 'True: real money. False: Stripe''s test mode.';
comment on column licensing.stripe_events.opens_sale is 'This kind of event is the first of a purchase: fresh, it means Cryptlex cannot know the purchase yet.';
comment on column licensing.stripe_events.held is 'Rehearsed while RECORD_ONLY was on: outcome says what would be done; worked off once it is off.';
comment on column licensing.stripe_events.api_version is 'The Stripe API version that shaped payload.';
comment on column licensing.stripe_events.event_created_at is 'When Stripe says it happened.';
comment on column licensing.stripe_events.received_at is 'When its first delivery was recorded here.';
comment on column licensing.stripe_events.settled_at is 'When it was applied or ignored.';
comment on column licensing.stripe_events.payload is 'The event as Stripe sent it; null: gone with time, or with its customer.';
comment on column licensing.stripe_events.status_since is 'Since when it is parked, or pending once more; empty: since it was received, or it is settled.';
CREATE INDEX stripe_events_about_purchase_idx ON licensing.stripe_events USING btree (about_purchase_id) WHERE (about_purchase_id IS NOT NULL);
CREATE INDEX stripe_events_of_purchase_idx ON licensing.stripe_events USING btree (purchase_id) WHERE (purchase_id IS NOT NULL);
CREATE INDEX stripe_events_payload_of_customer_idx ON licensing.stripe_events USING btree (customer_id) WHERE ((customer_id IS NOT NULL) AND (payload IS NOT NULL));
CREATE INDEX stripe_events_pending_idx ON licensing.stripe_events USING btree (received_at) WHERE (status = 'pending'::text);
CREATE INDEX stripe_events_pending_sales_idx ON licensing.stripe_events USING btree (received_at) WHERE ((status = 'pending'::text) AND opens_sale);
CREATE INDEX stripe_events_received_idx ON licensing.stripe_events USING btree (received_at);
CREATE INDEX stripe_events_unread_idx ON licensing.stripe_events USING btree (received_at) WHERE ((status = 'pending'::text) AND (purchase_id IS NULL));
CREATE INDEX stripe_events_unsettled_of_purchase_idx ON licensing.stripe_events USING btree (purchase_id) WHERE (status = ANY (ARRAY['pending'::text, 'parked'::text]));
CREATE INDEX stripe_events_with_payload_idx ON licensing.stripe_events USING btree (settled_at) WHERE ((settled_at IS NOT NULL) AND (payload IS NOT NULL));
CREATE INDEX stripe_events_without_payload_idx ON licensing.stripe_events USING btree (settled_at) WHERE ((settled_at IS NOT NULL) AND (payload IS NULL));
alter table licensing.stripe_events enable row level security;
grant insert, select, update on table licensing.stripe_events to service_role;
CREATE TRIGGER note_alert AFTER UPDATE OF status ON licensing.stripe_events FOR EACH ROW WHEN ((old.status = 'parked'::text) <> (new.status = 'parked'::text)) EXECUTE FUNCTION licensing.note_alert();
CREATE TRIGGER note_alert_of_new AFTER INSERT ON licensing.stripe_events FOR EACH ROW WHEN (new.status = 'parked'::text) EXECUTE FUNCTION licensing.note_alert();
CREATE TRIGGER note_status_since BEFORE UPDATE OF status ON licensing.stripe_events FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status AND ((new.status = ANY (ARRAY['pending'::text, 'parked'::text])) OR old.status_since IS NOT NULL)) EXECUTE FUNCTION licensing.note_status_since();
CREATE TRIGGER status_changed BEFORE UPDATE OF status ON licensing.stripe_events FOR EACH ROW WHEN (old.status IS DISTINCT FROM new.status) EXECUTE FUNCTION licensing.stripe_event_status_changed();

create sequence licensing.alerts_alert_id_seq as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

create sequence licensing.license_actions_action_id_seq as bigint start 1 increment 1 minvalue 1 maxvalue 9223372036854775807 cache 1;

create view licensing.done_for_customers with (security_invoker=true) as
 SELECT o.customer_id,
    o.purchase_id,
    a.license_id,
    a.action,
    a.acted_at,
    a.status,
    a.error,
    a.event_ids,
    a.action_id
   FROM licensing.license_actions a
     JOIN ( SELECT p.purchase_id AS acted_as,
            p.purchase_id,
            p.customer_id
           FROM licensing.purchases p
          WHERE p.joined_to IS NULL
        UNION ALL
         SELECT lesser.purchase_id,
            p.purchase_id,
            p.customer_id
           FROM licensing.purchases lesser
             JOIN licensing.purchases p ON p.purchase_id = lesser.joined_to) o ON o.acted_as = a.purchase_id;
comment on view licensing.done_for_customers is 'One row is one call made to Cryptlex, and for whom. Filter by customer_id or purchase_id.';
comment on column licensing.done_for_customers.customer_id is 'Stripe''s customer; empty for a guest.';
comment on column licensing.done_for_customers.purchase_id is 'The purchase it was made for, by the best id it is known by now.';
comment on column licensing.done_for_customers.license_id is 'The license it was about, if one.';
comment on column licensing.done_for_customers.action is 'create_user, create_license, renew_license, set_expires_at, suspend_license, revoke_license, …';
comment on column licensing.done_for_customers.acted_at is 'When what came of it was written down.';
comment on column licensing.done_for_customers.status is 'Cryptlex''s HTTP status; empty: it never answered.';
comment on column licensing.done_for_customers.error is 'What went wrong, if anything.';
comment on column licensing.done_for_customers.event_ids is 'The Stripe events it was made for.';
comment on column licensing.done_for_customers.action_id is 'In the order they were written down.';
grant select on view licensing.done_for_customers to service_role;

create view licensing.stuck with (security_invoker=true) as
 SELECT e.event_id,
    c.condition,
    COALESCE(e.last_error, p.last_error,
        CASE
            WHEN p.lease_until > now() THEN 'somebody is working on its purchase'::text
            WHEN p.not_before > now() THEN 'a call to Cryptlex may still land: nothing may overtake it'::text
            ELSE 'nobody has come by yet, or Cryptlex allows no more calls at the moment'::text
        END) AS why,
        CASE
            WHEN c.condition = 'parked'::text AND e.purchase_id IS NULL AND e.payload IS NULL THEN 'resend it from Stripe: it was never read, and its payload is gone'::text
            WHEN c.condition = 'parked'::text AND e.purchase_id IS NULL THEN 'update stripe-cryptlex and deploy it, then set status in stripe_events back to pending'::text
            WHEN c.condition = 'parked'::text THEN 'mend what why says, then set status in stripe_events back to pending'::text
            WHEN COALESCE(e.last_error, p.last_error) ~ '^Cryptlex refused .* with 40[13]\M'::text THEN 'set a new CRYPTLEX_ACCESS_TOKEN: the rest happens by itself'::text
            WHEN COALESCE(e.last_error, p.last_error) ~ '\mStripe refused .* with 40[13]\M'::text THEN 'set a new STRIPE_SECRET_KEY, or let it read what why names: the rest happens by itself'::text
            WHEN c.condition = 'retrying'::text THEN 'nothing, unless it lasts: it is tried until it works'::text
            ELSE 'nothing: the next delivery or drain takes it up'::text
        END AS what_to_do,
    e.event_type,
    p.purchase_id,
    COALESCE(e.status_since, e.received_at) AS since,
    e.attempts,
        CASE
            WHEN e.status = 'pending'::text THEN GREATEST(p.next_attempt_at, p.not_before, p.lease_until)
            ELSE NULL::timestamp with time zone
        END AS next_attempt_at,
    e.livemode
   FROM licensing.stripe_events e
     CROSS JOIN LATERAL ( SELECT
                CASE
                    WHEN e.status = 'parked'::text THEN 'parked'::text
                    WHEN e.next_attempt_at IS NOT NULL THEN 'retrying'::text
                    ELSE 'waiting'::text
                END AS condition) c
     LEFT JOIN licensing.purchases own ON own.purchase_id = e.purchase_id
     LEFT JOIN licensing.purchases p ON p.purchase_id = COALESCE(own.joined_to, own.purchase_id)
  WHERE (e.status = ANY (ARRAY['pending'::text, 'parked'::text])) AND NOT e.held
  ORDER BY c.condition, (COALESCE(e.status_since, e.received_at));
comment on view licensing.stuck is 'One row is one event that is not settled, why, and what to do about it. Rehearsed events (held) are not stuck.';
comment on column licensing.stuck.event_id is 'Stripe''s id of the event, evt_…';
comment on column licensing.stuck.condition is 'parked: needs a person; retrying: failed, and is tried again; waiting: its turn will come.';
comment on column licensing.stuck.why is 'Why the last attempt did not settle it.';
comment on column licensing.stuck.what_to_do is 'What you can do.';
comment on column licensing.stuck.event_type is 'Stripe''s name of what happened.';
comment on column licensing.stuck.purchase_id is 'The purchase it belongs to; empty: it could not be read.';
comment on column licensing.stuck.since is 'Since when it is parked, or waits: since it was received or was asked for again.';
comment on column licensing.stuck.attempts is 'How often it was worked on.';
comment on column licensing.stuck.next_attempt_at is 'When it can be tried again; past or empty: with the next delivery or drain. Parked: never by itself.';
comment on column licensing.stuck.livemode is 'True: real money. False: Stripe''s test mode.';
grant select on view licensing.stuck to service_role;

create view licensing.totals_of_today with (security_invoker=true) as
 SELECT d.day,
    e.received,
    e.applied,
    e.ignored,
    e.parked,
    e.pending,
    a.licenses_created,
    a.licenses_renewed,
    a.licenses_suspended,
    a.licenses_ended,
    a.dates_set,
    a.calls,
    a.refused_calls,
    a.unanswered_calls
   FROM ( SELECT (now() AT TIME ZONE 'UTC'::text)::date AS day) d
     CROSS JOIN LATERAL ( SELECT count(*) AS received,
            count(*) FILTER (WHERE r.status = 'applied'::text) AS applied,
            count(*) FILTER (WHERE r.status = 'ignored'::text) AS ignored,
            count(*) FILTER (WHERE r.status = 'parked'::text) AS parked,
            count(*) FILTER (WHERE r.status = 'pending'::text) AS pending
           FROM licensing.stripe_events r
          WHERE r.received_at >= (d.day::timestamp without time zone AT TIME ZONE 'UTC'::text)) e
     CROSS JOIN LATERAL ( SELECT count(*) AS calls,
            count(*) FILTER (WHERE c.status >= 400) AS refused_calls,
            count(*) FILTER (WHERE c.status IS NULL) AS unanswered_calls,
            count(*) FILTER (WHERE c.action = 'create_license'::text AND c.status < 300) AS licenses_created,
            count(*) FILTER (WHERE c.action = 'renew_license'::text AND c.status < 300) AS licenses_renewed,
            count(*) FILTER (WHERE c.action = 'set_expires_at'::text AND c.status < 300) AS dates_set,
            count(DISTINCT
                CASE
                    WHEN c.action = 'suspend_license'::text AND c.status < 300 THEN ( SELECT l.license_id
                       FROM licensing.licenses l
                      WHERE l.license_id = c.license_id AND l.suspended)
                    ELSE NULL::text
                END) AS licenses_suspended,
            count(DISTINCT
                CASE
                    WHEN c.action = 'revoke_license'::text AND c.status < 300 THEN ( SELECT l.license_id
                       FROM licensing.licenses l
                      WHERE l.license_id = c.license_id AND l.revoked)
                    ELSE NULL::text
                END) AS licenses_ended
           FROM licensing.license_actions c
          WHERE c.acted_at >= (d.day::timestamp without time zone AT TIME ZONE 'UTC'::text)) a;
comment on view licensing.totals_of_today is 'One row: what came and what was done since midnight UTC. What stays of earlier days is in licensing.stuck.';
comment on column licensing.totals_of_today.day is 'Today, in UTC.';
comment on column licensing.totals_of_today.received is 'Events recorded today: the sum of the next four.';
comment on column licensing.totals_of_today.applied is 'Of these: their facts are honoured.';
comment on column licensing.totals_of_today.ignored is 'Of these: there was nothing to do.';
comment on column licensing.totals_of_today.parked is 'Of these: they need a person.';
comment on column licensing.totals_of_today.pending is 'Of these: still to do, or rehearsed.';
comment on column licensing.totals_of_today.licenses_created is 'Licenses that Cryptlex made.';
comment on column licensing.totals_of_today.licenses_renewed is 'Renewals, of which Cryptlex can send an e-mail.';
comment on column licensing.totals_of_today.licenses_suspended is 'Licenses suspended, and still so.';
comment on column licensing.totals_of_today.licenses_ended is 'Licenses revoked, and still so.';
comment on column licensing.totals_of_today.dates_set is 'Expiry dates that were set exactly.';
comment on column licensing.totals_of_today.calls is 'Calls to Cryptlex.';
comment on column licensing.totals_of_today.refused_calls is 'Of these: answered 4xx. A user or license that was looked for and is not there is one, too.';
comment on column licensing.totals_of_today.unanswered_calls is 'Of these: whether they were carried out had to be found out.';
grant select on view licensing.totals_of_today to service_role;

create view licensing.waiting with (security_invoker=true) as
( SELECT e.purchase_id,
    p.joined_to,
    e.received_at AS waits_since,
    e.held,
    false AS looks_again,
    e.opens_sale,
    COALESCE(e.next_attempt_at, '-infinity'::timestamp with time zone) AS backs_off_until,
    COALESCE(q.quiet_until, '-infinity'::timestamp with time zone) AS quiet_until,
    COALESCE(GREATEST(q.quiet_until, p.next_attempt_at), '-infinity'::timestamp with time zone) AS due_at
   FROM licensing.stripe_events e
     CROSS JOIN LATERAL ( SELECT o.purchase_id,
            o.state,
            o.customer_id,
            o.joined_to,
            o.last_error,
            o.attempts,
            o.next_attempt_at,
            o.not_before,
            o.must_read,
            o.replays,
            o.look_again_at,
            o.lease_token,
            o.lease_until,
            o.created_at,
            o.updated_at
           FROM licensing.purchases o
          WHERE o.purchase_id = e.purchase_id
         LIMIT 1) p
     CROSS JOIN LATERAL ( SELECT max(GREATEST(m.lease_until, m.not_before)) AS quiet_until
           FROM ( SELECT r.lease_until,
                    r.not_before
                   FROM licensing.purchases r
                  WHERE r.purchase_id = COALESCE(p.joined_to, p.purchase_id)
                UNION ALL
                 SELECT j.lease_until,
                    j.not_before
                   FROM licensing.purchases j
                  WHERE j.joined_to = COALESCE(p.joined_to, p.purchase_id)) m) q
  WHERE e.status = 'pending'::text
  ORDER BY e.received_at)
UNION ALL
( SELECT p.purchase_id,
    p.joined_to,
    p.look_again_at AS waits_since,
    false AS held,
    true AS looks_again,
    false AS opens_sale,
    '-infinity'::timestamp with time zone AS backs_off_until,
    GREATEST(p.look_again_at, q.quiet_until) AS quiet_until,
    GREATEST(p.look_again_at, q.quiet_until) AS due_at
   FROM licensing.purchases p
     CROSS JOIN LATERAL ( SELECT max(GREATEST(m.lease_until, m.not_before)) AS quiet_until
           FROM ( SELECT r.lease_until,
                    r.not_before
                   FROM licensing.purchases r
                  WHERE r.purchase_id = COALESCE(p.joined_to, p.purchase_id)
                UNION ALL
                 SELECT j.lease_until,
                    j.not_before
                   FROM licensing.purchases j
                  WHERE j.joined_to = COALESCE(p.joined_to, p.purchase_id)) m) q
  WHERE p.look_again_at IS NOT NULL
  ORDER BY p.look_again_at);
comment on view licensing.waiting is 'One row is one reason to take up a purchase: a pending event, or a look an hour after a call of which we never heard.';
comment on column licensing.waiting.purchase_id is 'The purchase.';
comment on column licensing.waiting.joined_to is 'The purchase it proved to be part of.';
comment on column licensing.waiting.waits_since is 'Who has waited longest is served first.';
comment on column licensing.waiting.held is 'Rehearsed already: waits for RECORD_ONLY to be off.';
comment on column licensing.waiting.looks_again is 'It is a look, not an event.';
comment on column licensing.waiting.opens_sale is 'A buyer waits for it.';
comment on column licensing.waiting.backs_off_until is 'The event failed, and is not tried again before this. Part of due_at, and told without looking at the purchase: while Cryptlex is away thousands wait so. -infinity: it did not fail.';
comment on column licensing.waiting.quiet_until is 'Somebody works on it or on what is linked to it, or a call may still land: nobody touches it before this. -infinity: at once.';
comment on column licensing.waiting.due_at is 'The same, and its back-off. -infinity: at once.';
grant select on view licensing.waiting to service_role;

CREATE OR REPLACE FUNCTION licensing.alert_is_due(at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select coalesce(t.asked_at > at - interval '1 day', false)
    and (t.quiet_until is null or t.quiet_until <= at)
    and (
      exists (select from licensing.alerts)
      or t.late_told_at is null and licensing.late_events(at) is not null
    )
  from licensing.alert_turn t
$function$;
comment on function licensing.alert_is_due(timestamp with time zone) is 'Whether there is something to tell, and it may be told now: then the schedule posts. False a day after the function last asked: then alerts are off.';
grant execute on function licensing.alert_is_due(timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.calls_left(held licensing.cryptlex_limit, rate jsonb, at timestamp with time zone, OUT fresh numeric, OUT older numeric, OUT cap numeric, OUT low_cap numeric, OUT low_since timestamp with time zone, OUT borrowed_from numeric, OUT enough numeric, OUT wait_seconds numeric)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  calls constant numeric := (rate ->> 'calls')::numeric;
  seconds constant numeric := (rate ->> 'seconds')::numeric;
  gain numeric;
  since numeric := greatest(extract(epoch from at - held.refilled_at), 0);
  filling numeric;
  floods boolean;
begin
  fresh := held.fresh_calls;
  older := held.older_calls;
  low_since := held.low_since;
  low_cap := calls / 8;
  -- A read, and what it leads to.
  enough := least(4, calls / 4);
  floods := low_cap >= enough
    and coalesce(low_since <= held.refilled_at - seconds * interval '1 second', false);
  if floods then
    cap := low_cap;
    gain := (calls / 2 - cap) / seconds;
    filling := greatest(0, (2 * cap - fresh - older) / (2 * gain));
    select r.* into fresh, older
    from licensing.refilled(fresh, older, cap, gain * least(since, filling)) r;
    -- Both are full: the flood is over.
    floods := since <= filling;
    since := greatest(0, since - filling);
  end if;
  if not floods then
    cap := calls / 4;
    gain := cap / seconds;
    select r.* into fresh, older from licensing.refilled(fresh, older, cap, gain * since) r;
  end if;
  low_since := case when fresh + older <= 2 * low_cap then low_since end;
  -- What waits may have of the fresh half what it holds beyond that: buyers wait for a key, a
  -- renewal can wait. In a flood it has no need of it: it gets what the fresh half cannot hold.
  borrowed_from := case when low_cap < enough then enough + cap / 2 when not floods then low_cap end;
  -- In whole milliseconds, as everybody waits: less would be asked for again and again.
  wait_seconds := ceil(1000 * greatest(
    0,
    extract(epoch from held.paused_until - at),
    least(
      enough - older, (enough - older + cap - fresh) / 2, borrowed_from - fresh
    ) / gain
  )) / 1000;
end
$function$;
comment on function licensing.calls_left(licensing.cryptlex_limit,jsonb,timestamp with time zone) is 'What both halves of that row hold at that time, how much is enough to begin with a purchase that waits, and how many seconds off that is. rate: {"calls": n, "seconds": n}, what Cryptlex allows.';
grant execute on function licensing.calls_left(licensing.cryptlex_limit,jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.charge_calls(kind text, calls integer, rate jsonb, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  held licensing.cryptlex_limit;
  here record;
begin
  -- Everybody locks this row last: who waits for it holds nothing that its holder waits for.
  select * into held from licensing.cryptlex_limit for update;
  here := licensing.half_for(held, kind, calls, rate, at);
  if here.half is null then
    return null;
  end if;
  update licensing.cryptlex_limit l set
    fresh_calls = here.fresh - case here.half when 'fresh' then calls else 0 end,
    older_calls = here.older - case here.half when 'older' then calls else 0 end,
    low_since = case when here.fresh + here.older - calls <= 2 * here.low_cap
      then coalesce(here.low_since, at) end,
    refilled_at = greatest(at, l.refilled_at);
  return jsonb_build_object('half', here.half, 'calls', calls);
end
$function$;
comment on function licensing.charge_calls(text,integer,jsonb,timestamp with time zone) is 'Takes calls for a sale, for other fresh work or for older work. What was taken from which half, {"half": …, "calls": n}; null: there are not enough.';
grant execute on function licensing.charge_calls(text,integer,jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.claim(target text, is_fresh boolean, doc jsonb, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  rehearsal boolean := (doc ->> 'rehearsal')::boolean;
  members record;
  claimed licensing.purchases;
  is_sale boolean;
  looks_again boolean;
  kind text := 'older';
  calls integer := 2;
  leased_to timestamptz := at + (doc ->> 'lease_seconds')::numeric * interval '1 second';
  described jsonb;
  charged jsonb;
begin
  select
    count(*) as many,
    array_agg(p.purchase_id) as ids,
    coalesce(bool_or(p.lease_until > at or p.not_before > at), false) as quiet,
    coalesce(bool_or(p.look_again_at <= at), false) as look_again,
    -- A lease that ran out: its holder may have made calls nobody wrote down.
    coalesce(bool_or(p.lease_token is not null), false) as lost,
    coalesce(bool_or(p.must_read), false) as must_read
  into members
  from (
    -- Apart, so that each is found by its index, whatever plan was kept.
    select * from licensing.purchases o where o.purchase_id = target
    union all
    select * from licensing.purchases o where o.joined_to = target
  ) p;

  if members.quiet then
    return null;
  end if;
  looks_again := not rehearsal and members.look_again;
  select bool_or(e.opens_sale) into is_sale
  from unnest(members.ids) as id cross join lateral (
    select * from licensing.stripe_events o
    where o.purchase_id = id and o.status = 'pending' and not (rehearsal and o.held) offset 0
  ) e;
  if is_sale is null and not looks_again then
    return null;
  end if;

  if is_fresh then
    kind := case when is_sale then 'sale' else 'fresh' end;
  end if;
  -- A sale to a new buyer, a renewal with its correction; with a read before it.
  if members.lost or looks_again or members.must_read then
    calls := 4;
  end if;
  -- Seen to be refused before anything is written; by a settle, only once it gave back what it can.
  if not rehearsal and not doc ? 'charged' and not exists (
    select from licensing.cryptlex_limit l, licensing.half_for(l, kind, calls, doc -> 'rate', at) h
    where h.half is not null
  ) then
    raise exception using errcode = 'LC002', message = 'there are not enough calls';
  end if;
  if members.many > 1 then
    perform licensing.join_members(target, at);
  end if;

  select * into claimed from licensing.purchases p where p.purchase_id = target;
  claimed.state := licensing.with_buyer(claimed.state, claimed.customer_id);
  claimed.lease_token := gen_random_uuid();
  claimed.lease_until := leased_to;
  claimed.must_read := claimed.must_read or members.lost or looks_again;
  if members.lost then
    -- What is due now stays so until it is settled: its worker may die too.
    claimed.look_again_at := at + interval '1 hour';
    -- Should it kill this worker too, others come first: nobody else would write a back-off.
    claimed.next_attempt_at := leased_to
      + least(5 * 2 ^ least(claimed.attempts, 10), 3600) * interval '1 second';
    claimed.attempts := claimed.attempts + 1;
  end if;
  update licensing.purchases p set
    state = claimed.state, lease_token = claimed.lease_token, lease_until = claimed.lease_until,
    must_read = claimed.must_read, look_again_at = claimed.look_again_at,
    next_attempt_at = claimed.next_attempt_at, attempts = claimed.attempts
  where p.purchase_id = target;
  described := licensing.describe_claim(claimed, looks_again, at);

  if not rehearsal then
    -- The limit's row is locked last, so that nobody holds it and waits, and all others wait for it as
    -- short as can be: a settle, which has calls to give back, brings them along.
    if doc ? 'charged' then
      perform licensing.correct_calls(
        doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
      );
    end if;
    charged := licensing.charge_calls(kind, calls, doc -> 'rate', at);
    if charged is null then
      raise exception using errcode = 'LC002', message = 'there are not enough calls';
    end if;
  end if;
  return described || jsonb_build_object('charged', charged);
end
$function$;
comment on function licensing.claim(text,boolean,jsonb,timestamp with time zone) is 'Takes a purchase to work on, which the caller has locked with what is joined to it; joined with what proved to be the same one: what is known of it and a token; null if another has it, it is quiet, or nothing is to do; an error, LC002, if Cryptlex may not be called now. charged: the calls taken for it. looks_again: an hour has passed since a call of which we never heard.';
grant execute on function licensing.claim(text,boolean,jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.claim_due(doc jsonb, except_ids text[], at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
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
$function$;
comment on function licensing.claim_due(jsonb,text[],timestamp with time zone) is 'Claims the sale, or else the purchase, that has waited longest, none of except_ids. {"claim": null if none is due, "wait_seconds": not null if one is due and waits for calls}';
grant execute on function licensing.claim_due(jsonb,text[],timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.correct_calls(charged jsonb, actions jsonb, rate jsonb, pause_seconds numeric, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  held licensing.cryptlex_limit;
begin
  -- A sale makes the calls it was charged: nothing is to be put right, and nobody waits for the row.
  if pause_seconds is null
    and jsonb_array_length(actions) = coalesce((charged ->> 'calls')::numeric, 0)
    and not exists (
      select from jsonb_array_elements(actions) a where (a ->> 'status')::integer in (401, 403)
    )
    and not exists (
      select from licensing.cryptlex_limit l where l.token_refused_since is not null
    )
  then
    return;
  end if;

  select * into held from licensing.cryptlex_limit for update;
  update licensing.cryptlex_limit l set
    -- What Cryptlex refuses as too much was too much of everything: begin anew after the pause.
    -- Until its end nothing is given back either.
    fresh_calls = d.fresh,
    older_calls = d.older,
    low_since = case when pause_seconds is null and d.fresh + d.older <= 2 * d.low_cap
      then d.low_since end,
    refilled_at = case when pause_seconds is null then greatest(at, l.refilled_at)
      else greatest(l.paused_until, at + pause_seconds * interval '1 second') end,
    paused_until = greatest(l.paused_until, at + pause_seconds * interval '1 second'),
    token_refused_since = case
      when d.refused then coalesce(l.token_refused_since, at)
      when not d.accepted then l.token_refused_since
    end
  from (
    select s.*, here.low_cap, here.low_since,
      case when pause_seconds is not null then 0 when s.half = 'fresh'
        then least(here.cap, here.fresh + s.back) else here.fresh end as fresh,
      case when pause_seconds is not null then 0 when s.half = 'older'
        then least(here.cap, here.older + s.back) else here.older end as older
    from licensing.calls_left(held, rate, at) here, (
      select charged ->> 'half' as half,
        least(
          (charged ->> 'calls')::numeric - jsonb_array_length(actions),
          case when held.paused_until > at then 0 end
        ) as back,
        coalesce(bool_or((a ->> 'status')::integer in (401, 403)), false) as refused,
        coalesce(bool_or((a ->> 'status')::integer between 200 and 299), false) as accepted
      from (select) one left join jsonb_array_elements(actions) a on true
    ) s
  ) d;
end
$function$;
comment on function licensing.correct_calls(jsonb,jsonb,jsonb,numeric,timestamp with time zone) is 'Once it is known which calls were made: gives back or takes what the charge missed, and notes a pause and a refused token.';
grant execute on function licensing.correct_calls(jsonb,jsonb,jsonb,numeric,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.describe_claim(claimed licensing.purchases, looks_again boolean, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  return jsonb_build_object(
    'purchase_id', claimed.purchase_id,
    'token', claimed.lease_token,
    'claimed_at', at,
    'must_read', claimed.must_read,
    'looks_again', looks_again,
    'charged', null,
    'replays', claimed.replays,
    'attempts', claimed.attempts,
    'states', claimed.state,
    'joined_ids', (
      select coalesce(jsonb_agg(m.purchase_id), '[]')
      from licensing.purchases m where m.joined_to = claimed.purchase_id
    ),
    'events', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'event_id', e.event_id, 'event_type', e.event_type, 'status', e.status,
        'opens_sale', e.opens_sale, 'event_created_at', e.event_created_at
      ) order by e.event_created_at, e.event_id), '[]')
      from licensing.stripe_events e
      where e.purchase_id = claimed.purchase_id and e.status in ('pending', 'parked')
    ),
    'licenses', (
      select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
      from licensing.licenses l where l.purchase_id = claimed.purchase_id
    ),
    'customer', (
      select jsonb_build_object(
        'stripe_customer_id', c.stripe_customer_id, 'user_id', c.user_id,
        'user_made_by_us', c.user_made_by_us, 'wrote_name', c.wrote_name,
        'is_shared', exists (
          select from licensing.customers o
          where o.user_id = c.user_id and o.stripe_customer_id <> c.stripe_customer_id
        )
      )
      from licensing.customers c where c.stripe_customer_id = claimed.customer_id
    ),
    'has_plans', exists (select from licensing.plans),
    'plans', (
      -- Whatever the state calls them, ids of prices and products are told by their prefix.
      select coalesce(jsonb_agg(to_jsonb(r)), '[]') from licensing.plans r
      where r.stripe_id in (
        select v #>> '{}'
        from jsonb_path_query(claimed.state, 'strict $.** ? (@.type() == "string")') v
      )
    )
  );
end
$function$;
comment on function licensing.describe_claim(licensing.purchases,boolean,timestamp with time zone) is 'A claimed purchase as the function gets it: what is known, what is to settle, whose it is, what is sold.';
grant execute on function licensing.describe_claim(licensing.purchases,boolean,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.describe_replay(ids text[])
 RETURNS TABLE(event_id text, received_at timestamp with time zone, event_type text, status text, purchase_id text, result text)
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select e.event_id, e.received_at, e.event_type, e.status, coalesce(p.joined_to, e.purchase_id),
    case
      when e.purchase_id is null and e.payload is null then 'resend'
      when e.held then 'held'
      when e.status = 'pending' then 'pending'
      else 'replayed'
    end
  from licensing.stripe_events e
  left join licensing.purchases p on p.purchase_id = e.purchase_id
  where e.event_id = any (ids)
$function$;
comment on function licensing.describe_replay(text[]) is 'What asking for each of these events again comes to. replayed: it becomes pending; pending: it is so already; held: a rehearsal keeps it; resend: it was never read and its payload is gone.';
grant execute on function licensing.describe_replay(text[]) to service_role;

CREATE OR REPLACE FUNCTION licensing.erase_customer(customer text, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.erase_customer(text,timestamp with time zone) is 'Erases names and e-mail of a customer from all its purchases and from the link to its Cryptlex user, and the payloads of all its events. The link itself stays, and licenses.';
grant execute on function licensing.erase_customer(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.erased_state_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.state := (
    select jsonb_agg(s.fact || '{"email": null, "name": null, "company": null}' order by s.n)
    from jsonb_array_elements(new.state) with ordinality as s (fact, n)
  );
  return new;
end
$function$;
comment on function licensing.erased_state_changed() is 'Keeps e-mail and names out of an erased purchase, whoever still writes them: a worker may have read them before.';
-- no grants on function licensing.erased_state_changed()

CREATE OR REPLACE FUNCTION licensing.explain_events(ids text[], named text, most integer)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with told as (
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.purchase_id = any (ids)
    union
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.about_purchase_id = any (ids)
    union
    select e.event_id, e.status, e.received_at from licensing.stripe_events e
    where e.event_id = named
  ), newest as (
    -- What is not settled says what is wrong, however much came since.
    select t.event_id from told t
    order by t.status in ('pending', 'parked') desc, t.received_at desc, t.event_id desc
    limit most
  )
  select jsonb_build_object(
    'total', (select count(*) from told),
    'rows', coalesce(jsonb_agg(jsonb_build_object(
      'event_id', e.event_id, 'event_type', e.event_type, 'status', e.status,
      'outcome', e.outcome, 'last_error', e.last_error, 'attempts', e.attempts,
      'next_attempt_at', e.next_attempt_at, 'held', e.held, 'livemode', e.livemode,
      'is_read', e.purchase_id is not null, 'has_payload', e.payload is not null,
      'event_created_at', e.event_created_at, 'received_at', e.received_at,
      'status_since', e.status_since, 'settled_at', e.settled_at
    ) order by e.received_at, e.event_id), '[]')
  )
  from newest n join licensing.stripe_events e using (event_id)
$function$;
comment on function licensing.explain_events(text[],text,integer) is 'The newest events of these purchases, those that are not settled before all, and one named besides: without their payloads, in the order of time, and how many there are in all.';
grant execute on function licensing.explain_events(text[],text,integer) to service_role;

CREATE OR REPLACE FUNCTION licensing.explain_purchase(root text, named text, most integer, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with member as (
    select p.* from licensing.purchases p where p.purchase_id = root
    union all
    select p.* from licensing.purchases p where p.joined_to = root
  ), newest as (
    select a.* from licensing.license_actions a
    where a.purchase_id = any (array(select m.purchase_id from member m))
    order by a.action_id desc limit most
  )
  select jsonb_build_object(
    'claim', public.preview_replay(
      jsonb_build_object('purchase_ids', jsonb_build_array(root))::text, at
    ) #> '{claims,0}',
    'customer_id', max(m.customer_id),
    'created_at', min(m.created_at),
    'must_read', bool_or(m.must_read),
    'attempts', max(m.attempts),
    'last_error', max(m.last_error),
    'next_attempt_at', max(m.next_attempt_at),
    'not_before', max(m.not_before),
    'lease_until', max(m.lease_until),
    'look_again_at', min(m.look_again_at),
    'events', licensing.explain_events(array_agg(m.purchase_id), named, most),
    'actions', jsonb_build_object(
      'total', (
        select count(*) from licensing.license_actions a
        where a.purchase_id = any (array_agg(m.purchase_id))
      ),
      'rows', (
        select coalesce(jsonb_agg(to_jsonb(n) - 'purchase_id' order by n.action_id), '[]')
        from newest n
      )
    )
  )
  from member m
$function$;
comment on function licensing.explain_purchase(text,text,integer,timestamp with time zone) is 'All that is known of a purchase and what is joined to it: claim, as a claim after a replay would describe it, and no claim; the newest events and calls; and what keeps it from being worked on.';
grant execute on function licensing.explain_purchase(text,text,integer,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.find_purchases(named text, address text)
 RETURNS SETOF text
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
begin
  if named is not null then
    return query
    select coalesce(p.joined_to, p.purchase_id)
    from licensing.purchases p
    where p.purchase_id = licensing.root_of(array[coalesce((
      select coalesce(e.purchase_id, e.about_purchase_id)
      from licensing.stripe_events e where e.event_id = named
    ), named)])
    union
    select licensing.purchases_of(named, false);
  else
    return query
    with holders as materialized (
      select p.purchase_id, p.joined_to from licensing.purchases p
      where exists (
        select from jsonb_array_elements(p.state) s
        where lower(s #>> '{email,value}') = lower(address)
      )
    )
    select coalesce(h.joined_to, h.purchase_id) from holders h
    union
    select b.purchase_id
    from holders h cross join lateral licensing.purchases_of(h.purchase_id, false) b (purchase_id);
  end if;
end
$function$;
comment on function licensing.find_purchases(text,text) is 'The purchases, by their best ids, that a Stripe id leads to: its own, its event''s, its customer''s. By e-mail, in any case: those whose state holds the address, and those of customers whose does; this reads the state of every purchase.';
grant execute on function licensing.find_purchases(text,text) to service_role;

CREATE OR REPLACE FUNCTION licensing.half_for(held licensing.cryptlex_limit, kind text, calls integer, rate jsonb, at timestamp with time zone, OUT half text, OUT fresh numeric, OUT older numeric, OUT low_cap numeric, OUT low_since timestamp with time zone)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
declare
  here record := licensing.calls_left(held, rate, at);
begin
  fresh := here.fresh;
  older := here.older;
  low_cap := here.low_cap;
  low_since := here.low_since;
  half := case
    when held.paused_until > at then null
    when kind = 'older' and here.older >= here.enough then 'older'
    when kind = 'older' and here.fresh >= here.borrowed_from then 'fresh'
    when kind = 'sale' and here.fresh >= least(calls, here.cap) then 'fresh'
    -- Half of the fresh half is kept for buyers.
    when kind = 'fresh' and here.fresh >= least(calls + here.cap / 2, here.cap) then 'fresh'
    when kind <> 'older' and here.older >= here.enough + calls then 'older'
  end;
end
$function$;
comment on function licensing.half_for(licensing.cryptlex_limit,text,integer,jsonb,timestamp with time zone) is 'Which half has so many calls for a sale, for other fresh work or for older work, null: neither, or there is a pause; and what both hold.';
grant execute on function licensing.half_for(licensing.cryptlex_limit,text,integer,jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.is_erased(customer text, erases boolean, wakes boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.is_erased(text,boolean,boolean) is 'Whether this customer is erased, or is to be by what is being recorded; holds up those that go over all its purchases, or, as one of them, all that is recorded of it, to the end of the transaction.';
grant execute on function licensing.is_erased(text,boolean,boolean) to service_role;

CREATE OR REPLACE FUNCTION licensing.join_members(target text, at timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.join_members(text,timestamp with time zone) is 'Moves what the purchases joined to this one have over to it, and leaves them empty. They must be locked.';
grant execute on function licensing.join_members(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.knows_email(states jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  return exists (
    select from jsonb_array_elements(states) s where s #>> '{email,value}' is not null
  );
end
$function$;
comment on function licensing.knows_email(jsonb) is 'Whether one of these states knows the buyer''s e-mail.';
grant execute on function licensing.knows_email(jsonb) to service_role;

CREATE OR REPLACE FUNCTION licensing.late_events(at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with late as (
    select e.* from licensing.stripe_events e
    where e.status = 'pending' and not e.held
      and e.received_at <= at - interval '1 hour'
      -- One that was asked for again waits since then.
      and (e.status_since is null or e.status_since <= at - interval '1 hour')
  )
  select jsonb_build_object(
    'count', (select count(*) from late),
    'since', coalesce(l.status_since, l.received_at),
    'oldest', jsonb_build_object(
      'event_id', l.event_id, 'event_type', l.event_type,
      'purchase_id', l.purchase_id, 'last_error', l.last_error
    )
  )
  from late l order by l.received_at limit 1
$function$;
comment on function licensing.late_events(timestamp with time zone) is 'The events that wait for over an hour: how many, and the oldest; null: none. Rehearsed ones do not wait.';
grant execute on function licensing.late_events(timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.link_ids(ids text[])
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  best text := (select id from unnest(ids) id order by licensing.link_rank(id) desc, id limit 1);
  roots text[];
  made integer;
begin
  -- Every id has a row: what two events share is where they queue up.
  insert into licensing.purchase_links (stripe_id, purchase_id)
  select id, best from unnest(ids) as id order by id
  on conflict (stripe_id) do nothing;
  get diagnostics made = row_count;
  if made = cardinality(ids) then
    -- All are new, and whoever has one of them too waits for the rows just written.
    return best;
  end if;

  -- Mostly all lead to the best of them already: whoever would lead it on must wait for its lock.
  -- Each looked up by its key: a plan kept from when there were few would read all links.
  if not exists (
    select from unnest(ids) as id where (
      select l.purchase_id from licensing.purchase_links l where l.stripe_id = id
    ) <> best
  ) then
    begin
      perform from licensing.purchase_links l
      where l.stripe_id = best and l.purchase_id = best for update;
      if found then
        return best;
      end if;
      raise exception using errcode = 'LC001', message = 'led on meanwhile';
    exception when sqlstate 'LC001' then
      -- Its lock is let go, to be taken in its turn.
    end;
  end if;

  loop
    with recursive chain as (
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l where l.stripe_id = any (ids)
      union
      select l.stripe_id, l.purchase_id
      from licensing.purchase_links l join chain c on l.stripe_id = c.purchase_id
    )
    select array_agg(c.stripe_id order by licensing.link_rank(c.stripe_id) desc, c.stripe_id)
    into roots
    from chain c where c.stripe_id = c.purchase_id;

    perform from licensing.purchase_links l
    where l.stripe_id = any (ids || roots) order by l.stripe_id for update;

    -- Somebody may have led a root on while we waited for its lock.
    exit when not exists (
      select from licensing.purchase_links l
      where l.stripe_id = any (roots) and l.purchase_id <> l.stripe_id
    );
  end loop;

  update licensing.purchase_links l set purchase_id = roots[1]
  where l.stripe_id = any (ids || roots) and l.purchase_id <> roots[1];

  if cardinality(roots) > 1 then
    perform licensing.lock_purchases(roots);
    update licensing.purchases p set joined_to = roots[1]
    where (p.purchase_id = any (roots) or p.joined_to = any (roots)) and p.purchase_id <> roots[1];
  end if;
  return roots[1];
end
$function$;
comment on function licensing.link_ids(text[]) is 'Notes that these Stripe ids are one purchase; returns its best id. Purchases that prove to be one are joined at the next claim.';
grant execute on function licensing.link_ids(text[]) to service_role;

CREATE OR REPLACE FUNCTION licensing.link_rank(stripe_id text)
 RETURNS integer
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  return coalesce(
    array_position(array['cus', 'in', 'cs', 'pi', 'sub'], split_part(stripe_id, '_', 1)), 0
  );
end
$function$;
comment on function licensing.link_rank(text) is 'How good an id is for naming a purchase: sub_ before pi_ before cs_ before in_; 0: it names none.';
grant execute on function licensing.link_rank(text) to service_role;

CREATE OR REPLACE FUNCTION licensing.lock_free(root text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.lock_free(text) is 'Locks a purchase with all that is joined to it, in the order in which everybody does; false: another is at some of it.';
grant execute on function licensing.lock_free(text) to service_role;

CREATE OR REPLACE FUNCTION licensing.lock_purchases(roots text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  member text;
begin
  foreach member in array licensing.members_of(roots) loop
    perform from licensing.purchases p where p.purchase_id = member for update;
  end loop;
end
$function$;
comment on function licensing.lock_purchases(text[]) is 'Locks these purchases and what is joined to them; what is joined while it waits is not among them.';
grant execute on function licensing.lock_purchases(text[]) to service_role;

CREATE OR REPLACE FUNCTION licensing.lock_purchases_of(customer text, unsettled boolean)
 RETURNS text[]
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.lock_purchases_of(text,boolean) is 'Locks the purchases of a customer, with what is joined to them, and returns them.';
grant execute on function licensing.lock_purchases_of(text,boolean) to service_role;

CREATE OR REPLACE FUNCTION licensing.lock_root(member text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  root text;
  members text[];
begin
  loop
    root := (
      select coalesce(p.joined_to, p.purchase_id) from licensing.purchases p
      where p.purchase_id = member
    );
    members := licensing.members_of(array[root]);
    begin
      perform licensing.lock_purchases(array[root]);
      exit when members = licensing.members_of(array[root]) and root is not distinct from (
        select coalesce(p.joined_to, p.purchase_id) from licensing.purchases p
        where p.purchase_id = member
      );
      raise exception using errcode = 'LC001', message = 'joined meanwhile';
    exception when sqlstate 'LC001' then
      -- Its locks are let go, to be taken in their order.
    end;
  end loop;
  return root;
end
$function$;
comment on function licensing.lock_root(text) is 'Locks the purchase that this one is part of, with all that is joined to it, and returns it; null: there is none.';
grant execute on function licensing.lock_root(text) to service_role;

CREATE OR REPLACE FUNCTION licensing.members_of(roots text[])
 RETURNS text[]
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  -- Each found by its index: a plan kept from when there were few would read all purchases.
  return array(
    select m.purchase_id from (
      select unnest(roots) as purchase_id
      union
      select j.purchase_id from unnest(roots) as root cross join lateral (
        select p.purchase_id from licensing.purchases p where p.joined_to = root offset 0
      ) j
    ) m
    order by licensing.link_rank(m.purchase_id), m.purchase_id
  );
end
$function$;
comment on function licensing.members_of(text[]) is 'These purchases and what is joined to them, lesser ids first: everybody locks in this order, so nobody waits in a circle.';
grant execute on function licensing.members_of(text[]) to service_role;

CREATE OR REPLACE FUNCTION licensing.note_alert()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if new.status = 'parked' then
    insert into licensing.alerts (event_id) values (new.event_id);
  else
    delete from licensing.alerts a where a.event_id = new.event_id;
  end if;
  return null;
end
$function$;
comment on function licensing.note_alert() is 'A newly parked event is to be told of, also one that parks once more; one that no longer is parked is not.';
-- no grants on function licensing.note_alert()

CREATE OR REPLACE FUNCTION licensing.note_status_since()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.status_since := case when new.status in ('pending', 'parked') then now() end;
  return new;
end
$function$;
comment on function licensing.note_status_since() is 'Notes since when an event is parked, or pending once more.';
-- no grants on function licensing.note_status_since()

CREATE OR REPLACE FUNCTION licensing.note_stripe_read(result text, at timestamp with time zone)
 RETURNS void
 LANGUAGE sql
 STRICT
 SET search_path TO ''
AS $function$
  -- Only what changes is written: nobody waits here for anybody while all goes well.
  update licensing.stripe_access s set
    refused_since = case result
      when 'refused' then coalesce(s.refused_since, at)
      when 'not_found' then s.refused_since
    end,
    not_found_since = case result
      when 'not_found' then coalesce(s.not_found_since, at)
      when 'refused' then s.not_found_since
    end
  where result = 'refused' and s.refused_since is null
    or result = 'not_found' and s.not_found_since is null
    or result = 'found' and (s.refused_since is not null or s.not_found_since is not null)
$function$;
comment on function licensing.note_stripe_read(text,timestamp with time zone) is 'Notes what came of a read of Stripe: found, not_found or refused; null: there was none.';
grant execute on function licensing.note_stripe_read(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.post_drain(at timestamp with time zone DEFAULT now())
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  here licensing.schedule;
begin
  select * into here from licensing.schedule;
  if here.function_url is null
    or exists (select from licensing.cryptlex_limit l where l.paused_until > at)
  then
    return null;
  end if;
  if not exists (
    select from licensing.waiting w
    where w.due_at <= at and not (
      (w.held or w.looks_again)
      -- It may be off by now: whoever is posted to says so anew.
      and here.rehearsal and here.told_at > at - interval '10 minutes'
    )
  ) and not exists (
    -- What could not be read is read again.
    select from licensing.stripe_events e
    where e.status = 'pending' and e.purchase_id is null and e.payload is not null
  ) and not licensing.alert_is_due(at) then
    return null;
  end if;
  -- While pg_net waits for an answer it sends nobody else's requests, so it is not to wait for the
  -- drain's end: the function goes on without a listener.
  return net.http_post(
    url := rtrim(here.function_url, '/') || '/drain',
    body := '{}',
    headers := jsonb_build_object(
      'Content-Type', 'application/json', 'Authorization', 'Bearer ' || here.drain_secret
    ),
    timeout_milliseconds := 5000
  );
end
$function$;
comment on function licensing.post_drain(timestamp with time zone) is 'Has the function work off what is due; the id of the request (see net._http_response), null if nothing is due or the function''s URL is not known.';
-- no grants on function licensing.post_drain(timestamp with time zone)

CREATE OR REPLACE FUNCTION licensing.prune(at timestamp with time zone DEFAULT now(), batch integer DEFAULT 10000)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  keep licensing.retention;
  payloads integer;
  events integer;
  actions integer;
begin
  select * into strict keep from licensing.retention;

  with old as (
    select e.event_id from licensing.stripe_events e
    where e.payload is not null and e.settled_at < at - keep.payload_days * interval '1 day'
    order by e.settled_at limit batch for update skip locked
  )
  update licensing.stripe_events e set payload = null from old where e.event_id = old.event_id;
  get diagnostics payloads = row_count;

  with old as (
    select e.event_id from licensing.stripe_events e
    where e.payload is null and e.settled_at < at - keep.settled_days * interval '1 day'
    order by e.settled_at limit batch for update skip locked
  )
  delete from licensing.stripe_events e using old where e.event_id = old.event_id;
  get diagnostics events = row_count;

  -- Their ids are in the order of time: the oldest are found without an index of their own.
  with old as (
    select a.action_id from licensing.license_actions a
    where a.acted_at < at - keep.settled_days * interval '1 day' and a.action_id in (
      select o.action_id from licensing.license_actions o order by o.action_id limit batch
    )
    for update skip locked
  )
  delete from licensing.license_actions a using old where a.action_id = old.action_id;
  get diagnostics actions = row_count;

  return jsonb_build_object(
    'payloads_cleared', payloads, 'events_deleted', events, 'actions_deleted', actions
  );
end
$function$;
comment on function licensing.prune(timestamp with time zone,integer) is 'Clears payloads and deletes settled events and calls that licensing.retention no longer keeps, at most a batch of each; waits for nobody. {"payloads_cleared": n, "events_deleted": n, "actions_deleted": n}';
-- no grants on function licensing.prune(timestamp with time zone,integer)

CREATE OR REPLACE FUNCTION licensing.prune_job_runs(at timestamp with time zone DEFAULT now())
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  delete from cron.job_run_details d
  where d.command like 'select licensing.%' and d.start_time < at - interval '3 days';
end
$function$;
comment on function licensing.prune_job_runs(timestamp with time zone) is 'Deletes what pg_cron noted of our jobs'' runs more than three days ago; it would keep it for ever.';
-- no grants on function licensing.prune_job_runs(timestamp with time zone)

CREATE OR REPLACE FUNCTION licensing.purchases_of(customer text, unsettled boolean)
 RETURNS SETOF text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select distinct coalesce(p.joined_to, p.purchase_id)
  from licensing.purchases p
  where p.customer_id = customer and (not unsettled or exists (
    select from licensing.purchases m join licensing.stripe_events e using (purchase_id)
    where e.status in ('pending', 'parked')
      and coalesce(p.joined_to, p.purchase_id) in (m.purchase_id, m.joined_to)
  ))
$function$;
comment on function licensing.purchases_of(text,boolean) is 'The purchases of a customer by their best ids: all, or those with unsettled events.';
grant execute on function licensing.purchases_of(text,boolean) to service_role;

CREATE OR REPLACE FUNCTION licensing.record_event(doc jsonb, at timestamp with time zone)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  event jsonb := doc -> 'event';
  ids text[] := array(select jsonb_array_elements_text(doc -> 'stripe_ids'));
  customer text := coalesce(event ->> 'customer_id', doc ->> 'customer_id');
  has_facts boolean := doc ->> 'status' = 'pending';
  erases boolean := coalesce((doc #>> '{facts,erased}')::boolean, false);
  -- A customer that has an e-mail: its purchases may have waited for it.
  wakes boolean := ids = array[customer] and doc #>> '{facts,email,value}' is not null;
  erased boolean;
  target text;
begin
  if exists (
    select from licensing.stripe_events e
    where e.event_id = event ->> 'event_id'
      and (e.purchase_id is not null or (e.status <> 'pending' and e.payload is not null))
  ) then
    return jsonb_build_object('recorded', 'duplicate', 'target', null);
  end if;

  erased := licensing.is_erased(customer, erases, wakes);
  if has_facts and cardinality(ids) > 0 then
    target := licensing.link_ids(ids);
    -- Before its event, as a settle does.
    perform licensing.lock_purchases(array[target]);
  end if;
  if erases then
    perform licensing.erase_customer(customer, at);
  end if;
  if wakes and not erased then
    perform licensing.wake_purchases_of(customer);
  end if;

  -- An event that was not read comes again: pending, as it is replayed; without its payload, as
  -- Stripe was asked to send it once more.
  insert into licensing.stripe_events as e (
    event_id, status, event_type, outcome, last_error, purchase_id, about_purchase_id, customer_id, livemode,
    opens_sale, api_version, event_created_at, received_at, settled_at, payload
  )
  select
    event ->> 'event_id', doc ->> 'status', event ->> 'event_type', doc ->> 'outcome',
    doc ->> 'last_error', target, case when target is null then licensing.root_of(ids) end,
    customer, (event ->> 'livemode')::boolean,
    (doc ->> 'opens_sale')::boolean, event ->> 'api_version',
    (event ->> 'event_created_at')::timestamptz, at,
    case when doc ->> 'status' = 'ignored' then at end,
    case when not erased then event -> 'payload' end
  on conflict (event_id) do update set
    status = excluded.status, outcome = excluded.outcome, last_error = excluded.last_error,
    purchase_id = excluded.purchase_id, about_purchase_id = excluded.about_purchase_id,
    customer_id = excluded.customer_id,
    opens_sale = excluded.opens_sale,
    settled_at = excluded.settled_at, attempts = e.attempts + 1,
    payload = case when not erased then coalesce(e.payload, excluded.payload) end
  where e.purchase_id is null and (e.status = 'pending' or e.payload is null);
  if not found then
    return jsonb_build_object('recorded', 'duplicate', 'target', null);
  end if;

  if target is null then
    -- Ignored, or parked until it can be read.
    return jsonb_build_object('recorded', 'new', 'target', null);
  end if;

  insert into licensing.purchases as p (purchase_id, state, customer_id, created_at, updated_at)
  values (
    target, jsonb_build_array(doc -> 'facts' || jsonb_build_object('erased', erased)),
    doc ->> 'customer_id', at, at
  )
  on conflict (purchase_id) do update set
    state = p.state || excluded.state,
    customer_id = coalesce(excluded.customer_id, p.customer_id),
    -- Cannot it be claimed now, it is due as soon as it can.
    next_attempt_at = null,
    updated_at = at
  returning p.state @> '[{"erased": true}]' into erased;
  if erased then
    -- An erased purchase keeps no payload, of events that name no customer neither.
    update licensing.stripe_events e set payload = null
    where e.event_id = event ->> 'event_id' and e.payload is not null;
  end if;
  return jsonb_build_object('recorded', 'new', 'target', target);
end
$function$;
comment on function licensing.record_event(jsonb,timestamp with time zone) is 'Writes an event down, and what it says of its purchase. {"recorded": "new" | "duplicate", "target": that purchase, null if it is a duplicate or belongs to none}';
grant execute on function licensing.record_event(jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.refilled(fresh numeric, older numeric, cap numeric, gained numeric, OUT now_fresh numeric, OUT now_older numeric)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO ''
AS $function$
begin
  -- What one half cannot hold any more goes to the other.
  -- A millionth of a call is lost each time, and no number grows longer and longer.
  now_fresh := trunc(least(cap, fresh + gained + greatest(0, older + gained - cap)), 6);
  now_older := trunc(least(cap, older + gained + greatest(0, fresh + gained - cap)), 6);
end
$function$;
comment on function licensing.refilled(numeric,numeric,numeric,numeric) is 'Both halves after each gained as many calls; neither holds more than cap.';
grant execute on function licensing.refilled(numeric,numeric,numeric,numeric) to service_role;

CREATE OR REPLACE FUNCTION licensing.root_of(ids text[])
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  with recursive chain as (
    select unnest(ids) as stripe_id
    union
    select l.purchase_id
    from licensing.purchase_links l join chain c using (stripe_id)
  )
  select c.stripe_id from chain c
  order by licensing.link_rank(c.stripe_id) desc, c.stripe_id limit 1
$function$;
comment on function licensing.root_of(text[]) is 'The best id these Stripe ids lead to, as far as is known; nothing is noted or locked.';
grant execute on function licensing.root_of(text[]) to service_role;

CREATE OR REPLACE FUNCTION licensing.schedule_job(name text, schedule text, command text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  perform cron.schedule(name, schedule, command);
  return schedule;
exception when others then
  if schedule like '% seconds' then
    -- Before pg_cron 1.5 a minute is the shortest.
    return licensing.schedule_job(name, '* * * * *', command);
  end if;
  return 'not scheduled: ' || sqlerrm;
end
$function$;
comment on function licensing.schedule_job(text,text,text) is 'Schedules a job of pg_cron, or changes the one of that name; returns when it runs, or why it does not.';
-- no grants on function licensing.schedule_job(text,text,text)

CREATE OR REPLACE FUNCTION licensing.schedule_jobs()
 RETURNS SETOF text
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  extension record;
begin
  for extension in
    select a.name, wanted.schema_name
    from (values ('pg_cron', 'pg_catalog'), ('pg_net', 'extensions')) wanted (name, schema_name)
    join pg_available_extensions a using (name)
  loop
    begin
      execute format(
        'create extension if not exists %I with schema %I', extension.name, extension.schema_name
      );
    exception when others then
      raise warning '% is available and cannot be created: %', extension.name, sqlerrm;
    end;
  end loop;

  return query
  select format('%s: %s', job.name, case
    when to_regnamespace(job.needs_schema) is null
      then format('not scheduled: there is no schema %s', job.needs_schema)
    else licensing.schedule_job(job.name, job.schedule, job.command)
  end)
  from (values
    ('stripe-cryptlex-drain', '15 seconds', 'select licensing.post_drain()', 'net'),
    ('stripe-cryptlex-prune-job-runs', '17 3 * * *', 'select licensing.prune_job_runs()', 'cron'),
    ('stripe-cryptlex-prune', '43 * * * *', 'select licensing.prune()', 'cron')
  ) job (name, schedule, command, needs_schema);
end
$function$;
comment on function licensing.schedule_jobs() is 'Schedules all that runs by itself, where pg_cron and pg_net are to be had; returns what became of each job. Run it again after enabling them later: no job is there twice.';
-- no grants on function licensing.schedule_jobs()

CREATE OR REPLACE FUNCTION licensing.schedule_state(at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  has_cron boolean := to_regclass('cron.job') is not null;
  has_net boolean := to_regclass('net._http_response') is not null;
  jobs jsonb;
  answers jsonb;
begin
  begin
    if has_cron then
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', j.jobname,
        'schedule', j.schedule,
        'active', j.active,
        'last_run_at', r.start_time,
        'last_status', r.status
      ) order by j.jobname), '[]') into jobs
      from cron.job j
      left join lateral (
        select d.start_time, d.status from cron.job_run_details d
        where d.jobid = j.jobid order by d.runid desc limit 1
      ) r on true
      where j.jobname like 'stripe-cryptlex-%';
    end if;
    if has_net then
      select coalesce(jsonb_agg(to_jsonb(a) order by a.created desc), '[]') into answers
      from (
        select a.created, a.status_code, coalesce(a.timed_out, false) as timed_out,
          coalesce(a.content like '{"settled":%', false) as is_drain
        from net._http_response a
        where a.created > at - interval '1 hour'
        order by a.created desc limit 20
      ) a;
    end if;
  exception when insufficient_privilege or undefined_table or undefined_column then
    -- Another version than we know: what cannot be looked at is not told.
    null;
  end;
  return jsonb_build_object(
    'has_cron', has_cron, 'has_net', has_net, 'jobs', jobs, 'answers', answers
  );
end
$function$;
comment on function licensing.schedule_state(timestamp with time zone) is 'Whether pg_cron and pg_net are there, our jobs with their last runs, and how the requests of the last hour were answered (is_drain: as a drain answers); null: it cannot be looked at.';
grant execute on function licensing.schedule_state(timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.sold_in_session(session text, at timestamp with time zone, OUT state text, OUT license_ids text[], OUT retry_seconds numeric)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  root text := licensing.root_of(array[session]);
  members licensing.purchases[];
  sold_at timestamptz;
  is_dead boolean;
  is_parked boolean;
  is_busy boolean;
begin
  state := 'unknown';
  license_ids := '{}';
  select array_agg(p) into members
  from licensing.purchases p where p.purchase_id = root or p.joined_to = root;

  if not exists (
    select from unnest(members) m, jsonb_array_elements(m.state) s
    where s #>> array['sessions', session, 'payment'] = 'paid'
  ) then
    return;
  end if;

  -- A state's own stamps move when Stripe is read again; when an event happened does not.
  select
    max(e.event_created_at) filter (
      where e.event_type in
        ('checkout.session.completed', 'checkout.session.async_payment_succeeded')
    ),
    -- What came of it last counts: a session that waits for its invoice is applied, too.
    (array_agg(e.status order by e.settled_at desc nulls first))[1] = 'ignored',
    bool_or(e.status = 'parked'), bool_or(e.status = 'pending')
  into sold_at, is_dead, is_parked, is_busy
  from licensing.stripe_events e join unnest(members) m using (purchase_id);
  if sold_at is null or sold_at + interval '1 day' <= at then
    return;
  end if;

  license_ids := array(
    select l.license_id from licensing.licenses l join unnest(members) m using (purchase_id)
    where l.ended_at is null and l.gone_at is null and not l.revoked and not l.suspended
    order by l.created_at, l.slot, l.license_id
  );
  is_busy := is_busy or exists (select from unnest(members) m where m.lease_until > at);
  state := case
    when is_busy then 'making'
    when cardinality(license_ids) > 0 then 'ready'
    -- All that there was is ended, suspended or gone; or nothing maps it to a license.
    when is_dead or exists (
      select from licensing.licenses l join unnest(members) m using (purchase_id)
    ) then 'unknown'
    -- A person is needed, or the invoice that says what was bought.
    else 'making'
  end;
  retry_seconds := case when state = 'making' then least(60, greatest(
    case when is_parked and not is_busy then 60 else 2 end,
    (select extract(epoch from max(greatest(m.next_attempt_at, m.not_before)) - at)
      from unnest(members) m)
  )) end;
end
$function$;
comment on function licensing.sold_in_session(text,timestamp with time zone) is 'What a checkout session sold, if it is paid and its sale less than a day old. unknown: no such session, or nothing to show of it; making: not everything is settled; ready: license_ids are all there is. Changes and locks nothing.';
grant execute on function licensing.sold_in_session(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.stripe_event_status_changed()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if new.status in ('applied', 'ignored') then
    new.settled_at := coalesce(new.settled_at, now());
  else
    new.settled_at := null;
  end if;
  if new.status <> 'pending' then
    new.held := false;
    new.next_attempt_at := null;
  elsif old.status <> 'pending' then
    -- A replay: due at once, and whoever takes it reads Cryptlex first.
    new.next_attempt_at := null;
    update licensing.purchases p set
      must_read = true, replays = p.replays + 1, next_attempt_at = null
    where p.purchase_id = new.purchase_id or p.purchase_id = (
      select o.joined_to from licensing.purchases o where o.purchase_id = new.purchase_id
    );
  end if;
  return new;
end
$function$;
comment on function licensing.stripe_event_status_changed() is 'Lets a person change status in the table viewer: the other columns follow, and pending means replay.';
-- no grants on function licensing.stripe_event_status_changed()

CREATE OR REPLACE FUNCTION licensing.try_claim(target text, is_fresh boolean, doc jsonb, at timestamp with time zone, OUT claim jsonb, OUT out_of_calls boolean)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  out_of_calls := false;
  claim := licensing.claim(target, is_fresh, doc, at);
exception when sqlstate 'LC002' then
  -- Nothing was changed, and nothing is locked but the purchase.
  out_of_calls := true;
when others then
  -- Whatever is wrong with it is its own: what was recorded or settled stays so, and others go on.
  update licensing.purchases p set
    attempts = p.attempts + 1,
    next_attempt_at = at + least(5 * 2 ^ least(p.attempts, 10), 3600) * interval '1 second',
    -- What is wrong with data is said by quoting it, and that may be somebody's name.
    last_error = format('Cannot be claimed: %s', concat_ws(
      ' ', sqlstate, case when sqlstate not like '22%' then sqlerrm end
    ))
  where p.purchase_id = target or p.joined_to = target;
end
$function$;
comment on function licensing.try_claim(text,boolean,jsonb,timestamp with time zone) is 'The same, null and out_of_calls if Cryptlex may not be called now; but a purchase that cannot be claimed for an error of the database holds up nothing but itself: it waits for its back-off, and says why.';
grant execute on function licensing.try_claim(text,boolean,jsonb,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION licensing.wake_purchases_of(customer text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.wake_purchases_of(text) is 'Now that the e-mail of this customer is known, has parked events of its purchases that know none worked off again.';
grant execute on function licensing.wake_purchases_of(text) to service_role;

CREATE OR REPLACE FUNCTION licensing.with_buyer(states jsonb, customer text)
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
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
$function$;
comment on function licensing.with_buyer(jsonb,text) is 'These states and, if they know no e-mail, what the customer''s own say of the buyer, under its cus_ id.';
grant execute on function licensing.with_buyer(jsonb,text) to service_role;

CREATE OR REPLACE FUNCTION public.announce_function(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  update licensing.schedule s set
    function_url = coalesce(request::jsonb ->> 'function_url', s.function_url),
    rehearsal = coalesce((request::jsonb ->> 'rehearsal')::boolean, s.rehearsal),
    policy = coalesce(request::jsonb -> 'policy', s.policy),
    told_at = at
  returning jsonb_build_object('drain_secret_sha256', s.drain_secret_sha256)
$function$;
comment on function public.announce_function(text,timestamp with time zone) is 'The function says where it is, {"function_url": null} if it cannot, and whether it rehearses, by which policy it decides, {"policy": {…}}, and learns what opens it: {"drain_secret_sha256": hex}';
grant execute on function public.announce_function(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.claim_alert(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  message uuid := gen_random_uuid();
  turn licensing.alert_turn;
  late jsonb;
  parked integer;
begin
  -- Who waits here for another sees what that one has left.
  perform from licensing.alert_turn for update;
  late := licensing.late_events(at);
  update licensing.alert_turn t set
    asked_at = at,
    tells_late = t.tells_late and late is not null,
    late_told_at = case when late is not null then t.late_told_at end
  returning * into turn;
  if not licensing.alert_is_due(at) then
    return jsonb_build_object('alert', null);
  end if;
  if turn.late_told_at is not null then
    late := null;
  end if;

  -- Whoever has one of these locked is about to settle its event: nobody waits for anybody.
  update licensing.alerts a set token = message
  where a.event_id in (select f.event_id from licensing.alerts f for update skip locked);
  get diagnostics parked = row_count;
  if parked = 0 and late is null then
    return jsonb_build_object('alert', null);
  end if;

  -- A message that does not arrive is begun anew after the same pause.
  update licensing.alert_turn t set
    token = message, quiet_until = at + interval '5 minutes', tells_late = late is not null;
  return jsonb_build_object('alert', jsonb_build_object(
    'token', message,
    'late', late,
    'parked', parked,
    'events', (
      select coalesce(jsonb_agg(to_jsonb(first_few) - 'alert_id' order by first_few.alert_id), '[]')
      from (
        select a.alert_id, e.event_id, e.event_type, e.purchase_id, e.last_error
        from licensing.alerts a join licensing.stripe_events e using (event_id)
        where a.token = message order by a.alert_id limit 5
      ) first_few
    )
  ));
end
$function$;
comment on function public.claim_alert(text,timestamp with time zone) is 'What is to be told now, handed to one for five minutes: how many events were parked and the first few of them, and, once each time it comes to that, the events that wait for over an hour. {"alert": {"token", "parked", "events", "late"} | null}';
grant execute on function public.claim_alert(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.claim_due_purchase(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  doc jsonb := request::jsonb;
  except_ids text[] := array(select jsonb_array_elements_text(doc -> 'except'));
  claim jsonb;
begin
  if doc ? 'purchase_id' then
    select t.claim into claim
    from licensing.try_claim(licensing.lock_root(doc ->> 'purchase_id'), true, doc, at) t;
    return jsonb_build_object('claim', claim, 'wait_seconds', null, 'unread', null);
  end if;
  return licensing.claim_due(doc, except_ids, at) || jsonb_build_object('unread', (
    select e.payload from licensing.stripe_events e
    where e.status = 'pending' and e.purchase_id is null and e.payload is not null
      and e.event_id <> all (except_ids)
    order by e.received_at limit 1
  ));
end
$function$;
comment on function public.claim_due_purchase(text,timestamp with time zone) is 'Claims the purchase whose due event waits longest, or one to be looked at again; none of "except", purchases and events, or, as if its event came now, "purchase_id"; unread is the payload of an event to be read again. {"claim": …, "wait_seconds": …, "unread": …}';
grant execute on function public.claim_due_purchase(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.claim_license_keys(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  most_turns constant numeric := 30;
  turns_a_second constant numeric := 0.5;
  doc jsonb := request::jsonb;
  session text := doc ->> 'session_id';
  sold record;
  cost numeric;
  turns_left numeric;
  charged jsonb;
begin
  select * into sold from licensing.sold_in_session(session, at);
  -- Before anything is written: guessing fills no table and waits for nobody.
  if sold.state = 'unknown' then
    return jsonb_build_object('state', 'unknown');
  end if;

  cost := case sold.state when 'ready' then 10 else 1 end;
  insert into licensing.key_requests (session_id, turns, asked_at)
  values (session, most_turns, at) on conflict do nothing;
  if found then
    delete from licensing.key_requests r using (
      select o.session_id from licensing.key_requests o
      where o.asked_at < at - interval '2 days'
      order by o.asked_at limit 10 for update skip locked
    ) old
    where r.session_id = old.session_id;
  end if;
  -- Whoever asks many times at once gets one answer: the others do not queue up for it.
  select least(most_turns, r.turns
    + turns_a_second * greatest(0, extract(epoch from at - r.asked_at))) into turns_left
  from licensing.key_requests r where r.session_id = session for update skip locked;

  if turns_left is null or turns_left < cost then
    return jsonb_build_object(
      'state', 'making', 'retry_seconds', coalesce(ceil((cost - turns_left) / turns_a_second), 2)
    );
  end if;
  if sold.state = 'ready' then
    -- A hundred licenses are one call. Not as a sale: what is kept for sales stays theirs.
    charged := licensing.charge_calls(
      'fresh', ceil(cardinality(sold.license_ids) / 100.0)::integer, doc -> 'rate', at
    );
  end if;
  update licensing.key_requests r set
    turns = turns_left - case when charged is null then 1 else cost end,
    asked_at = greatest(at, r.asked_at)
  where r.session_id = session;
  if charged is null then
    return jsonb_build_object('state', 'making', 'retry_seconds', coalesce(sold.retry_seconds, 5));
  end if;
  return jsonb_build_object(
    'state', 'ready', 'license_ids', sold.license_ids, 'charged', charged
  );
end
$function$;
comment on function public.claim_license_keys(text,timestamp with time zone) is 'Which licenses the buyer of a checkout session may be shown the keys of now, with the calls to Cryptlex charged for it: {"state": "ready", "license_ids": […], "charged": …}; {"state": "making", "retry_seconds": n}, also when they ask too often or Cryptlex may not be called; {"state": "unknown"}, and then nothing was written.';
grant execute on function public.claim_license_keys(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.diagnose(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'now', clock_timestamp(),
    'function_url', s.function_url,
    'rehearsal', s.rehearsal,
    'policy', s.policy,
    'told_at', s.told_at,
    'schedule', licensing.schedule_state(at),
    'oldest_parked', (
      select min(coalesce(e.status_since, e.received_at)) from licensing.stripe_events e
      where e.status = 'parked'
    ),
    'modes', (
      select jsonb_build_object(
        'live', count(*) filter (where e.livemode),
        'test', count(*) filter (where not e.livemode)
      )
      from licensing.stripe_events e
      where e.received_at > at - interval '1 day'
        -- A set-up's own test event is no sign of what Stripe sends.
        and not starts_with(e.event_id, 'evt_setup_')
    ),
    'plans', (
      select coalesce(jsonb_agg(to_jsonb(p) order by p.stripe_id), '[]') from licensing.plans p
    )
  )
  from licensing.schedule s
$function$;
comment on function public.diagnose(text,timestamp with time zone) is 'What a check of the set-up looks at besides licensing_health: the clock, the schedule, of which mode the events that Stripe sent in the last day are, and the plans. Changes nothing.';
grant execute on function public.diagnose(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.explain_purchases(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  doc jsonb := request::jsonb;
  named text := doc ->> 'id';
  -- So many events and calls of each.
  most constant integer := 50;
  listed constant integer := 50;
  detailed constant integer := 20;
  found text[];
begin
  select array_agg(p.purchase_id order by p.purchase_id ~ '^cus_', p.created_at desc, p.purchase_id)
  into found
  from licensing.purchases p
  where p.purchase_id = any (array(select licensing.find_purchases(named, doc ->> 'email')));

  return jsonb_build_object(
    'asked_at', at,
    'total', coalesce(cardinality(found), 0),
    'purchases', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'purchase_id', p.purchase_id, 'created_at', p.created_at,
        'licenses', (
          select count(*) from licensing.licenses l
          where l.purchase_id = p.purchase_id and l.ended_at is null and l.gone_at is null
        ),
        'unsettled', (
          select count(*) from licensing.stripe_events e
          where e.purchase_id = p.purchase_id and e.status in ('pending', 'parked')
        )
      ) order by n.n), '[]')
      from unnest(found[:listed]) with ordinality n (purchase_id, n)
      join licensing.purchases p using (purchase_id)
    ),
    'details', (
      select coalesce(jsonb_agg(
        licensing.explain_purchase(n.purchase_id, named, most, at) order by n.n
      ), '[]')
      from unnest(found[:least((doc ->> 'details')::integer, detailed)])
        with ordinality n (purchase_id, n)
    ),
    -- What tells of no purchase that is known.
    'events', case when found is null and named is not null
      then licensing.explain_events(array[named, licensing.root_of(array[named])], named, most)
    end,
    'paused_until', (select l.paused_until from licensing.cryptlex_limit l),
    'token_refused_since', (select l.token_refused_since from licensing.cryptlex_limit l),
    'stripe_refused_since', (select s.refused_since from licensing.stripe_access s)
  );
end
$function$;
comment on function public.explain_purchases(text,timestamp with time zone) is 'What is known of the purchases of {"id": any Stripe id} or {"email": …}, newest first, customers last: 50 of them listed, {"details": n} of them, at most 20, in full, with their newest 50 events and calls. {"total": all there are, "purchases", "details", "events": what was told of an id that has no purchase, and what holds up everybody}. By id nothing else is read; by e-mail the states of all purchases are: for a person who asks, not for a program. Changes nothing.';
grant execute on function public.explain_purchases(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.licensing_health(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object(
    'pending', count(*) filter (where e.status = 'pending' and not e.held),
    'oldest_pending', min(e.received_at) filter (where e.status = 'pending' and not e.held),
    'retrying', count(*) filter (where e.status = 'pending' and e.attempts > 0 and not e.held),
    'held', count(*) filter (where e.held),
    'parked', count(*) filter (where e.status = 'parked'),
    'paused_until', (select l.paused_until from licensing.cryptlex_limit l where l.paused_until > at),
    'token_refused_since', (select l.token_refused_since from licensing.cryptlex_limit l),
    'stripe_refused_since', (select s.refused_since from licensing.stripe_access s),
    'stripe_not_found_since', (select s.not_found_since from licensing.stripe_access s)
  )
  from licensing.stripe_events e where e.status in ('pending', 'parked')
$function$;
comment on function public.licensing_health(text,timestamp with time zone) is 'How much waits, since when, how much needs a person, and whether Cryptlex and Stripe take our keys.';
grant execute on function public.licensing_health(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.list_customers(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.list_customers(text,timestamp with time zone) is 'Stripe customers and their Cryptlex users, 500 a call, by customer from "after" on. Changes nothing.';
grant execute on function public.list_customers(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.preview_purchases(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.preview_purchases(text,timestamp with time zone) is 'Each of these purchases (stripe_ids, customer_id, facts) as a claim would describe it once the facts are recorded, read first; nothing is recorded, locked or changed. {"purchases": [{"known_states": how many of the claim''s states are known here, "last_error", "claim", its token null}]} in their order';
grant execute on function public.preview_purchases(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.preview_replay(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select jsonb_build_object('claims', coalesce(jsonb_agg(
    licensing.describe_claim(
      jsonb_populate_record(p, jsonb_build_object(
        -- Nobody's lease: this is no claim.
        'lease_token', null,
        'must_read', true,
        'state', licensing.with_buyer(m.states, coalesce(p.customer_id, m.customer_id)),
        'customer_id', coalesce(p.customer_id, m.customer_id)
      )),
      coalesce(m.look_again_at <= at, false), at
    ) || jsonb_build_object('licenses', m.licenses)
    order by p.purchase_id
  ), '[]'))
  from licensing.purchases p
  -- As a claim would join them.
  cross join lateral (
    select
      jsonb_path_query_array(jsonb_agg(member.state), '$[*][*]') as states,
      max(member.customer_id) as customer_id,
      min(member.look_again_at) as look_again_at,
      (
        select coalesce(jsonb_agg(to_jsonb(l) order by l.created_at, l.license_id), '[]')
        from licensing.licenses l where l.purchase_id = any (array_agg(member.purchase_id))
      ) as licenses
    from licensing.purchases member
    where member.purchase_id = p.purchase_id or member.joined_to = p.purchase_id
  ) m
  where p.purchase_id in (select jsonb_array_elements_text(request::jsonb -> 'purchase_ids'))
    and p.joined_to is null
$function$;
comment on function public.preview_replay(text,timestamp with time zone) is 'The purchases as a claim after a replay would describe them, and no claim: nothing is taken, locked or changed. {"claims": […]}, their token null';
grant execute on function public.preview_replay(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.reconcile_purchase(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
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
$function$;
comment on function public.reconcile_purchase(text,timestamp with time zone) is 'Records what Stripe showed of a purchase, as an event of our own, and has it worked off once Cryptlex is read; recorded before, it is asked for again. remap: its licenses are mapped anew, as after a change of price. {"recorded": "new" | "duplicate", "purchase_id": …}';
grant execute on function public.reconcile_purchase(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.record_stripe_event(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  doc jsonb := request::jsonb;
  written jsonb := licensing.record_event(doc, at);
  claims boolean := coalesce((doc ->> 'claims')::boolean, true);
  claim jsonb;
begin
  if claims and written ->> 'target' is not null then
    select t.claim into claim from licensing.try_claim(written ->> 'target', true, doc, at) t;
  end if;
  return jsonb_build_object(
    'recorded', written -> 'recorded', 'claim', claim,
    'left', case when not claims then written -> 'target' end
  );
end
$function$;
comment on function public.record_stripe_event(text,timestamp with time zone) is 'Records a verified event and what it says of its purchase, and claims that purchase, or, if "claims" is false, names it; of one that is ignored or parked only which purchase it tells of. {"recorded": "new" | "duplicate", "claim": …, "left": the purchase}';
grant execute on function public.record_stripe_event(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.rehearsed_purchases(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 STABLE
 SET search_path TO ''
AS $function$
declare
  after_id text := request::jsonb ->> 'after';
  most constant integer := 100;
  total bigint;
  page text[];
  begun_at timestamptz;
begin
  select min(e.received_at) into begun_at
  from licensing.stripe_events e where e.status = 'pending' and e.held;

  select count(*), (array_agg(r.root order by r.root) filter (where r.root > coalesce(after_id, '')))[:most + 1]
  into total, page
  from (
    select distinct coalesce(p.joined_to, e.purchase_id) as root
    from licensing.stripe_events e
    left join licensing.purchases p on p.purchase_id = e.purchase_id
    where e.status = 'pending' and e.held and e.purchase_id is not null
  ) r;

  return jsonb_build_object(
    'begun_at', begun_at,
    'total', total,
    'claims', public.preview_replay(
      jsonb_build_object('purchase_ids', coalesce(page[:most], '{}'))::text, at
    ) -> 'claims',
    'next', case when cardinality(page) > most then page[most] end,
    -- Said on the first page alone.
    'unread', case when after_id is null then (
      select coalesce(jsonb_agg(to_jsonb(u) order by u.count desc, u.event_type, u.reason), '[]')
      from (
        select e.event_type, e.status, coalesce(e.last_error, e.outcome, '') as reason, count(*)
        from licensing.stripe_events e
        where e.purchase_id is null and e.status in ('parked', 'ignored')
          and e.received_at >= begun_at
        group by 1, 2, 3 order by count(*) desc, 1, 3 limit 50
      ) u
    ) else '[]' end
  );
end
$function$;
comment on function public.rehearsed_purchases(text,timestamp with time zone) is 'The purchases of which a rehearsal (RECORD_ONLY) holds events, as preview_replay describes them, 100 a call in the order of their ids: {"after": what "next" was}. {"begun_at": the longest held, "total": all of them, "claims", "next": null at the end, "unread": what came since and told of no purchase, by type and reason}. Changes nothing.';
grant execute on function public.rehearsed_purchases(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.replay_stripe_events(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  doc jsonb := request::jsonb;
  dry_run boolean := coalesce((doc ->> 'dry_run')::boolean, false);
  named text[] := array(select jsonb_array_elements_text(doc -> 'event_ids'));
  means_parked boolean := coalesce((doc ->> 'parked')::boolean, false);
  since timestamptz := (doc ->> 'since')::timestamptz;
  after_at timestamptz := doc #>> '{after,received_at}';
  after_id text := doc #>> '{after,event_id}';
  most constant integer := 500;
  total bigint;
  page text[];
  events jsonb;
begin
  select count(*), (array_agg(e.event_id order by e.received_at, e.event_id))[:most]
  into total, page
  from licensing.stripe_events e
  where (
    e.event_id = any (named) or (means_parked and e.status = 'parked') or e.received_at >= since
  ) and (after_id is null or (e.received_at, e.event_id) > (after_at, after_id));

  if not dry_run then
    -- Purchases before their events, as a settle does. What is pending by now is left to others.
    perform licensing.lock_purchases(array(
      select r.purchase_id from licensing.describe_replay(page) r
    ));
    perform from licensing.stripe_events e
    where e.event_id = any (page) and e.status <> 'pending' order by e.event_id for update;
  end if;

  select coalesce(jsonb_agg(to_jsonb(r) order by r.received_at, r.event_id), '[]') into events
  from licensing.describe_replay(page) r;

  if not dry_run then
    update licensing.stripe_events e set status = 'pending'
    from jsonb_to_recordset(events) as r (event_id text, result text)
    where e.event_id = r.event_id and r.result = 'replayed';
  end if;

  return jsonb_build_object(
    'total', total,
    'events', events,
    'not_found', array(
      select distinct id from unnest(named) id
      where not exists (select from licensing.stripe_events e where e.event_id = id)
    ),
    'next', case when total > most then events -> -1 end
  );
end
$function$;
comment on function public.replay_stripe_events(text,timestamp with time zone) is 'Sets events (event_ids, or all parked, or those received since) back to pending, as a person does in the table viewer, 500 a call from the longest received; with dry_run it only says what it would do. {"total": these and those of later calls, "events": these, each with its status before and its result, "not_found": ids, "next": what to send as "after", null at the end}';
grant execute on function public.replay_stripe_events(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.settle_alert(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  message uuid := (request::jsonb ->> 'token')::uuid;
  told integer;
begin
  -- One that is locked is being settled: should that fail, it is told of once more.
  delete from licensing.alerts a
  where a.event_id in (
    select s.event_id from licensing.alerts s where s.token = message for update skip locked
  );
  get diagnostics told = row_count;
  update licensing.alert_turn t set tells_late = false, late_told_at = at
  where t.token = message and t.tells_late;
  return jsonb_build_object('told', told);
end
$function$;
comment on function public.settle_alert(text,timestamp with time zone) is 'Notes that the message with this token arrived. {"told": how many parked events are told of by it}';
grant execute on function public.settle_alert(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.settle_license_keys(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
declare
  doc jsonb := request::jsonb;
begin
  perform licensing.correct_calls(
    doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
  );
  return '{"settled": true}';
end
$function$;
comment on function public.settle_license_keys(text,timestamp with time zone) is 'Notes that Cryptlex refused what claim_license_keys charged for: a pause for all workers, or a refused token. Nothing is told when all went well. {"settled": true}';
grant execute on function public.settle_license_keys(text,timestamp with time zone) to service_role;

CREATE OR REPLACE FUNCTION public.settle_purchase(request text, at timestamp with time zone DEFAULT now())
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO ''
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  doc jsonb := request::jsonb;
  ids text[] := array(select jsonb_array_elements_text(doc -> 'stripe_ids'));
  leased licensing.purchases;
  retry_at timestamptz := at + (doc ->> 'retry_seconds')::numeric * interval '1 second';
  claimed_at timestamptz;
  done record;
  refused text;
  is_woken boolean;
  has_news boolean;
  claim jsonb;
begin
  if cardinality(ids) > 0 then
    -- Links before purchases, as where an event is recorded. They are true whoever found them.
    insert into licensing.purchases (purchase_id, created_at, updated_at)
    values (licensing.link_ids(ids || array[doc ->> 'purchase_id']), at, at)
    on conflict (purchase_id) do nothing;
  end if;
  perform licensing.lock_root(doc ->> 'purchase_id');
  select * into leased from licensing.purchases p where p.purchase_id = doc ->> 'purchase_id';
  if leased.lease_token is distinct from (doc ->> 'token')::uuid then
    return jsonb_build_object('settled', false, 'claim', null, 'refused', null);
  end if;
  -- Two purchases may name one license in Cryptlex; here it stays the first one's, to change too.
  select format('license %s is recorded for purchase %s', l.license_id, l.purchase_id) into refused
  from jsonb_to_recordset(doc -> 'licenses')
    as s (license_id text, wrote_revoked boolean, writing jsonb)
  -- Looked up by its key: a plan kept from when there were few would read all of them.
  cross join lateral (
    select * from licensing.licenses o where o.license_id = s.license_id limit 1
  ) l
  where (s.wrote_revoked or s.writing is not null) and l.purchase_id <> leased.purchase_id
  order by l.license_id limit 1;
  if refused is not null then
    return jsonb_build_object('settled', false, 'claim', null, 'refused', refused);
  end if;
  claimed_at := leased.lease_until - (doc ->> 'lease_seconds')::numeric * interval '1 second';

  -- Its buyer had no e-mail, and has one by now: nobody else would take it up again.
  is_woken := doc @> '{"events": [{"status": "parked"}]}' and
    leased.state <> licensing.with_buyer(leased.state, leased.customer_id);
  -- One by one, by its key: joined at once, a plan kept from quiet times would read all that waits.
  for done in
    select * from jsonb_to_recordset(doc -> 'events')
      as s (event_id text, claimed_as text, status text, outcome text, last_error text)
    order by s.event_id
  loop
    update licensing.stripe_events e set
      status = case when done.status = 'parked' and is_woken then 'pending' else done.status end,
      outcome = coalesce(done.outcome, e.outcome),
      last_error = done.last_error,
      attempts = e.attempts + 1,
      next_attempt_at = case when done.status = 'pending' then retry_at end,
      held = done.status = 'pending' and (doc ->> 'rehearsal')::boolean,
      settled_at = case when done.status in ('applied', 'ignored') then at end
    where e.event_id = done.event_id and e.status in ('pending', 'parked')
      -- Claimed as parked and asked for again since: that is the next one's to answer.
      and (e.status = 'parked' or done.claimed_as is distinct from 'parked');
  end loop;

  insert into licensing.licenses as l
  select made.*
  from jsonb_array_elements(doc -> 'licenses') s, jsonb_populate_record(
    null::licensing.licenses,
    s || jsonb_build_object(
      'purchase_id', leased.purchase_id, 'created_at', at, 'updated_at', at
    )
  ) made
  on conflict (license_id) do update set
    slot = excluded.slot, origin = excluded.origin, user_id = excluded.user_id,
    license_expires_at = excluded.license_expires_at,
    wrote_expires_at = excluded.wrote_expires_at,
    perpetual = excluded.perpetual, subscription_interval = excluded.subscription_interval,
    revoked = excluded.revoked, wrote_revoked = excluded.wrote_revoked,
    suspended = excluded.suspended, wrote_suspended = excluded.wrote_suspended,
    allowed_activations = excluded.allowed_activations,
    wrote_allowed_activations = excluded.wrote_allowed_activations,
    allowed_floating_clients = excluded.allowed_floating_clients,
    wrote_allowed_floating_clients = excluded.wrote_allowed_floating_clients,
    entitlement_set_id = excluded.entitlement_set_id,
    wrote_entitlement_set_id = excluded.wrote_entitlement_set_id,
    writing = excluded.writing, ended_at = excluded.ended_at, gone_at = excluded.gone_at,
    cryptlex_product_id = excluded.cryptlex_product_id,
    license_template_id = excluded.license_template_id,
    seats = excluded.seats, activations_per_unit = excluded.activations_per_unit,
    mapped_by = excluded.mapped_by, stripe_item_id = excluded.stripe_item_id,
    covered_items = excluded.covered_items,
    -- Asked for during the lease, to be mapped anew is the next one's to do.
    stripe_price_id = case
      when l.stripe_price_id = 'remap' and leased.replays > (doc ->> 'replays')::integer
      then l.stripe_price_id else excluded.stripe_price_id end,
    stripe_product_id = excluded.stripe_product_id,
    updated_at = at
  where l.purchase_id = excluded.purchase_id;

  insert into licensing.customers as c (
    stripe_customer_id, user_id, user_made_by_us, wrote_name, created_at, updated_at
  )
  select
    s.stripe_customer_id, s.user_id, s.user_made_by_us,
    -- Its worker may have read the name before it was erased.
    case when (
      select p.state @> '[{"erased": true}]' from licensing.purchases p
      where p.purchase_id = s.stripe_customer_id
    ) is not true then s.wrote_name end,
    at, at
  from jsonb_to_recordset(doc -> 'customers')
    as s (stripe_customer_id text, user_id text, user_made_by_us boolean, wrote_name text)
  on conflict (stripe_customer_id) do update set
    user_id = excluded.user_id,
    -- Two purchases may race for one user: who loses finds what the winner made.
    user_made_by_us = excluded.user_made_by_us
      or (c.user_made_by_us and c.user_id = excluded.user_id),
    wrote_name = coalesce(
      excluded.wrote_name, case when c.user_id = excluded.user_id then c.wrote_name end
    ),
    updated_at = at;

  insert into licensing.license_actions (
    acted_at, action, license_id, purchase_id, status, ms, error, event_ids
  )
  select at, s.action, s.license_id, leased.purchase_id, s.status, s.ms, s.error, array(
    select x ->> 'event_id' from jsonb_array_elements(doc -> 'events') x
  )
  from jsonb_to_recordset(doc -> 'actions')
    as s (action text, license_id text, status integer, ms integer, error text);

  -- What came meanwhile, or was asked for again, found the purchase leased: it does not wait for the
  -- back-off of what came before it.
  has_news := exists (
    select from licensing.stripe_events e
    where e.purchase_id in (leased.purchase_id, leased.joined_to)
      and e.status = 'pending' and e.next_attempt_at is null
  );
  update licensing.purchases p set
    -- Facts that came since the claim stand behind the ones merged, and stay.
    state = jsonb_build_array(doc -> 'state') || coalesce((
      select jsonb_agg(s.fact order by s.n)
      from jsonb_array_elements(p.state) with ordinality as s (fact, n)
      where s.n > (doc ->> 'merged')::integer
    ), '[]'),
    -- Going on at once is no failure: one more part of the same attempt.
    attempts = case when retry_at is null then 0 when retry_at <= at then p.attempts
      else p.attempts + 1 end,
    next_attempt_at = case when not has_news then retry_at end,
    not_before = at + (doc ->> 'quiet_seconds')::numeric * interval '1 second',
    -- A replay asked for during the lease is not forgotten with it.
    must_read = (doc ->> 'must_read')::boolean or p.replays > (doc ->> 'replays')::integer,
    look_again_at = coalesce(
      at + (doc ->> 'look_again_seconds')::numeric * interval '1 second',
      -- What was due when it was claimed is done with; a rehearsal looks at nothing.
      case when p.look_again_at > claimed_at or (doc ->> 'rehearsal')::boolean
        then p.look_again_at end
    ),
    last_error = doc ->> 'last_error',
    lease_token = null, lease_until = null, updated_at = at
  where p.purchase_id = leased.purchase_id;

  perform licensing.note_stripe_read(doc ->> 'stripe_read', at);
  if doc ->> 'takes' <> 'nothing' and (has_news or retry_at is null or retry_at <= at) then
    select t.claim into claim
    from licensing.try_claim(coalesce(leased.joined_to, leased.purchase_id), false, doc, at) t;
  end if;
  -- Whoever comes by also takes up one that waits: while events come, nothing waits for ever.
  if claim is null and doc ->> 'takes' = 'others' then
    claim := licensing.claim_due(
      doc, array[leased.purchase_id, leased.joined_to], at
    ) -> 'claim';
  end if;
  claim := nullif(claim, 'null');
  -- A claim has put this right itself, with its own charge; the limit's row is locked last.
  if claim is null and not (doc ->> 'rehearsal')::boolean then
    perform licensing.correct_calls(
      doc -> 'charged', doc -> 'actions', doc -> 'rate', (doc ->> 'pause_seconds')::numeric, at
    );
  end if;
  return jsonb_build_object('settled', true, 'claim', claim, 'refused', null);
end
$function$;
comment on function public.settle_purchase(text,timestamp with time zone) is 'Writes down what a convergence did and frees its purchase; with a stale token it changes nothing, but for the links. stripe_ids: other ids of it that Stripe told; what proves to be the same purchase is joined, and claimed with it. takes: "nothing"; "news", the purchase again if events came meanwhile; "others", else one that is due. {"settled": bool, "claim": the next one, "refused": why it will never be written down, and nothing was}';
grant execute on function public.settle_purchase(text,timestamp with time zone) to service_role;
