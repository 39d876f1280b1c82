// What people read in the table viewer, asked of a real PostgreSQL as the function's own role may.

import { strict as assert } from "node:assert";
import type postgres from "postgres";
import type { CallRecord } from "../../functions/stripe-cryptlex/cryptlex_caller.ts";
import { CryptlexAnsweredError } from "../../functions/stripe-cryptlex/cryptlex_errors.ts";
import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import {
  applied,
  claimOf,
  databaseTest,
  failed,
  type LedgerDatabase,
  parked,
  recorded,
} from "./ledger_database.ts";

/** The rows of a view, as service_role sees them. */
function rowsOf(db: LedgerDatabase, query: string): Promise<postgres.Row[]> {
  return db.sql.begin(async (transaction) => {
    await transaction`set local role service_role`;
    return [...await transaction.unsafe(query)];
  });
}

const call = (action: string, status: number | null = 200): CallRecord => ({
  action,
  licenseId: action === "create_user" ? null : "license-1",
  status,
  ms: 5,
  error: status === null || status >= 400 ? "no" : null,
});

databaseTest("people read what is stuck, and what was done for whom", async (db, t) => {
  const ledger = db.ledger(new Date());
  const claim = async (event: RecordedEvent) => claimOf(await ledger.record(event));
  const stuck = async (eventId: string) =>
    (await rowsOf(db, `select * from licensing.stuck where event_id = '${eventId}'`))[0];

  await t.step("nothing settled or rehearsed is stuck", async () => {
    const done = await claim(recorded("evt_done", ["sub_done"]));
    await ledger.settle(done, applied(done));
    const rehearsal = db.ledger(new Date(), { recordOnly: true });
    const held = claimOf(await rehearsal.record(recorded("evt_held", ["sub_held"])));
    const events = applied(held).events.map((event) => ({ ...event, status: "pending" as const }));
    await rehearsal.settle(held, applied(held, { events }));
    assert.deepEqual(await rowsOf(db, "select * from licensing.stuck"), []);
  });

  await t.step("a parked event needs a person, since it was parked", async () => {
    const one = await claim(recorded("evt_parked", ["sub_parked"]));
    await ledger.settle(one, parked(one));
    const row = await stuck("evt_parked");
    const [{ status_since } = {}] = await db.sql`select status_since from licensing.stripe_events
      where event_id = 'evt_parked'`;
    assert.deepEqual(row, {
      event_id: "evt_parked",
      condition: "parked",
      event_type: "invoice.paid",
      purchase_id: "sub_parked",
      since: status_since,
      attempts: 1,
      next_attempt_at: null,
      why: "no such product",
      what_to_do: "mend what why says, then set status in stripe_events back to pending",
      livemode: false,
    });
  });

  await t.step("one that could not be read needs a newer function", async () => {
    const reading = { kind: "parked", reason: "missing: lines" } as const;
    await ledger.record({ ...recorded("evt_unread", []), reading });
    const row = await stuck("evt_unread");
    assert.deepEqual([row?.["purchase_id"], row?.["why"]], [null, "missing: lines"]);
    assert.match(row?.["what_to_do"], /^update stripe-cryptlex/);
  });

  await t.step("a failed one is tried again, and tells when", async () => {
    const one = await claim(recorded("evt_fails", ["sub_fails"]));
    await ledger.settle(one, failed(one, { retrySeconds: 60, quietSeconds: 90 }));
    const row = await stuck("evt_fails");
    assert.deepEqual([row?.["condition"], row?.["why"]], ["retrying", "it failed"]);
    assert.match(row?.["what_to_do"], /^nothing, unless/);
    assert.deepEqual(row?.["next_attempt_at"], new Date(one.claimedAt.getTime() + 90_000));
  });

  await t.step("a refused access token is to be replaced", async () => {
    const one = await claim(recorded("evt_token", ["sub_token"]));
    const lastError = new CryptlexAnsweredError(
      { method: "POST", path: "/v3/users" },
      { status: 401, code: null, message: "no", retryAfterSeconds: null },
    ).message;
    const events = failed(one).events.map((event) => ({ ...event, lastError }));
    await ledger.settle(one, failed(one, { events, lastError }));
    assert.match((await stuck("evt_token"))?.["what_to_do"], /CRYPTLEX_ACCESS_TOKEN/);
  });

  await t.step("so is a refused key of Stripe's, or it is to be allowed more", async () => {
    for (const [status, name] of [[401, "bad"], [403, "narrow"]] as const) {
      const one = await claim(recorded(`evt_${name}`, [`sub_${name}`]));
      const lastError = `Stripe refused GET /v1/invoices/in_1 with ${status}`;
      const events = failed(one).events.map((event) => ({ ...event, lastError }));
      await ledger.settle(one, failed(one, { events, lastError }));
      const row = await stuck(`evt_${name}`);
      assert.equal(row?.["condition"], "retrying");
      assert.match(row?.["what_to_do"], /^set a new STRIPE_SECRET_KEY, or let it read/);
    }
  });

  await t.step("one that came during a lease waits for its turn", async () => {
    const busy = await claim(recorded("evt_busy", ["in_busy"]));
    await ledger.record(recorded("evt_next", ["in_busy"]));
    const row = await stuck("evt_next");
    assert.deepEqual([row?.["condition"], row?.["attempts"]], ["waiting", 0]);
    assert.match(row?.["why"], /is working on/);
    assert.match(row?.["what_to_do"], /^nothing: the next delivery/);
    // By the id its purchase is known by since, too.
    await ledger.record(recorded("evt_meets", ["sub_busy", "in_busy"]));
    assert.equal((await stuck("evt_next"))?.["purchase_id"], "sub_busy");
    const joined = claimOf(await ledger.settle(busy, applied(busy)));
    await ledger.settle(joined, applied(joined));
    assert.equal(await stuck("evt_next"), undefined);
  });

  await t.step("one that is asked for again waits since then", async () => {
    await db.sql`update licensing.stripe_events set status = 'pending',
      received_at = now() - interval '1 year' where event_id = 'evt_done'`;
    const row = await stuck("evt_done");
    assert.deepEqual([row?.["condition"], row?.["next_attempt_at"]], ["waiting", null]);
    assert.match(row?.["why"], /nobody has come by/);
    const [{ is_recent } = {}] = await db.sql`select since > now() - interval '1 hour' as is_recent
      from licensing.stuck where event_id = 'evt_done'`;
    assert.equal(is_recent, true);
  });

  await t.step("what needs a person comes first", async () => {
    const rows = await rowsOf(db, "select condition from licensing.stuck");
    const conditions = rows.map((row) => row["condition"]);
    assert.deepEqual(conditions, [...conditions].sort());
    assert.deepEqual([...new Set(conditions)], ["parked", "retrying", "waiting"]);
  });

  await t.step("licensing.done_for_customers says what was done for whom", async () => {
    const act = async (eventId: string, ids: string[], customerId: string | null) => {
      const event = recorded(eventId, ids);
      assert.ok(event.reading.kind === "facts");
      const claim = claimOf(
        await ledger.record({ ...event, reading: { ...event.reading, customerId } }),
      );
      const actions = [call("create_user"), call("create_license", 400)];
      await ledger.settle(claim, applied(claim, { actions }));
    };
    await act("evt_early", ["in_1"], null);
    await act("evt_other", ["pi_2"], "cus_2");
    await act("evt_guest", ["cs_3"], null);
    await act("evt_joins", ["sub_1", "in_1"], "cus_1");

    const done = (where: string) =>
      rowsOf(
        db,
        `select customer_id, purchase_id, license_id, action, status, error, event_ids
         from licensing.done_for_customers where ${where} order by action_id`,
      );
    const row = { customer_id: "cus_1", purchase_id: "sub_1" };
    const made = (event_ids: string[]) => [
      { ...row, license_id: null, action: "create_user", status: 200, error: null, event_ids },
      {
        ...row,
        license_id: "license-1",
        action: "create_license",
        status: 400,
        error: "no",
        event_ids,
      },
    ];
    const expected = [...made(["evt_early"]), ...made(["evt_joins"])];
    assert.deepEqual(await done("customer_id = 'cus_1'"), expected);
    assert.deepEqual(await done("purchase_id = 'sub_1'"), expected);
    assert.equal((await done("customer_id is null")).length, 2);
    assert.equal((await done("true")).length, 8);
  });
});
