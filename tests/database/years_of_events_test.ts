// A million settled events, and no statement of the doors looks at more than it is about.

import { strict as assert } from "node:assert";
import postgres from "postgres";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import type { Ledger } from "../../functions/stripe-cryptlex/ledger.ts";
import { fillInFlight } from "../../tools/bench/growth/fill_in_flight.ts";
import { fillLedger } from "../../tools/bench/growth/fill_ledger.ts";
import { applyMigrations } from "../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../tools/local_stack/postgres.ts";
import { postgresRpc } from "../../tools/local_stack/postgres_rpc.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { applied, claimOf, failed, parked, received } from "./ledger_database.ts";
import { knownLicense } from "../stripe-cryptlex/builders/known_license.ts";
import { explainingConnection, type Scan } from "./explained.ts";

const events = 1_000_000;
const migrations = new URL("../../supabase/migrations/", import.meta.url);

/** Those that grow for years. */
const tables = [
  ...["stripe_events", "purchases", "purchase_links"],
  ...["customers", "licenses", "license_actions"],
];

Deno.test({
  name: "with a million settled events every door reads by index, and only what it is about",
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const server = await startPostgres();
    try {
      const url = server.url(await server.createDatabase());
      await applyMigrations(url, migrations);
      await fill(url);
      const { sql, scans } = await explainingConnection(
        url.replace("postgres@", "supabase_admin@"),
      );
      try {
        await t.step("a sequential scan would be seen", async () => {
          await sql`select count(*) from licensing.stripe_events where outcome is null`;
          assert.deepEqual(sequential(scans()).map(({ table }) => table), ["stripe_events"]);
        });
        // More often than a plan is made for its arguments: later ones are made for any.
        await sql`set role service_role`;
        for (let round = 1; round <= 8; round++) await useDoors(sql, round);
        await sql`reset role`;
        for (const days of [0, 1]) {
          await sql`select licensing.prune(now() + ${days} * interval '1 day', 50)`;
        }
        const seen = scans();
        await lookAround(sql);
        const looked = scans();
        await t.step("there is none", () => {
          assert.deepEqual(sequential([...seen, ...looked]), []);
        });
        await t.step("nor does an index serve to look at more than a few rows", () => {
          const ours = seen.filter(({ table, index }) => table !== "" || index !== null);
          assert.deepEqual(ours.filter(({ rows }) => rows > 100), []);
        });
        await t.step("and every index serves", async () => {
          const used = new Set([...seen, ...looked].map(({ index }) => index));
          const indexes = await sql<{ name: string }[]>`
            select i.relname as name from pg_index x join pg_class i on i.oid = x.indexrelid
            where x.indrelid = any (${tables.map((table) => `licensing.${table}`)}::regclass[])
              and not x.indisunique order by 1`;
          assert.deepEqual(indexes.map(({ name }) => name).filter((name) => !used.has(name)), []);
        });
      } finally {
        await sql.end();
      }
    } finally {
      await server.stop();
    }
  },
});

async function fill(url: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await fillLedger(sql, { events, payload: {} });
  } finally {
    await sql.end();
  }
}

/** Everything that happens to a ledger, once. */
async function useDoors(sql: postgres.Sql, round: number): Promise<void> {
  const rate = { calls: 1_000_000, seconds: 1 };
  const ledger = createLedger(postgresRpc(sql), { leaseSeconds: 100, recordOnly: false, rate });
  const shop = createStripeShop({ seed: round, now: new Date() });
  const customer = shop.customer({ email: "ada@example.com", name: "Ada" });
  const sale = shop.subscribe({ customer, price: { amount: 1900, interval: "month" } });
  const order = shop.buy({ customer, amount: 100, paymentStatus: "paid", withInvoice: true });

  await settled(ledger, sale.checkoutCompleted());
  await settled(ledger, sale.firstInvoicePaid());
  // An invoice that proves to be of a payment is joined to it.
  const { reading, ...invoice } = received(order.invoicePaid());
  assert.equal(reading.kind, "facts");
  const alone = { ...reading, stripeIds: [order.invoiceId ?? ""] };
  const first = claimOf(await ledger.record({ ...invoice, reading: alone }));
  await ledger.settle(
    first,
    applied(first, { licenses: [knownLicense({ licenseId: `license-${round}` })] }),
  );
  await settled(ledger, order.completed());
  await ledger.claimKeys(order.sessionId);

  await ledger.record(received(shop.other("product.created")));
  await ledger.record(received(sale.checkoutCompleted()));
  await ledger.claimDue({ ignoreBackoff: false });
  const failing = claimOf(await ledger.record(received(sale.renewalPaid(1))));
  await ledger.settle(failing, failed(failing, { lookAgainSeconds: 0 }), { takes: "others" });
  const due = claimOf(await ledger.claimDue({ ignoreBackoff: true }));
  await ledger.settle(due, applied(due), { takes: "others" });
  await ledger.health();

  // A refund that is not known yet to be a subscription's, of a buyer who gets an e-mail later.
  const { head, reading: sold, payload } = received(sale.renewalPaid(2));
  assert.equal(sold.kind, "facts");
  const facts = { ...sold.facts, email: null };
  const apart = { ...sold, facts, stripeIds: [`pi_apart${round}`] };
  const refund = claimOf(await ledger.record({ head, reading: apart, payload }));
  const { claim: joined } = await ledger.settle(
    refund,
    failed(refund, { state: facts, stripeIds: sold.stripeIds, retrySeconds: 0 }),
  );
  const waits = claimOf({ claim: joined });
  await ledger.settle(waits, parked(waits));
  await settled(ledger, customer.updated({ email: "countess@example.com", at: new Date() }));

  await settled(ledger, customer.deleted());
  await sql`update licensing.stripe_events set status = 'pending'
    where event_id = ${sale.renewalPaid(1).id}`;
  const alert = await ledger.claimAlert();
  if (alert !== null) await ledger.settleAlert(alert);
  await ledger.claimDue({ ignoreBackoff: false });
}

/** What people, and the schedule, ask: of today that may be much. */
async function lookAround(sql: postgres.Sql): Promise<void> {
  await sql`select exists (select from licensing.waiting where due_at <= now())`;
  await sql`select * from licensing.stuck`;
  await sql`select * from licensing.totals_of_today`;
  const { id } = createStripeShop({ seed: 1 })
    .subscribe({ email: "ada@example.com", price: { amount: 1900, interval: "month" } });
  await sql`select public.explain_purchases(${JSON.stringify({ id, details: 1 })})`;
  await sql`select * from licensing.done_for_customers where customer_id = 'cus_1'`;
  await sql`select * from licensing.done_for_customers where purchase_id = 'sub_1'`;
  // Much waits, and buyers come before renewals.
  await fillInFlight(sql, 3000);
  await sql`analyze licensing.stripe_events`;
  const rate = { calls: 50, seconds: 5 };
  await createLedger(postgresRpc(sql), { leaseSeconds: 100, recordOnly: false, rate })
    .claimDue({ ignoreBackoff: false });
}

async function settled(ledger: Ledger, event: unknown): Promise<void> {
  const claim = claimOf(await ledger.record(received(event)));
  await ledger.settle(claim, applied(claim));
}

function sequential(scans: readonly Scan[]): Scan[] {
  return scans.filter(({ how, table }) => how === "Seq Scan" && tables.includes(table));
}
