// Years of settled events, and what they leave: purchases, links, customers, licenses and calls;
// straight into the tables.

import type postgres from "postgres";
import { merge, nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { withoutIndexes } from "./without_indexes.ts";

export type FillOptions = {
  /** How many settled events. */
  readonly events: number;
  /** What events of the last 90 days of 400 keep; the others are pruned. */
  readonly payload: unknown;
  readonly onProgress?: (events: number) => void;
};

const mostAtOnce = 100_000;

/** Ten months of a subscription. */
const eventsAPurchase = 10;

/** An event as Stripe sends it, to fill with. */
export function samplePayload(): unknown {
  return soldSubscription().firstInvoicePaid();
}

/** Fills an empty ledger, and lets the planner know of it. */
export async function fillLedger(sql: postgres.Sql, options: FillOptions): Promise<void> {
  const { events, payload, onProgress = () => {} } = options;
  const state = JSON.stringify([mergedState()]);
  await withoutIndexes(sql, async () => {
    for (let from = 0; from < events; from += mostAtOnce) {
      const count = Math.min(mostAtOnce, events - from);
      const purchases = Math.ceil(count / eventsAPurchase);
      await fillPurchases(sql, { from, count: purchases, state });
      // The events of a purchase lie apart, as they do in time.
      const purchase = `${from} + n % ${purchases}`;
      const at = `now() - (1 - n / ${events}::float8) * interval '400 days'`;
      await fillEvents(sql, { from, count, purchase, at, payload: JSON.stringify(payload) });
      onProgress(from + count);
    }
  });
  await sql`analyze`;
}

/** SQL for the id of the n-th thing of that kind, in no order of time: as long as Stripe's. */
function idOf(prefix: string, n: string): string {
  return `'${prefix}_1' || lpad(to_hex((${n})::bigint * 2654435761 % 4294967296), 8, '0') ` +
    `|| 'Gx368RyLn1aX6VS'`;
}

async function fillPurchases(
  sql: postgres.Sql,
  { from, count, state }: { from: number; count: number; state: string },
): Promise<void> {
  const series = `generate_series(${from}, ${from + count - 1}) n`;
  await sql.unsafe(
    `insert into licensing.purchases (purchase_id, state, customer_id, created_at, updated_at)
    select ${idOf("sub", "n")}, $1::text::jsonb, ${idOf("cus", "n")}, now(), now() from ${series}`,
    [state],
  );
  await sql.unsafe(`insert into licensing.customers (
      stripe_customer_id, user_id, user_made_by_us, wrote_name, created_at, updated_at
    ) select ${idOf("cus", "n")}, ${idOf("user", "n")}, true, 'Ada Lovelace', now(), now()
    from ${series}`);
  await sql.unsafe(`insert into licensing.licenses (
      license_id, purchase_id, slot, origin, license_expires_at, wrote_expires_at, perpetual,
      suspended, revoked, allowed_activations, wrote_allowed_activations, cryptlex_product_id,
      mapped_by, user_id, subscription_interval, created_at, updated_at
    ) select ${idOf("license", "n")}, ${idOf("sub", "n")}, 'product-app/1', 'created', now(), now(),
      false, false, false, 1, 1, 'product-app', 'setting', ${idOf("user", "n")}, 'P1M', now(), now()
    from ${series}`);
  await sql.unsafe(`insert into licensing.purchase_links (stripe_id, purchase_id)
    select ${idOf("sub", "n")}, ${idOf("sub", "n")} from ${series}`);
}

async function fillEvents(
  sql: postgres.Sql,
  { from, count, purchase, at, payload }: {
    from: number;
    count: number;
    purchase: string;
    at: string;
    payload: string;
  },
): Promise<void> {
  const series = `generate_series(${from}, ${from + count - 1}) n`;
  await sql.unsafe(`insert into licensing.purchase_links (stripe_id, purchase_id)
    select ${idOf("in", "n")}, ${idOf("sub", purchase)} from ${series}`);
  await sql.unsafe(
    `insert into licensing.stripe_events (
      event_id, status, event_type, outcome, attempts, purchase_id, customer_id, livemode,
      api_version, event_created_at, received_at, settled_at, payload
    ) select ${idOf("evt", "n")}, 'applied', 'invoice.paid', 'license renewed, until 2027-01-27', 1,
      ${idOf("sub", purchase)}, ${idOf("cus", purchase)}, true, '2025-03-31.basil', at, at, at,
      case when at > now() - interval '90 days' then $1::text::jsonb end
    from ${series}, lateral (select ${at} as at) moment`,
    [payload],
  );
  await sql.unsafe(`insert into licensing.license_actions (
      acted_at, action, license_id, purchase_id, status, ms, event_ids
    ) select ${at}, 'renew_license', ${idOf("license", purchase)}, ${idOf("sub", purchase)}, 200,
      120, array[${idOf("evt", "n")}]
    from ${series}`);
}

function soldSubscription() {
  return createStripeShop().subscribe({
    email: "ada@example.com",
    name: "Ada Lovelace",
    price: { amount: 1900, interval: "month" },
  });
}

function mergedState() {
  const sold = soldSubscription();
  return [sold.checkoutCompleted(), sold.firstInvoicePaid(), sold.renewalPaid(1)]
    .map((event) => readEvent(event).reading)
    .reduce(
      (state, reading) => reading.kind === "facts" ? merge(state, reading.facts) : state,
      nothing,
    );
}
