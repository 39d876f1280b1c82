import assert from "node:assert/strict";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import {
  beginWork,
  type Ending,
  parkedInstead,
  settlementOf,
  type Work,
} from "../../functions/stripe-cryptlex/settlement.ts";
import type { Trouble } from "../../functions/stripe-cryptlex/trouble.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { knownLicense } from "./builders/known_license.ts";
import { purchaseWith, sessionWith } from "./builders/purchase_with.ts";

const done: Ending = { kind: "done", status: "applied", outcome: "license a created" };
const rehearsed: Ending = { kind: "rehearsed", outcome: "would do nothing" };
const both = [eventOf(), eventOf({ eventId: "evt_2", status: "parked" })];

function troubled(changed: Partial<Trouble> = {}): Ending {
  const trouble = {
    message: "no answer",
    retrySeconds: 5,
    quietSeconds: null,
    pauseSeconds: null,
    mustRead: false,
    ...changed,
  };
  return { kind: "trouble", trouble };
}

function workWith(changed: Partial<Work> = {}): Work {
  return {
    purchase: purchaseWith(),
    licenses: new Map(),
    customers: [],
    outcomes: [],
    calls: [],
    stripeIds: [],
    stripeRead: null,
    hasRead: false,
    isFresh: () => false,
    seenNow: () => new Set(),
    ...changed,
  };
}

const settled = (ending: Ending, claim: Partial<Claim> = {}, work: Partial<Work> = {}) =>
  settlementOf(claimOf({ events: both, ...claim }), { work: workWith(work), ending });

Deno.test("a success closes every claimed event, parked ones too, with one outcome", () => {
  const { events, lastError, retrySeconds } = settled(done);
  assert.deepEqual(
    events.map(({ eventId, status, outcome, lastError }) => [eventId, status, outcome, lastError]),
    [["evt_1", "applied", "license a created", null], [
      "evt_2",
      "applied",
      "license a created",
      null,
    ]],
  );
  assert.deepEqual([lastError, retrySeconds], [null, null]);
  const ignored = settled({ kind: "done", status: "ignored", outcome: "maps nowhere" });
  assert.equal(ignored.events[0]?.status, "ignored");
});

Deno.test("trouble that passes leaves every event as it was, with the error", () => {
  const { events, lastError, retrySeconds } = settled(troubled());
  assert.deepEqual(events.map(({ status }) => status), ["pending", "parked"]);
  assert.deepEqual(events.map(({ lastError }) => lastError), ["no answer", "no answer"]);
  assert.deepEqual([lastError, retrySeconds], ["no answer", 5]);
});

Deno.test("trouble that needs a person parks every event", () => {
  const { events } = settled(troubled({ retrySeconds: null }));
  assert.deepEqual(events.map(({ status }) => status), ["parked", "parked"]);
});

Deno.test("waits are passed on as they are", () => {
  const { retrySeconds, quietSeconds, pauseSeconds } = settled(
    troubled({ retrySeconds: 0, quietSeconds: 30, pauseSeconds: 7 }),
  );
  assert.deepEqual([retrySeconds, quietSeconds, pauseSeconds], [0, 30, 7]);
});

Deno.test("what was done before the trouble is kept and told", () => {
  const call = {
    action: "create_license",
    licenseId: "license-1",
    status: 201,
    ms: 9,
    error: null,
  };
  const link = {
    stripeCustomerId: "cus_1",
    userId: "user-1",
    userMadeByUs: true,
    wroteName: "Ada",
  };
  const purchase = purchaseWith({ sessions: { cs_1: sessionWith() } });
  const settlement = settled(troubled(), {}, {
    purchase,
    licenses: new Map([["license-1", knownLicense()]]),
    customers: [link],
    outcomes: ["license-1 created", "license-2 created"],
    calls: [call],
  });
  assert.deepEqual(settlement.state, purchase);
  assert.deepEqual(settlement.licenses, [knownLicense()]);
  assert.deepEqual(settlement.customers, [link]);
  assert.deepEqual(settlement.actions, [call]);
  assert.equal(settlement.events[0]?.outcome, "license-1 created; license-2 created");
  assert.equal(settled(troubled()).events[0]?.outcome, null);
});

Deno.test("a rehearsal leaves events as they were, and asks to be read first", () => {
  const { events, mustRead, lastError } = settled(rehearsed);
  assert.deepEqual(events.map(({ status, outcome }) => [status, outcome]), [
    ["pending", "would do nothing"],
    ["parked", "would do nothing"],
  ]);
  assert.deepEqual([mustRead, lastError], [true, null]);
});

