// The story of a run: the licenses, the purchases batch by batch, what is left, what never arrived. After
// every batch it is written down how far it came.

import { namesNoSubscription, noSubscription } from "./license_links.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { emptyFinding } from "./empty_licenses.ts";
import { examineBatch, type Examined, type Examiner } from "./examine_batch.ts";
import { fetchUndelivered } from "./fetch_undelivered.ts";
import { findOrphans } from "./find_orphans.ts";
import type { Finding } from "./finding.ts";
import type { LicenseShelf } from "../operator/license_shelf.ts";
import type { ListedLicense } from "../operator/listed_license.ts";
import { type Mender, putRight } from "./put_right.ts";
import { type PurchaseSource, readPurchases } from "./read_purchases.ts";
import type { Scope } from "./read_scope.ts";
import type { ReconcileDoors } from "./reconcile_doors.ts";
import type { RunState } from "./run_state.ts";

export type Comparing = {
  readonly source: PurchaseSource;
  readonly doors: ReconcileDoors;
  readonly shelf: LicenseShelf;
  readonly recheck: LicenseShelf | null;
  readonly policy: Policy;
  readonly livemode: boolean | null;
  readonly scope: Scope;
  readonly remap: boolean;
  /** Null: it only reports. */
  readonly mender: Mender | null;
  /** Called after every batch. */
  readonly keep: (state: RunState) => Promise<void>;
  readonly advance: (count: number) => void;
};

/** Goes on from `state` to its end. */
export async function compareAll(state: RunState, comparing: Comparing): Promise<RunState> {
  const { source, doors, shelf, recheck, policy, scope, remap, mender, keep, advance } = comparing;
  const empties = await emptyLicenses(shelf);
  const applies = mender !== null;
  const examiner: Examiner = { doors, shelf, recheck, applies, empties, policy, remap };
  let now = state;
  if (now.cursor !== null) {
    const done = new Set<string>();
    for await (const batch of readPurchases(source, { scope, from: now.cursor })) {
      // What is touched in several ways is looked at once.
      const looks = batch.looks.filter(({ stripeIds: [id] }) =>
        id !== undefined && !done.has(id) && done.add(id)
      );
      const examined = await examineBatch(looks, examiner);
      const result = mender === null ? examined : await putRight(examined, mender, examiner);
      now = { ...noted(now, result), cursor: batch.next };
      now.findings.push(...batch.unknown.map(notKnown));
      await keep(now);
      advance(looks.length);
    }
  }
  now.findings.push(
    ...empties.filter(({ fields }) => !fields.revoked)
      .filter(({ id }) => scope.kind === "all" || now.candidates[id] !== undefined)
      .map((license) => emptyFinding(license, now.candidates[license.id] ?? [])),
  );
  if (scope.kind === "all" && shelf.all !== null) {
    const matched = new Set(now.matched);
    const rest = shelf.all.filter(({ id }) => !matched.has(id));
    now.findings.push(...await findOrphans(rest, source.lists));
  }
  if (scope.kind === "all" || scope.kind === "since") {
    const of = { since: scope.kind === "since" ? scope.since : null };
    const work = mender;
    const heldBack = new Set(now.heldBack);
    const { lists } = source;
    const { livemode } = comparing;
    for await (
      const found of fetchUndelivered({ lists, doors, livemode }, { of, heldBack, work })
    ) {
      now.findings.push(...found);
    }
  }
  return now;
}

async function emptyLicenses(shelf: LicenseShelf): Promise<ListedLicense[]> {
  const found = await shelf.findLicenses([noSubscription]);
  return found.filter(namesNoSubscription).flatMap(({ id }) => shelf.shown(id) ?? []);
}

function noted(state: RunState, examined: readonly Examined[]): RunState {
  const candidates = { ...state.candidates };
  for (const one of examined) {
    for (const licenseId of one.candidates) {
      candidates[licenseId] = [
        ...new Set([...candidates[licenseId] ?? [], one.purchaseId]),
      ];
    }
  }
  const heldBack = examined.filter((one) => one.candidates.length > 0)
    .flatMap(({ look }) => look.stripeIds);
  return {
    ...state,
    compared: state.compared + examined.length,
    unmapped: state.unmapped + examined.filter(({ isMapped }) => !isMapped).length,
    matched: [...state.matched, ...examined.flatMap(({ licenseIds }) => licenseIds)],
    candidates,
    heldBack: [...state.heldBack, ...heldBack],
    findings: [...state.findings, ...examined.flatMap(({ findings }) => findings)],
  };
}

function notKnown(id: string): Finding {
  return {
    kind: "unread",
    state: "person",
    purchaseId: id,
    licenseId: null,
    found: "Stripe knows no paid purchase of that id",
    proposal: null,
  };
}
