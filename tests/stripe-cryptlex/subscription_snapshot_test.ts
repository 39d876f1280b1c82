import assert from "node:assert/strict";
import {
  newerSnapshot,
  type SubscriptionStatus,
  subscriptionStatuses,
} from "../../functions/stripe-cryptlex/subscription_snapshot.ts";
import { said, saidAt, snapshotWith } from "./builders/purchase_with.ts";

const shown = (status: SubscriptionStatus, stamp: { at?: number; by?: string } = {}) =>
  said(snapshotWith({ si_1: {} }, { status }), stamp);

Deno.test("the newer snapshot replaces the older as a whole, whichever came first", () => {
  const older = said(snapshotWith({ si_1: {}, si_2: {} }), { at: saidAt, by: "evt_9" });
  const newer = said(snapshotWith({ si_1: {} }), { at: saidAt + 1, by: "evt_1" });
  assert.equal(newerSnapshot(older, newer), newer);
  assert.equal(newerSnapshot(newer, older), newer);
});

Deno.test("of one second the usable status counts, and an end most of all, whatever the events' ids", () => {
  subscriptionStatuses.forEach((worse, i) => {
    for (const better of subscriptionStatuses.slice(i + 1)) {
      const [a, b] = [shown(worse, { by: "evt_9" }), shown(better, { by: "evt_1" })];
      assert.equal(newerSnapshot(a, b), b);
      assert.equal(newerSnapshot(b, a), b);
    }
  });
  const order = (...statuses: SubscriptionStatus[]) =>
    statuses.map((status) => subscriptionStatuses.indexOf(status));
  const ranks = order("paused", "unpaid", "past_due", "incomplete", "trialing", "active");
  assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b));
});

Deno.test("of one second and one status the event with the higher id counts", () => {
  const [a, b] = [shown("active", { by: "evt_1" }), shown("active", { by: "evt_2" })];
  assert.equal(newerSnapshot(a, b), b);
  assert.equal(newerSnapshot(b, a), b);
});

Deno.test("what was read again outranks an event of the same second and status", () => {
  const [event, read] = [shown("active", { by: "evt_zzz" }), shown("active", { by: "read" })];
  assert.equal(newerSnapshot(event, read), read);
  assert.equal(newerSnapshot(read, event), read);
});
