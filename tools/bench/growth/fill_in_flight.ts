// Purchases under way beside the one that is measured: none of them due, all of them before it.

import type postgres from "postgres";

/** A third is leased, a third waits for its back-off, a third must stay quiet besides; half are sales. */
export async function fillInFlight(sql: postgres.Sql, purchases: number): Promise<void> {
  if (purchases === 0) return;
  await sql`insert into licensing.purchases (
      purchase_id, lease_token, lease_until, not_before, attempts, next_attempt_at,
      created_at, updated_at
    ) select 'sub_flight' || n,
      case when n % 3 = 0 then gen_random_uuid() end,
      case when n % 3 = 0 then now() + interval '1 day' end,
      case when n % 3 = 1 then now() + interval '1 day' end,
      1,
      case when n % 3 > 0 then now() + interval '1 day' end,
      now(), now()
    from generate_series(1, ${purchases}::integer) n`;
  await sql`insert into licensing.purchase_links (stripe_id, purchase_id)
    select 'sub_flight' || n, 'sub_flight' || n
    from generate_series(1, ${purchases}::integer) n`;
  await sql`insert into licensing.stripe_events (
      event_id, event_type, purchase_id, livemode, opens_sale, event_created_at, received_at,
      next_attempt_at
    ) select 'evt_flight' || n, 'checkout.session.completed', 'sub_flight' || n, true, n % 2 = 0,
      now() - interval '1 hour', now() - interval '1 hour',
      case when n % 3 > 0 then now() + interval '1 day' end
    from generate_series(1, ${purchases}::integer) n`;
}
