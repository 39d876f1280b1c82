// Subscriptions sold long ago, written straight into ledger and Cryptlex: to begin with thousands.

import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import type { CryptlexSandbox } from "../../tools/cryptlex_sandbox/sandbox.ts";
import type { Subscription } from "../../tools/stripe_sandbox/subscription.ts";
import type { LedgerDatabase } from "../database/ledger_database.ts";

/** As a settled first invoice leaves each of them: a license of product-a until its first period's end. */
export async function soldBefore(
  { sql }: LedgerDatabase,
  { sandbox, subscriptions, expiresAt, at }: {
    sandbox: CryptlexSandbox;
    subscriptions: readonly Subscription[];
    expiresAt: (subscription: Subscription) => Date;
    at: Date;
  },
): Promise<void> {
  const purchases = [];
  const licenses = [];
  for (const subscription of subscriptions) {
    const { reading } = readEvent(subscription.firstInvoicePaid());
    if (reading.kind !== "facts") throw new Error(`The first invoice is ${reading.kind}`);
    const { id: purchase_id } = subscription;
    const stamps = { created_at: at, updated_at: at };
    const license = sandbox.seedLicense({
      expiresAt: expiresAt(subscription).toISOString(),
      metadata: [{ key: "stripe_subscription_id", value: purchase_id }],
    });
    purchases.push({
      purchase_id,
      state: [reading.facts],
      must_read: false,
      attempts: 0,
      replays: 0,
      ...stamps,
    });
    licenses.push({
      license_id: license.id,
      purchase_id,
      slot: "product-a/1",
      origin: "created",
      cryptlex_product_id: "product-a",
      mapped_by: "setting",
      subscription_interval: license.subscriptionInterval,
      license_expires_at: license.expiresAt,
      wrote_expires_at: license.expiresAt,
      perpetual: false,
      seats: "ignore",
      activations_per_unit: 1,
      revoked: false,
      wrote_revoked: false,
      suspended: false,
      wrote_suspended: false,
      ...stamps,
    });
  }
  await sql`insert into licensing.purchases
    select * from jsonb_populate_recordset(null::licensing.purchases, ${sql.json(purchases)})`;
  await sql`insert into licensing.licenses
    select * from jsonb_populate_recordset(null::licensing.licenses, ${sql.json(licenses)})`;
  await sql`insert into licensing.purchase_links
    select purchase_id, purchase_id from licensing.purchases on conflict do nothing`;
  await sql`analyze`;
}
