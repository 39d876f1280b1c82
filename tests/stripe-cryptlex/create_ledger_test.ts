import assert from "node:assert/strict";
import { createLedger } from "../../functions/stripe-cryptlex/create_ledger.ts";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import type { Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { claimRow } from "./builders/claim_row.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { purchaseWith } from "./builders/purchase_with.ts";

type Called = { door: string; args: Record<string, unknown>; request: Record<string, unknown> };
type Client = Parameters<typeof createLedger>[0];

/** A ledger whose database answers so; `called` are its calls. */
function ledgerOf(answer: { data?: unknown; error?: unknown }, at?: () => Date) {
  const called: Called[] = [];
  const rpc = (door: string, args: Record<string, unknown>) => {
    called.push({ door, args, request: JSON.parse(String(args.request)) });
    return Promise.resolve({ data: null, error: null, ...answer });
  };
  const options = {
    leaseSeconds: 100,
    recordOnly: false,
    rate: { calls: 50, seconds: 5 },
    ...(at === undefined ? {} : { at }),
  };
  return { ledger: createLedger({ rpc } as unknown as Client, options), called };
}

const shop = createStripeShop();
const event = shop.subscribe({
  email: "ada@example.com",
  name: "Ada\0",
  price: { amount: 1, interval: "month" },
}).checkoutCompleted();
const none = { recorded: "new", claim: null };

Deno.test("an event is recorded with its facts, its ids and its payload, as one text", async () => {
  const { ledger, called } = ledgerOf({ data: none });
  const { head, reading } = readEvent(event);
  assert.equal(reading.kind, "facts");
  assert.deepEqual(await ledger.record({ head, reading, payload: event }), {
    duplicate: false,
    claim: null,
    left: null,
  });
  const [{ door, args, request } = { door: "", args: {}, request: {} }] = called;
  assert.equal(door, "record_stripe_event");
  assert.deepEqual(Object.keys(args), ["request"]);
  const { event: recorded, facts, ...rest } = request;
  assert.deepEqual(rest, {
    lease_seconds: 100,
    rehearsal: false,
    rate: { calls: 50, seconds: 5 },
    status: "pending",
    outcome: null,
    last_error: null,
    stripe_ids: reading.stripeIds,
    customer_id: reading.customerId,
    opens_sale: true,
    claims: true,
  });
  const { payload, ...columns } = recorded as Record<string, unknown>;
  assert.deepEqual(columns, {
    event_id: event.id,
    event_type: "checkout.session.completed",
    event_created_at: new Date(event.created * 1000).toISOString(),
    livemode: false,
    api_version: "2025-03-31.basil",
    customer_id: reading.customerId,
  });
  assert.equal((facts as { name: { value: string } }).name.value, "Ada\uFFFD");
  assert.equal((payload as typeof event).id, event.id);
  assert.ok(!String(args.request).includes("\\u0000"));
});

Deno.test("what is only to be recorded claims nothing", async () => {
  const { ledger, called } = ledgerOf({ data: { ...none, left: "sub_1" } });
  const { head, reading } = readEvent(event);
  const { left } = await ledger.record({ head, reading, payload: event }, { claims: false });
  assert.equal(called[0]?.request["claims"], false);
  assert.equal(left, "sub_1");
});

Deno.test("what says nothing is recorded with its reason, parked ones as an error too", async () => {
  const asked = async (kind: "ignored" | "parked", tells: { stripeIds?: string[] } = {}) => {
    const { ledger, called } = ledgerOf({ data: none });
    const { head } = readEvent(event);
    const reading = { kind, reason: "because", ...tells };
    await ledger.record({ head, reading, payload: event });
    const { status, outcome, last_error, facts, stripe_ids, opens_sale } = called[0]?.request ?? {};
    return [status, outcome, last_error, facts, stripe_ids, opens_sale];
  };
  assert.deepEqual(await asked("ignored"), ["ignored", "because", null, null, [], false]);
  assert.deepEqual(await asked("parked"), ["parked", "because", "because", null, [], false]);
  const [, , , , ids] = await asked("ignored", { stripeIds: ["in_1"] });
  assert.deepEqual(ids, ["in_1"]);
});

Deno.test("a duplicate is known as one, and a claim comes in our words", async () => {
  const { ledger } = ledgerOf({ data: { recorded: "duplicate", claim: claimRow() } });
  const { head, reading } = readEvent(event);
  const { duplicate, claim } = await ledger.record({ head, reading, payload: event });
  assert.equal(duplicate, true);
  assert.equal(claim?.purchaseId, "sub_1");
});

Deno.test("what is due is asked for, and may be an event to read again", async () => {
  const { ledger, called } = ledgerOf({ data: { claim: null, wait_seconds: 2, unread: event } });
  assert.deepEqual(await ledger.claimDue({ ignoreBackoff: true }), {
    claim: null,
    waitSeconds: 2,
    unread: event,
  });
  await ledger.claimDue({ ignoreBackoff: false, except: ["sub_1"] });
  assert.deepEqual(
    called.map(({ door, request }) => [door, request.ignore_backoff, request.except]),
    [["claim_due_purchase", true, []], ["claim_due_purchase", false, ["sub_1"]]],
  );
});

Deno.test("a settlement goes out in the ledger's column names, dates as text", async () => {
  const { ledger, called } = ledgerOf({ data: { settled: true, claim: null, refused: null } });
  const done: Settlement = {
    state: purchaseWith(),
    events: [{ eventId: "evt_1", status: "applied", outcome: "done", lastError: null }],
    licenses: [
      knownLicense({
        seats: { mode: "activations", perUnit: 5 },
        seen: licenseFields({ allowedActivations: 5, entitlementSetId: "set-a" }),
        wrote: licenseFields({ suspended: true, allowedFloatingClients: 3 }),
        writing: { revoked: true, entitlementSetId: "set-b" },
      }),
    ],
    customers: [
      { stripeCustomerId: "cus_1", userId: "user-1", userMadeByUs: true, wroteName: "Ada" },
    ],
    actions: [{ action: "renew_license", licenseId: "license-1", status: 200, ms: 9, error: null }],
    retrySeconds: 5,
    quietSeconds: 30,
    pauseSeconds: 7,
    mustRead: true,
    lookAgainSeconds: null,
    lastError: "no answer",
    stripeIds: ["in_1"],
    stripeRead: "found",
  };
  const claim = claimOf({
    replays: 4,
    states: [purchaseWith(), purchaseWith()],
    events: [eventOf({ status: "parked" })],
  });
  assert.deepEqual(await ledger.settle(claim, done), {
    settled: true,
    claim: null,
    refused: null,
  });
  assert.equal(called[0]?.door, "settle_purchase");
  assert.deepEqual(called[0]?.request, {
    lease_seconds: 100,
    rehearsal: false,
    purchase_id: "sub_1",
    token: "token-1",
    replays: 4,
    merged: 2,
    state: purchaseWith(),
    events: [{
      event_id: "evt_1",
      claimed_as: "parked",
      status: "applied",
      outcome: "done",
      last_error: null,
    }],
    licenses: [{
      license_id: "license-1",
      slot: "product-a/1",
      origin: "created",
      cryptlex_product_id: "product-a",
      license_template_id: null,
      seats: "activations",
      activations_per_unit: 5,
      mapped_by: "setting",
      covered_items: [],
      stripe_item_id: null,
      stripe_price_id: null,
      stripe_product_id: null,
      user_id: "user-1",
      subscription_interval: "P1M",
      license_expires_at: "2026-12-05T10:00:00.000Z",
      wrote_expires_at: "2026-12-05T10:00:00.000Z",
      perpetual: false,
      revoked: false,
      wrote_revoked: false,
      suspended: false,
      wrote_suspended: true,
      entitlement_set_id: "set-a",
      wrote_entitlement_set_id: null,
      allowed_activations: 5,
      wrote_allowed_activations: 1,
      allowed_floating_clients: null,
      wrote_allowed_floating_clients: 3,
      writing: { revoked: true, entitlement_set_id: "set-b" },
      ended_at: null,
      gone_at: null,
    }],
    customers: [{
      stripe_customer_id: "cus_1",
      user_id: "user-1",
      user_made_by_us: true,
      wrote_name: "Ada",
    }],
    actions: [{
      action: "renew_license",
      license_id: "license-1",
      status: 200,
      ms: 9,
      error: null,
    }],
    retry_seconds: 5,
    quiet_seconds: 30,
    pause_seconds: 7,
    must_read: true,
    takes: "news",
    charged: { half: "fresh", calls: 2 },
    rate: { calls: 50, seconds: 5 },
    look_again_seconds: null,
    last_error: "no answer",
    stripe_ids: ["in_1"],
    stripe_read: "found",
  });
});

Deno.test("what is to be told is asked for, and noted as told by its token", async () => {
  const event = {
    event_id: "evt_1",
    event_type: "invoice.paid",
    purchase_id: null,
    last_error: "missing: lines",
  };
  const late = { count: 2, since: "2026-11-02T10:00:00.123456+00:00", oldest: event };
  const row = { token: "token-1", parked: 7, events: [event], late };
  const { ledger, called } = ledgerOf({ data: { alert: row } });
  const told = {
    eventId: "evt_1",
    eventType: "invoice.paid",
    purchaseId: null,
    lastError: "missing: lines",
  };
  const alert = await ledger.claimAlert();
  assert.deepEqual(alert, {
    token: "token-1",
    parked: 7,
    events: [told],
    late: { count: 2, since: new Date("2026-11-02T10:00:00.123Z"), oldest: told },
  });
  assert.ok(alert !== null);
  const settling = ledgerOf({ data: { told: 7 } });
  await settling.ledger.settleAlert(alert);
  assert.deepEqual(
    [...called, ...settling.called].map(({ door, request }) => [door, request.token]),
    [["claim_alert", undefined], ["settle_alert", "token-1"]],
  );
  assert.equal(await ledgerOf({ data: { alert: null } }).ledger.claimAlert(), null);
});

Deno.test("who asks for keys is told how far they are, and Cryptlex's refusal is noted", async () => {
  const charged = { half: "fresh", calls: 1 };
  for (
    const [row, told] of [
      [{ state: "unknown" }, { state: "unknown" }],
      [{ state: "making", retry_seconds: 2 }, { state: "making", retrySeconds: 2 }],
      [{ state: "ready", license_ids: ["l"], charged }, {
        state: "ready",
        licenseIds: ["l"],
        charged,
      }],
    ]
  ) {
    const { ledger, called } = ledgerOf({ data: row });
    assert.deepEqual(await ledger.claimKeys("cs_test_1"), told);
    assert.deepEqual([called[0]?.door, called[0]?.request.session_id], [
      "claim_license_keys",
      "cs_test_1",
    ]);
  }
  const { ledger, called } = ledgerOf({ data: { settled: true } });
  await ledger.settleKeys(
    { state: "ready", licenseIds: ["l"], charged },
    { status: 429, pauseSeconds: 7 },
  );
  const { door, request } = called[0] ?? assert.fail();
  assert.deepEqual([door, request.charged, request.actions, request.pause_seconds], [
    "settle_license_keys",
    charged,
    [{ status: 429 }],
    7,
  ]);
});

Deno.test("the database's clock may be set, for simulations", async () => {
  const at = new Date("2026-11-02T10:00:00Z");
  const { ledger, called } = ledgerOf(
    { data: { claim: null, wait_seconds: null, unread: null } },
    () => at,
  );
  await ledger.claimDue({ ignoreBackoff: false });
  assert.equal(called[0]?.args.at, "2026-11-02T10:00:00.000Z");
});

Deno.test("an error tells what was asked and the database's code, and none of its words", async () => {
  const words = "duplicate key: (ada@example.com) already exists";
  for (const [code, told] of [["23505", "23505"], ["", "nothing"]] as const) {
    const error = { message: words, details: words, hint: words, code };
    const { ledger } = ledgerOf({ error });
    await assert.rejects(ledger.claimDue({ ignoreBackoff: false }), (thrown) => {
      assert.ok(thrown instanceof LedgerError);
      assert.equal(thrown.message, `Cannot claim_due_purchase: the database answered ${told}`);
      assert.equal(thrown.retryable, true);
      assert.ok(!Deno.inspect(thrown).includes("ada@"));
      return true;
    });
  }
});

Deno.test("where the function is is told, and the digest of the database's secret learned", async () => {
  const digest = "0a".repeat(32);
  const { ledger, called } = ledgerOf({ data: { drain_secret_sha256: digest } });
  assert.equal(await ledger.announce("https://ref.supabase.co/functions/v1/x"), digest);
  await ledger.announce(null);
  assert.deepEqual(
    called.map(({ door, request }) => [door, request.function_url, request.rehearsal]),
    [
      ["announce_function", "https://ref.supabase.co/functions/v1/x", false],
      ["announce_function", null, false],
    ],
  );
  for (const data of [null, { drain_secret_sha256: "0a" }, { drain_secret_sha256: null }]) {
    await assert.rejects(ledgerOf({ data }).ledger.announce(null), LedgerError);
  }
});

Deno.test("what is nested too deep to be written is refused like data", async () => {
  const { ledger, called } = ledgerOf({ data: none });
  const payload = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`);
  await assert.rejects(
    ledger.record({ ...readEvent(event), payload }),
    (thrown) => thrown instanceof LedgerError && thrown.refusesData,
  );
  assert.deepEqual(called, []);
});

Deno.test("an answer that cannot be read is an error, and is not quoted", async () => {
  const answers = [null, {}, { pending: "ada@example.com" }, { recorded: "ada@example.com" }];
  for (const data of answers) {
    await assert.rejects(ledgerOf({ data }).ledger.health(), (thrown) => {
      assert.ok(thrown instanceof LedgerError);
      assert.ok(!Deno.inspect(thrown).includes("ada@"));
      return true;
    });
  }
});

Deno.test("data the database will never take is known by its code", () => {
  const refuses = (code: string | null) => new LedgerError("settle_purchase", code).refusesData;
  for (const code of ["22P02", "22021", "23505", "23514", "54000"]) {
    assert.equal(refuses(code), true, code);
  }
  for (const code of [null, "", "57014", "40001", "PGRST002", "42501", "02200"]) {
    assert.equal(refuses(code), false, String(code));
  }
});
