// A purchase taken from the ledger to be worked on, as data.

import { z } from "zod";
import { licenseRow } from "./license_row.ts";
import { seatModes } from "./seats.ts";
import { nothing, type Purchase } from "./purchase.ts";

const date = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

const event = z.object({
  event_id: z.string(),
  event_type: z.string(),
  status: z.enum(["pending", "parked"]),
  opens_sale: z.boolean(),
  event_created_at: date,
}).transform((row) => ({
  eventId: row.event_id,
  eventType: row.event_type,
  status: row.status,
  opensSale: row.opens_sale,
  createdAt: row.event_created_at,
}));

const customer = z.object({
  stripe_customer_id: z.string(),
  user_id: z.string(),
  user_made_by_us: z.boolean(),
  wrote_name: z.string().nullable(),
  is_shared: z.boolean(),
}).transform((row) => ({
  stripeCustomerId: row.stripe_customer_id,
  userId: row.user_id,
  userMadeByUs: row.user_made_by_us,
  /** The first name we last gave the user; null: none, or it is erased. */
  wroteName: row.wrote_name,
  /** Another customer has the same user. */
  isShared: row.is_shared,
}));

const plan = z.object({
  stripe_id: z.string(),
  cryptlex_product_id: z.string(),
  license_template_id: z.string().nullable(),
  entitlement_set_id: z.string().nullable(),
  seats: z.enum(seatModes),
  activations_per_unit: z.number(),
}).transform((row) => ({
  stripeId: row.stripe_id,
  cryptlexProductId: row.cryptlex_product_id,
  licenseTemplateId: row.license_template_id,
  entitlementSetId: row.entitlement_set_id,
  seats: { mode: row.seats, perUnit: row.activations_per_unit },
}));

/** Written by this function alone; by an older one without what came since. */
const state = z.looseObject({}).transform((known): Purchase => ({ ...nothing, ...known }));

/** The JSON of a claim, as the ledger's functions return it. */
export const claimSchema = z.object({
  purchase_id: z.string(),
  token: z.string(),
  claimed_at: date,
  must_read: z.boolean(),
  looks_again: z.boolean(),
  charged: z.looseObject({}).nullable(),
  replays: z.number(),
  attempts: z.number(),
  states: z.array(state),
  joined_ids: z.array(z.string()),
  events: z.array(event),
  licenses: z.array(licenseRow),
  customer: customer.nullable(),
  has_plans: z.boolean(),
  plans: z.array(plan),
}).transform((row) => ({
  purchaseId: row.purchase_id,
  /** Settling needs it. */
  token: row.token,
  /** The ledger's clock when it was claimed. */
  claimedAt: row.claimed_at,
  mustRead: row.must_read,
  /** An hour has passed since a call of which we never heard. */
  looksAgain: row.looks_again,
  /** The calls taken for it, as the ledger reckons; handed back when it is settled. Null: none. */
  charged: row.charged,
  /** How often a replay was asked for by then. */
  replays: row.replays,
  /** Unfinished attempts before this one. */
  attempts: row.attempts,
  states: row.states,
  /** Lesser ids this purchase was known by. */
  joinedIds: row.joined_ids,
  events: row.events,
  licenses: row.licenses,
  customer: row.customer,
  hasPlans: row.has_plans,
  plans: row.plans,
}));

/** A purchase to work on: all that is known of it, and the right to do so. */
export type Claim = z.infer<typeof claimSchema>;
/** An unsettled event of a claimed purchase. */
export type ClaimedEvent = Claim["events"][number];
/** A Stripe customer and its Cryptlex user. */
export type CustomerLink = NonNullable<Claim["customer"]>;