Deno.test("only having read answers the call for reading", () => {
  assert.equal(settled(done, { mustRead: true }).mustRead, true);
  assert.equal(settled(done, { mustRead: true }, { hasRead: true }).mustRead, false);
  assert.equal(settled(troubled(), { mustRead: true }).mustRead, true);
  assert.equal(settled(done).mustRead, false);
  assert.equal(settled(troubled()).mustRead, false);
});

Deno.test("a call that was not heard asks for reading, even after a read", () => {
  assert.equal(settled(troubled({ mustRead: true })).mustRead, true);
  assert.equal(
    settled(troubled({ mustRead: true }), { mustRead: true }, { hasRead: true }).mustRead,
    true,
  );
});

Deno.test("trouble after a read still asks for reading: the exact date was not yet set", () => {
  assert.equal(settled(troubled(), { mustRead: true }, { hasRead: true }).mustRead, true);
});

Deno.test("what cannot be stored is parked: the state stays, the rows are left, the next one reads", () => {
  const settlement = settled(done, {}, {
    purchase: purchaseWith({ sessions: { cs_1: sessionWith() } }),
    licenses: new Map([["license-1", knownLicense()]]),
    outcomes: ["license-1 created"],
  });
  const parked = parkedInstead(settlement, "the database refused it");
  assert.deepEqual(
    parked.events.map(({ status, lastError }) => [status, lastError]),
    [["parked", "the database refused it"], ["parked", "the database refused it"]],
  );
  assert.deepEqual([parked.licenses, parked.customers], [[], []]);
  assert.deepEqual(parked.state, settlement.state);
  assert.deepEqual([parked.retrySeconds, parked.mustRead], [null, true]);
});

Deno.test("a look that failed comes again, one that came to what needs a person does not", () => {
  const looks = { looksAgain: true };
  const next = (trouble: Partial<Trouble>, hasRead: boolean, claim: Partial<Claim> = looks) =>
    settled(troubled(trouble), claim, { hasRead }).lookAgainSeconds;
  assert.equal(next({ retrySeconds: 5 }, true), 5);
  assert.equal(next({ retrySeconds: null }, true), null);
  assert.equal(next({ retrySeconds: null }, false), 3600);
  assert.equal(next({ retrySeconds: 5 }, true, {}), null);
  assert.equal(next({ quietSeconds: 30 }, true, {}), 3600);
});

Deno.test("what was learned from Stripe is passed on", () => {
  const settlement = settled(done, {}, { stripeIds: ["ch_1"], stripeRead: "found" });
  assert.deepEqual([settlement.stripeIds, settlement.stripeRead], [["ch_1"], "found"]);
  assert.deepEqual([settled(done).stripeIds, settled(done).stripeRead], [[], null]);
});

Deno.test("work begins with all that was said, in whatever pieces, and nothing done", () => {
  const states = [
    purchaseWith({ sessions: { cs_1: sessionWith() } }),
    purchaseWith({ sessions: { cs_2: sessionWith() } }),
  ];
  const work = beginWork(claimOf({ states, licenses: [knownLicense()] }));
  assert.deepEqual(Object.keys(work.purchase.sessions), ["cs_1", "cs_2"]);
  assert.deepEqual([...work.licenses], [["license-1", knownLicense()]]);
  assert.deepEqual([work.customers, work.outcomes, work.calls, work.hasRead], [[], [], [], false]);
});

Deno.test("a license is fresh once it was read or written, or everything was read", () => {
  const call = { action: "get_license", licenseId: "license-1", status: 200, ms: 1, error: null };
  const work = beginWork(claimOf());
  assert.equal(work.isFresh("license-1"), false);
  work.calls.push({ ...call, licenseId: null }, { ...call, licenseId: "license-2" });
  work.calls.push({ ...call, status: 400, error: "no" }, { ...call, status: null, error: "none" });
  assert.equal(work.isFresh("license-1"), false, "of another, or refused, or unanswered");
  work.calls.push(call);
  assert.equal(work.isFresh("license-1"), true);
  work.hasRead = true;
  assert.equal(work.isFresh("license-9"), true);
});

Deno.test("going on at once with the next part is no error", () => {
  const { lastError, events } = settled(troubled({ retrySeconds: 0 }));
  assert.deepEqual([lastError, ...events.map((event) => event.lastError)], [null, null, null]);
});
