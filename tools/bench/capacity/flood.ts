// The first of a month: so many renewals wait, straight in the tables, and some are worked off.

import type postgres from "postgres";
import { merge, nothing, type Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { withoutIndexes } from "../growth/without_indexes.ts";

/** Renewals that wait, all alike but for their ids. */
export type Flood = {
  /** When the period ended that was paid for before. */
  readonly dueAt: Date;
  /** When all renewals were paid, and told of. */
  readonly paidAt: Date;
  /** When the licenses end that are not renewed. */
  readonly licensesEndAt: Date;
  /** The id of the license of the n-th that waits. */
  licenseId(n: number): string;
  /** Those up to the n-th wait no more. */
  skipTo(n: number): Promise<void>;
};

const dayMs = 24 * 60 * 60 * 1000;
const mostAtOnce = 100_000;

/** Fills an empty ledger. */
export async function fillFlood(
  sql: postgres.Sql,
  { purchases, graceDays, onProgress }: {
    purchases: number;
    graceDays: number;
    onProgress: (line: string) => void;
  },
): Promise<Flood> {
  const sold = createStripeShop().subscribe({
    email: "ada@example.com",
    name: "Ada Lovelace",
    price: { amount: 1900, interval: "month" },
    startedAt: new Date("2026-10-01T00:00:00Z"),
  });
  const renewal = sold.renewalPaid(1);
  const dueAt = sold.periodEnd(0);
  const paidAt = new Date(renewal.created * 1000);
  const licensesEndAt = new Date(dueAt.getTime() + graceDays * dayMs);
  const state = [
    merge(factsOf(sold.checkoutCompleted()), factsOf(sold.firstInvoicePaid())),
    factsOf(renewal),
  ];
  await withoutIndexes(sql, async () => {
    for (let from = 0; from < purchases; from += mostAtOnce) {
      const to = Math.min(purchases, from + mostAtOnce);
      await fill(sql, { from, to, state, paidAt, licensesEndAt });
      onProgress(`filled ${to} of ${purchases} waiting renewals`);
    }
  });
  await sql`vacuum analyze`;
  return {
    dueAt,
    paidAt,
    licensesEndAt,
    licenseId: (n) => `license-${n}`,
    async skipTo(n) {
      await sql`update licensing.stripe_events set
          status = 'applied', settled_at = received_at, outcome = 'license renewed'
        where status = 'pending'
          and received_at < ${paidAt}::timestamptz + ${n} * interval '1 microsecond'`;
      await sql`vacuum analyze`;
    },
  };
}

async function fill(sql: postgres.Sql, { from, to, state, paidAt, licensesEndAt }: {
  from: number;
  to: number;
  state: readonly Purchase[];
  paidAt: Date;
  licensesEndAt: Date;
}): Promise<void> {
  const states = JSON.stringify(state);
  await sql`insert into licensing.purchases (purchase_id, state, created_at, updated_at)
    select 'sub_' || n, ${states}::text::jsonb, ${paidAt}::timestamptz, ${paidAt}::timestamptz
    from generate_series(${from}::integer, ${to - 1}::integer) n`;
  await sql`insert into licensing.purchase_links (stripe_id, purchase_id)
    select 'sub_' || n, 'sub_' || n
    from generate_series(${from}::integer, ${to - 1}::integer) n`;
  await sql`insert into licensing.licenses (
      license_id, purchase_id, slot, origin, license_expires_at, wrote_expires_at, perpetual,
      suspended, revoked, wrote_suspended, wrote_revoked, cryptlex_product_id, mapped_by,
      subscription_interval, created_at, updated_at
    ) select 'license-' || n, 'sub_' || n, 'product-a/1', 'created', ${licensesEndAt}::timestamptz,
      ${licensesEndAt}::timestamptz, false, false, false, false, false, 'product-a', 'setting',
      'P1M', ${paidAt}::timestamptz, ${paidAt}::timestamptz
    from generate_series(${from}::integer, ${to - 1}::integer) n`;
  await sql`insert into licensing.stripe_events (
      event_id, event_type, purchase_id, livemode, event_created_at, received_at
    ) select 'evt_' || n, 'invoice.paid', 'sub_' || n, true, ${paidAt}::timestamptz,
      ${paidAt}::timestamptz + n * interval '1 microsecond'
    from generate_series(${from}::integer, ${to - 1}::integer) n`;
}

function factsOf(event: unknown): Purchase {
  const { reading } = readEvent(event);
  return reading.kind === "facts" ? reading.facts : nothing;
}
