// While Cryptlex is away thousands wait for another attempt: whoever looks for work passes them by.

import { strict as assert } from "node:assert";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import { fillInFlight } from "../../tools/bench/growth/fill_in_flight.ts";
import { postgresRpc } from "../../tools/local_stack/postgres_rpc.ts";
import { explainingConnection } from "./explained.ts";
import { claimOf, databaseTest, failed, recorded } from "./ledger_database.ts";

databaseTest("of what waits for another attempt no purchase is looked up", async (db) => {
  await fillInFlight(db.sql, 600);
  await db.sql`update licensing.purchases set lease_token = null, lease_until = null,
    next_attempt_at = now() + interval '1 day'`;
  await db.sql`update licensing.stripe_events set next_attempt_at = now() + interval '1 day'`;
  await db.sql`analyze`;
  const ledger = db.ledger(() => new Date());
  const claim = claimOf(await ledger.record(recorded("evt_due", ["sub_due"])));
  await ledger.settle(claim, failed(claim, { retrySeconds: 0 }), { takes: "nothing" });

  const { port, database } = db.sql.options;
  const { sql, scans } = await explainingConnection(
    `postgres://supabase_admin@127.0.0.1:${port[0]}/${database}`,
  );
  try {
    const rate = { calls: 50, seconds: 5 };
    const explained = createLedger(postgresRpc(sql), {
      leaseSeconds: 100,
      recordOnly: false,
      rate,
    });
    const due = claimOf(await explained.claimDue({ ignoreBackoff: false }));
    assert.equal(due.purchaseId, "sub_due");
    const looked = scans().filter(({ table }) => table === "purchases")
      .reduce((sum, { rows }) => sum + rows, 0);
    assert.ok(looked > 0 && looked < 50, `${looked} purchases`);
  } finally {
    await sql.end();
  }
});
