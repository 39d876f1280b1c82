import assert from "node:assert/strict";
import { allPages, createReplayDoors } from "../../../tools/replay/replay_doors.ts";
import { claimRow } from "../../stripe-cryptlex/builders/claim_row.ts";

type Client = Parameters<typeof createReplayDoors>[0];
type Answer = { data: unknown };

/** Doors whose database answers so, one answer after the other; `called` is what it was asked. */
function doorsOf(...answers: Answer[]) {
  const called: [door: string, request: unknown][] = [];
  const rpc = (door: string, { request }: { request: string }) => {
    called.push([door, JSON.parse(request)]);
    return Promise.resolve({ data: null, error: null, status: 200, ...answers.shift() });
  };
  return { doors: createReplayDoors({ rpc } as unknown as Client), called };
}

const none = { total: 0, events: [], not_found: [], next: null };
const next = { received_at: "2026-11-02T10:00:00.123456+00:00", event_id: "evt_500" };

Deno.test("each way to mean events is asked for as such, dry or not, and goes on where it was", async () => {
  const { doors, called } = doorsOf(...Array(4).fill({ data: none }));
  await doors.find({ kind: "ids", ids: ["evt_1"] });
  await doors.replay({ kind: "parked" });
  await doors.replay({ kind: "parked" }, next);
  await doors.find({ kind: "since", since: new Date("2026-11-02T10:00:00Z") });
  assert.deepEqual(called, [
    ["replay_stripe_events", { event_ids: ["evt_1"], dry_run: true }],
    ["replay_stripe_events", { parked: true, dry_run: false }],
    ["replay_stripe_events", { parked: true, dry_run: false, after: next }],
    ["replay_stripe_events", { since: "2026-11-02T10:00:00.000Z", dry_run: true }],
  ]);
});

Deno.test("pages are asked for until there is none", async () => {
  const { doors } = doorsOf({ data: { ...none, total: 501, next } }, { data: none });
  const totals: number[] = [];
  for await (const page of allPages((after) => doors.find({ kind: "parked" }, after))) {
    totals.push(page.total);
  }
  assert.deepEqual(totals, [501, 0]);
});

Deno.test("a preview is a claim without a token", async () => {
  const { doors, called } = doorsOf({ data: { claims: [claimRow({ token: null })] } });
  const [claim] = await doors.preview(["sub_1"]);
  assert.deepEqual([claim?.purchaseId, claim?.token], ["sub_1", ""]);
  assert.deepEqual(called, [["preview_replay", { purchase_ids: ["sub_1"] }]]);
});
