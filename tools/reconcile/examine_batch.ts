// Purchases as Stripe shows them, each held against Cryptlex and our tables. Changes nothing.

import { neededRead } from "../../functions/stripe-cryptlex/needed_read.ts";
import { planPurchase } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { readLicenses } from "../../functions/stripe-cryptlex/read_licenses.ts";
import { findDoubles } from "./compare_doubles.ts";
import { comparePurchase } from "./compare_purchase.ts";
import { candidatesFor } from "./empty_licenses.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { LicenseShelf } from "../operator/license_shelf.ts";
import type { ListedLicense } from "../operator/listed_license.ts";
import type { Look } from "./look.ts";
import type { Preview, ReconcileDoors } from "./reconcile_doors.ts";
import { sideBySide } from "./side_by_side.ts";
import { mapsOtherwise, stoppedByHand, thawed } from "./thaw.ts";

/** What everything is held against. */
export type Examiner = {
  readonly doors: Pick<ReconcileDoors, "preview">;
  readonly shelf: LicenseShelf;
  /** Where it is asked again what a list that was read before may have missed; null: it is not. */
  readonly recheck: LicenseShelf | null;
  /** What differs is put right, by who reads Cryptlex first: only a mapping anew is decided here. */
  readonly applies: boolean;
  readonly empties: readonly ListedLicense[];
  readonly policy: Policy;
  readonly remap: boolean;
};

/** A purchase, and what came of it. */
export type Examined = {
  readonly look: Look;
  /** What is to be recorded of it. */
  readonly facts: Purchase;
  readonly purchaseId: string;
  readonly findings: readonly Finding[];
  readonly isMapped: boolean;
  readonly remaps: boolean;
  /** All its licenses in Cryptlex. */
  readonly licenseIds: readonly string[];
  /** Those that may be what it lacks: a person has to say. */
  readonly candidates: readonly string[];
};

const atOnce = 8;

/** What a list that is not new any more may show wrongly. */
const doubtful: ReadonlySet<FindingKind> = new Set(["missing", "moved", "changed"]);

export async function examineBatch(
  looks: readonly Look[],
  examiner: Examiner,
): Promise<Examined[]> {
  const asked = looks.map((look) => ({ look, facts: look.facts }));
  const previews = await examiner.doors.preview(looks);
  const unlisted = asked.flatMap((one, index) => {
    const preview = previews[index];
    return preview !== undefined && needsLines(one.look, preview) ? [index] : [];
  });
  for (const index of unlisted) {
    const one = asked[index];
    if (one?.look.lines) one.facts = merge(one.facts, one.look.lines);
  }
  const again = unlisted.flatMap((index) => asked[index] ?? [])
    .map(({ look, facts }) => ({ ...look, facts }));
  // Its plans are looked up by what was sold.
  const listed = again.length === 0 ? [] : await examiner.doors.preview(again);
  unlisted.forEach((index, nth) => {
    const preview = listed[nth];
    if (preview !== undefined) previews[index] = preview;
  });
  const known = asked.flatMap((one, index) => {
    const preview = previews[index];
    return preview === undefined ? [] : [{ ...one, preview }];
  });
  return await sideBySide(known, atOnce, (one) => examine(one, examiner));
}

function needsLines({ lines }: Look, { claim }: Preview): boolean {
  if (lines === null) return false;
  const { purchaseId, licenses } = claim;
  const needed = neededRead(claim.states.reduce(merge, nothing), {
    purchaseId,
    events: [],
    licenses,
  });
  return needed?.kind === "session_lines";
}

async function examine(
  { look, facts, preview }: { look: Look; facts: Purchase; preview: Preview },
  examiner: Examiner,
): Promise<Examined> {
  const purchase = preview.claim.states.reduce(merge, nothing);
  const first = await examineOn(examiner.shelf, { look, preview, purchase }, examiner);
  const isDoubtful = first.remaps ||
    (!examiner.applies && first.findings.some(({ kind }) => doubtful.has(kind)));
  const seen = examiner.recheck !== null && isDoubtful
    ? await examineOn(examiner.recheck, { look, preview, purchase }, examiner)
    : first;
  return { look, facts, purchaseId: preview.claim.purchaseId, ...seen };
}

type Seen = Omit<Examined, "look" | "facts" | "purchaseId">;

async function examineOn(
  shelf: LicenseShelf,
  { look, preview, purchase }: { look: Look; preview: Preview; purchase: Purchase },
  examiner: Examiner,
): Promise<Seen> {
  const { claim } = preview;
  const { purchaseId, joinedIds } = claim;
  const licenses = await readLicenses(shelf, {
    purchaseId,
    purchase,
    // Once money went back it is known by its payment; its license may carry the invoice's id.
    joinedIds: look.invoiceId === null ? joinedIds : [...joinedIds, look.invoiceId],
    known: claim.licenses,
    unheard: true,
    now: claim.claimedAt,
  });
  return see(licenses, { look, preview, purchase, examiner, shown: shelf.shown });
}

/** What is seen of it with these licenses. Pure. */
export function see(
  found: readonly KnownLicense[],
  { look, preview, purchase, examiner, shown }: {
    look: Look;
    preview: Preview;
    purchase: Purchase;
    examiner: Pick<Examiner, "policy" | "remap" | "empties">;
    shown: (licenseId: string) => ListedLicense | null;
  },
): Seen {
  const { policy, remap, empties } = examiner;
  const { claim } = preview;
  const { purchaseId } = claim;
  const differs = remap && mapsOtherwise(claim, { purchase, licenses: found }, policy);
  const stopped = differs ? stoppedByHand(found) : [];
  const remaps = differs && stopped.length === 0;
  const licenses = remaps ? found.map(thawed) : found;
  const compared = comparePurchase({ preview, purchase, licenses, policy });
  const { steps } = planPurchase(claim, { purchase, licenses }, policy);
  const candidates = candidatesFor(purchase, steps, empties).map(({ id }) => id);
  const unread = look.problems.map((found): Finding => ({
    kind: "unread",
    state: "person",
    purchaseId,
    licenseId: null,
    found,
    proposal: null,
  }));
  const kept = stopped.map(({ licenseId, how }): Finding => ({
    kind: "not_remapped",
    state: "person",
    purchaseId,
    licenseId,
    found: `the plans say otherwise by now, and it was ${how} by hand`,
    proposal: how === "deleted"
      ? "the purchase stays as it is: whoever deleted it meant to"
      : "make it valid in Cryptlex, if its buyer is to have what the plans say",
  }));
  const findings = compared.findings.map((finding): Finding =>
    candidates.length > 0 && finding.state === "open"
      ? {
        ...finding,
        state: "person",
        proposal: `license ${candidates.join(" or ")} may be what it lacks: see subscription_empty`,
      }
      : finding
  );
  return {
    findings: [...findings, ...kept, ...unread, ...findDoubles(purchaseId, licenses, shown)],
    isMapped: compared.isMapped,
    remaps,
    licenseIds: licenses.map(({ licenseId }) => licenseId),
    candidates,
  };
}
