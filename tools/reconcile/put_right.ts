// What differs is recorded, and worked off by the function's own hand: the same decisions and steps,
// under the same leases and within the same limit as a delivery's.

import { createHash } from "node:crypto";
import type { Background } from "../../functions/stripe-cryptlex/background.ts";
import { drain } from "../../functions/stripe-cryptlex/drain.ts";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import type { World } from "../../functions/stripe-cryptlex/world.ts";
import { contentOf } from "./essence.ts";
import { type Examined, type Examiner, see } from "./examine_batch.ts";
import type { Finding } from "./finding.ts";
import type { ReconcileDoors } from "./reconcile_doors.ts";
import { sideBySide } from "./side_by_side.ts";

export type Mender = {
  readonly doors: ReconcileDoors;
  readonly world: World;
  readonly background: Background;
};

/** So many are recorded at a time. */
const atOnce = 4;

/** What waits for something, as for a call that may still land, is waited for so long. Seconds. */
const patienceSeconds = 60;

const words: Readonly<Record<string, string>> = {
  sub: "subscription",
  pi: "payment",
  cs: "session",
  in: "invoice",
};

/** Puts right what is open of these; resolves to them with what came of it. */
export async function putRight(
  examined: readonly Examined[],
  mender: Mender,
  examiner: Examiner,
): Promise<Examined[]> {
  const open = examined.filter(isOpen);
  if (open.length === 0) return [...examined];
  const eventIds = await sideBySide(open, atOnce, (one) => record(one, mender.doors));
  await workOff(eventIds, mender);
  const after = await mender.doors.preview(open.map(({ look, facts }) => ({ ...look, facts })));
  return examined.map((one) => {
    const preview = after[open.indexOf(one)];
    if (preview === undefined) return one;
    const { claim, lastError } = preview;
    const purchase = claim.states.reduce(merge, nothing);
    // As the function has just read and written them.
    const left = see(claim.licenses, {
      look: one.look,
      preview,
      purchase,
      examiner,
      shown: examiner.shelf.shown,
    }).findings.filter(({ state }) => state === "open");
    const isUnderWay = claim.events.some(({ status }) => status === "pending");
    const why = lastError ?? (isUnderWay ? "it is still worked on" : null);
    return { ...one, findings: judged(one.findings, { left, isUnderWay, why }) };
  });
}

function isOpen({ findings }: Examined): boolean {
  return findings.some(({ state }) => state === "open");
}

function judged(
  before: readonly Finding[],
  { left, isUnderWay, why }: { left: readonly Finding[]; isUnderWay: boolean; why: string | null },
): Finding[] {
  const isSame = (a: Finding, b: Finding) => a.kind === b.kind && a.licenseId === b.licenseId;
  const failed = (finding: Finding): Finding => ({ ...finding, state: "failed", proposal: why });
  return [
    ...before.map((finding): Finding => {
      if (finding.state !== "open") return finding;
      const isLeft = isUnderWay || left.some((one) => isSame(one, finding));
      return isLeft ? failed(finding) : { ...finding, state: "fixed" };
    }),
    ...left.filter((one) => !before.some((finding) => isSame(finding, one))).map(failed),
  ];
}

async function record(examined: Examined, doors: ReconcileDoors): Promise<string> {
  const { look: { invoiceId }, purchaseId } = examined;
  // First by its own id, so that both are known to be one, and its license is found by either.
  if (invoiceId !== null && invoiceId !== purchaseId) {
    await recordAs(invoiceId, { ...examined, stripeIds: [invoiceId] }, doors);
  }
  return await recordAs(purchaseId, { ...examined, stripeIds: examined.look.stripeIds }, doors);
}

async function recordAs(
  id: string,
  { look, facts, remaps, stripeIds }: Examined & { stripeIds: readonly string[] },
  doors: ReconcileDoors,
): Promise<string> {
  const content = `${id} ${remaps} ${contentOf(facts)}`;
  // The same for the same content: a run that was stopped records nothing twice.
  const eventId = `evt_reconcile_${
    createHash("sha256").update(content).digest("hex").slice(0, 32)
  }`;
  const kind = words[id.slice(0, id.indexOf("_"))] ?? "purchase";
  await doors.record({ ...look, stripeIds, facts, eventId, eventType: `reconcile.${kind}` }, {
    remap: remaps,
  });
  return eventId;
}

/** Drains until none of these events is pending, or waiting for it has no end. */
async function workOff(
  eventIds: readonly string[],
  { doors, world, background }: Mender,
): Promise<void> {
  for (let waited = 0; waited < patienceSeconds;) {
    const tally = await drain(world, { background, ignoreBackoff: false });
    await background.idle();
    if ((await doors.pendingEvents(eventIds)).length === 0) return;
    if (tally.settled + tally.parked + tally.retrying > 0) continue;
    await world.delay(1000);
    waited++;
  }
}
