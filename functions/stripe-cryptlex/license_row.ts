// A row of `licensing.licenses`, there and back. Pure.

import { z } from "zod";
import { type KnownLicense, mappedBy } from "./known_license.ts";
import type { WantedFields } from "./license_fields.ts";
import { seatModes } from "./seats.ts";

const date = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const count = z.number().nullable();

/** What was about to be written, under the columns' names. */
const writing = z.object({
  revoked: z.boolean(),
  suspended: z.boolean(),
  entitlement_set_id: z.string(),
  allowed_activations: z.number(),
  allowed_floating_clients: z.number(),
  subscription_interval: z.string(),
  expires_at: date.nullable(),
}).partial().transform((row) => {
  const fields = {
    revoked: row.revoked,
    suspended: row.suspended,
    entitlementSetId: row.entitlement_set_id,
    allowedActivations: row.allowed_activations,
    allowedFloatingClients: row.allowed_floating_clients,
  };
  const announced = Object.entries(fields).filter(([, value]) => value !== undefined);
  const { subscription_interval: interval, expires_at: expiresAt = null } = row;
  return {
    fields: announced.length === 0 ? null : Object.fromEntries(announced) as WantedFields,
    intervalChange: interval === undefined ? null : { interval, expiresAt },
  };
});

/** The row as JSON, read as what it stands for. */
export const licenseRow = z.object({
  license_id: z.string(),
  slot: z.string(),
  origin: z.enum(["created", "adopted"]),
  cryptlex_product_id: z.string(),
  license_template_id: z.string().nullable(),
  seats: z.enum(seatModes),
  activations_per_unit: z.number(),
  mapped_by: z.enum(mappedBy),
  stripe_item_id: z.string().nullable(),
  covered_items: z.array(z.string()).nullable(),
  stripe_price_id: z.string().nullable(),
  stripe_product_id: z.string().nullable(),
  user_id: z.string().nullable(),
  subscription_interval: z.string().nullable(),
  license_expires_at: date.nullable(),
  wrote_expires_at: date.nullable(),
  perpetual: z.boolean(),
  revoked: z.boolean(),
  wrote_revoked: z.boolean(),
  suspended: z.boolean(),
  wrote_suspended: z.boolean(),
  entitlement_set_id: z.string().nullable(),
  wrote_entitlement_set_id: z.string().nullable(),
  allowed_activations: count,
  wrote_allowed_activations: count,
  allowed_floating_clients: count,
  wrote_allowed_floating_clients: count,
  writing: writing.nullable(),
  ended_at: date.nullable(),
  gone_at: date.nullable(),
}).transform((row): KnownLicense => ({
  licenseId: row.license_id,
  slot: row.slot,
  origin: row.origin,
  cryptlexProductId: row.cryptlex_product_id,
  licenseTemplateId: row.license_template_id,
  seats: { mode: row.seats, perUnit: row.activations_per_unit },
  mappedBy: row.mapped_by,
  stripeItemId: row.stripe_item_id,
  coveredItems: row.covered_items,
  stripePriceId: row.stripe_price_id,
  stripeProductId: row.stripe_product_id,
  userId: row.user_id,
  subscriptionInterval: row.subscription_interval,
  expiresAt: row.license_expires_at,
  wroteExpiresAt: row.wrote_expires_at,
  perpetual: row.perpetual,
  seen: {
    revoked: row.revoked,
    suspended: row.suspended,
    entitlementSetId: row.entitlement_set_id,
    allowedActivations: row.allowed_activations,
    allowedFloatingClients: row.allowed_floating_clients,
  },
  wrote: {
    revoked: row.wrote_revoked,
    suspended: row.wrote_suspended,
    entitlementSetId: row.wrote_entitlement_set_id,
    allowedActivations: row.wrote_allowed_activations,
    allowedFloatingClients: row.wrote_allowed_floating_clients,
  },
  writing: row.writing?.fields ?? null,
  intervalChange: row.writing?.intervalChange ?? null,
  endedAt: row.ended_at,
  goneAt: row.gone_at,
}));

/** The row to write for it. */
export function toLicenseRow(license: KnownLicense): Record<string, unknown> {
  return {
    license_id: license.licenseId,
    slot: license.slot,
    origin: license.origin,
    cryptlex_product_id: license.cryptlexProductId,
    license_template_id: license.licenseTemplateId,
    seats: license.seats.mode,
    activations_per_unit: license.seats.perUnit,
    mapped_by: license.mappedBy,
    stripe_item_id: license.stripeItemId,
    covered_items: license.coveredItems,
    stripe_price_id: license.stripePriceId,
    stripe_product_id: license.stripeProductId,
    user_id: license.userId,
    subscription_interval: license.subscriptionInterval,
    license_expires_at: license.expiresAt,
    wrote_expires_at: license.wroteExpiresAt,
    perpetual: license.perpetual,
    revoked: license.seen.revoked,
    wrote_revoked: license.wrote.revoked,
    suspended: license.seen.suspended,
    wrote_suspended: license.wrote.suspended,
    entitlement_set_id: license.seen.entitlementSetId,
    wrote_entitlement_set_id: license.wrote.entitlementSetId,
    allowed_activations: license.seen.allowedActivations,
    wrote_allowed_activations: license.wrote.allowedActivations,
    allowed_floating_clients: license.seen.allowedFloatingClients,
    wrote_allowed_floating_clients: license.wrote.allowedFloatingClients,
    writing: toWriting(license),
    ended_at: license.endedAt,
    gone_at: license.goneAt,
  };
}

function toWriting(
  { writing, intervalChange }: KnownLicense,
): Record<string, unknown> | null {
  if (writing === null && intervalChange === null) return null;
  return {
    revoked: writing?.revoked,
    suspended: writing?.suspended,
    entitlement_set_id: writing?.entitlementSetId,
    allowed_activations: writing?.allowedActivations,
    allowed_floating_clients: writing?.allowedFloatingClients,
    subscription_interval: intervalChange?.interval,
    expires_at: intervalChange?.expiresAt,
  };
}
