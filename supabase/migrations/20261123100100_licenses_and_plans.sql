-- The ledger: the licenses of purchases, what was done about them, and what is sold.

create table licensing.licenses (
  license_id text primary key,
  purchase_id text not null references licensing.purchases,
  slot text not null,
  origin text not null,
  user_id text,
  license_expires_at timestamptz,
  wrote_expires_at timestamptz,
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
  ended_at timestamptz,
  gone_at timestamptz,
  cryptlex_product_id text not null,
  license_template_id text,
  seats text not null default 'ignore',
  activations_per_unit integer not null default 1,
  mapped_by text not null,
  stripe_item_id text,
  covered_items text[],
  stripe_price_id text,
  stripe_product_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  constraint origin_is_known check (origin in ('created', 'adopted')),
  constraint writing_is_an_object check (jsonb_typeof(writing) = 'object'),
  constraint seats_is_known
    check (seats in ('ignore', 'activations', 'floating_clients', 'licenses')),
  constraint activations_per_unit_is_positive check (activations_per_unit > 0),
  constraint mapped_by_is_known check (mapped_by in (
    'line', 'session', 'subscription', 'invoice', 'price', 'product', 'plan', 'setting', 'found'
  ))
);
comment on table licensing.licenses is
  'One row is one Cryptlex license of a purchase. Its key is in Cryptlex alone. What differs from the wrote_… beside it was changed by somebody else.';
comment on column licensing.licenses.license_id is 'Cryptlex''s id.';
comment on column licensing.licenses.purchase_id is 'What it was sold with.';
comment on column licensing.licenses.slot is
  'Cryptlex product and ordinal within the purchase; also in the license''s metadata.';
comment on column licensing.licenses.origin is
  'created: made by us; adopted: found, so it only ever grows and is never ended as surplus.';
comment on column licensing.licenses.user_id is 'Its Cryptlex user, as last seen.';
comment on column licensing.licenses.license_expires_at is 'The expiry as last seen in Cryptlex.';
comment on column licensing.licenses.wrote_expires_at is
  'The expiry we last wrote (adopted: as found); null: it came from the template and is to be aligned.';
comment on column licensing.licenses.perpetual is 'As last seen.';
comment on column licensing.licenses.subscription_interval is
  'As last seen (ISO 8601); what a renewal adds.';
comment on column licensing.licenses.revoked is 'As last seen.';
comment on column licensing.licenses.wrote_revoked is 'As we last wrote it (adopted: as found).';
comment on column licensing.licenses.suspended is 'As last seen.';
comment on column licensing.licenses.wrote_suspended is 'As we last wrote it (adopted: as found).';
comment on column licensing.licenses.allowed_activations is
  'As last seen; 0 or -1: unlimited.';
comment on column licensing.licenses.wrote_allowed_activations is
  'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.allowed_floating_clients is
  'As last seen; null: the license is none for floating clients.';
comment on column licensing.licenses.wrote_allowed_floating_clients is
  'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.entitlement_set_id is 'As last seen; null: none.';
comment on column licensing.licenses.wrote_entitlement_set_id is
  'As we last wrote it (not yet, or adopted: as found).';
comment on column licensing.licenses.writing is
  'What is about to be written of these, or another subscription_interval and the expires_at it is to leave, noted before it is done; null: nothing.';
comment on column licensing.licenses.ended_at is
  'When we ended it, because nobody has bought it any more; null: we did not.';
comment on column licensing.licenses.gone_at is 'When we found it deleted in Cryptlex; it is not made again.';
comment on column licensing.licenses.cryptlex_product_id is 'Frozen when it was made.';
comment on column licensing.licenses.license_template_id is 'Frozen; null: the product''s default.';
comment on column licensing.licenses.seats is
  'What the quantity on the line means for it. Frozen when it was made.';
comment on column licensing.licenses.activations_per_unit is
  'Activations, or floating clients, a unit buys. Frozen when it was made.';
comment on column licensing.licenses.mapped_by is 'What said which license this purchase buys.';
comment on column licensing.licenses.stripe_item_id is
  'The subscription item or invoice line it stands for; null: for the whole purchase.';
comment on column licensing.licenses.covered_items is
  'Every subscription item it has stood for since it was last mapped, once it was seen there; null: nobody noted that. What is added beside one for the whole purchase, and mapped by itself, has its own.';
comment on column licensing.licenses.stripe_price_id is 'The price on that line when it was mapped.';
comment on column licensing.licenses.stripe_product_id is 'The product on that line when it was mapped.';
comment on column licensing.licenses.created_at is 'When this row was made.';
comment on column licensing.licenses.updated_at is 'When this row last changed.';

create unique index licenses_one_of_ours_a_slot_idx on licensing.licenses (purchase_id, slot)
  where origin = 'created' and ended_at is null and gone_at is null;
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
comment on column licensing.license_actions.action is
  'create_user, create_license, renew_license, set_expires_at, suspend_license, revoke_license, …';
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

alter table licensing.licenses enable row level security;
alter table licensing.license_actions enable row level security;
alter table licensing.plans enable row level security;

revoke all on
  licensing.licenses, licensing.license_actions, licensing.plans
from public, anon, authenticated, service_role;
grant select, insert, update on licensing.licenses to service_role;
grant select, insert on licensing.license_actions to service_role;
grant select on licensing.plans to service_role;
