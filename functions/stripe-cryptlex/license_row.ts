// A row of `licensing.licenses`, there and back. Pure.

import { z } from "zod";
import { type KnownLicense, mappedBy } from "./known_license.ts";

const date = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

/** The row as JSON, read as what it stands for. */
export const licenseRow = z.object({
  license_id: z.string(),
  slot: z.string(),
  origin: z.enum(["created", "adopted"]),
  cryptlex_product_id: z.string(),
  license_template_id: z.string().nullable(),
  entitlement_set_id: z.string().nullable(),
  mapped_by: z.enum(mappedBy),
  stripe_item_id: z.string().nullable(),
  stripe_price_id: z.string().nullable(),
  stripe_product_id: z.string().nullable(),
  user_id: z.string().nullable(),
  subscription_interval: z.string().nullable(),
  license_expires_at: date.nullable(),
  wrote_expires_at: date.nullable(),
  perpetual: z.boolean(),
  suspended: z.boolean(),
  revoked: z.boolean(),
  wrote_revoked: z.boolean(),
  ended_at: date.nullable(),
  gone_at: date.nullable(),
}).transform((row): KnownLicense => ({
  licenseId: row.license_id,
  slot: row.slot,
  origin: row.origin,
  cryptlexProductId: row.cryptlex_product_id,
  licenseTemplateId: row.license_template_id,
  entitlementSetId: row.entitlement_set_id,
  mappedBy: row.mapped_by,
  stripeItemId: row.stripe_item_id,
  stripePriceId: row.stripe_price_id,
  stripeProductId: row.stripe_product_id,
  userId: row.user_id,
  subscriptionInterval: row.subscription_interval,
  expiresAt: row.license_expires_at,
  wroteExpiresAt: row.wrote_expires_at,
  perpetual: row.perpetual,
  suspended: row.suspended,
  revoked: row.revoked,
  wroteRevoked: row.wrote_revoked,
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
    entitlement_set_id: license.entitlementSetId,
    mapped_by: license.mappedBy,
    stripe_item_id: license.stripeItemId,
    stripe_price_id: license.stripePriceId,
    stripe_product_id: license.stripeProductId,
    user_id: license.userId,
    subscription_interval: license.subscriptionInterval,
    license_expires_at: license.expiresAt,
    wrote_expires_at: license.wroteExpiresAt,
    perpetual: license.perpetual,
    suspended: license.suspended,
    revoked: license.revoked,
    wrote_revoked: license.wroteRevoked,
    ended_at: license.endedAt,
    gone_at: license.goneAt,
  };
}
