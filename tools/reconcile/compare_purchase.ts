// A purchase as Stripe shows it, against its licenses in Cryptlex, against our tables: by the same
// decisions and steps the function takes. Pure.

import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { type LicenseFields, planFields } from "../../functions/stripe-cryptlex/license_fields.ts";
import { fieldsSet } from "../../functions/stripe-cryptlex/outcome.ts";
import { foreseePlan } from "../../functions/stripe-cryptlex/plan_purchase.ts";
import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { newsIn } from "./essence.ts";
import type { Finding, FindingKind } from "./finding.ts";
import type { Preview } from "./reconcile_doors.ts";

/** What is held against each other. */
export type Compared = {
  readonly preview: Preview;
  /** All that is known once what Stripe shows is. */
  readonly purchase: Purchase;
  /** As they are in Cryptlex. */
  readonly licenses: readonly KnownLicense[];
  readonly policy: Policy;
};

export type Comparison = {
  readonly findings: readonly Finding[];
  /** Whether it sells licenses at all. */
  readonly isMapped: boolean;
};

/** What differs; nothing, if all three say the same. */
export function comparePurchase(
  { preview, purchase, licenses, policy }: Compared,
): Comparison {
  const { claim, known } = preview;
  const { purchaseId } = claim;
  const { decision, steps } = foreseePlan(claim, { purchase, licenses }, policy);
  const of = (licenseId: string | null, kind: FindingKind, found: string): Finding => ({
    kind,
    state: "open",
    purchaseId,
    licenseId,
    found,
    proposal: null,
  });
  const findings: Finding[] = [];

  const sells = decision.kind === "licenses" || decision.kind === "parked";
  const news = known === null ? [] : newsIn(known, purchase);
  if (sells && known === null) findings.push(of(null, "untold", "nothing of it is known here"));
  else if (news.length > 0) {
    findings.push(of(null, "untold", `not known here: ${news.join(", ")}`));
  }
  if (decision.kind === "parked") findings.push(of(null, "parked", decision.reason));
  else if (claim.events.some(({ status }) => status === "parked")) {
    findings.push(of(null, "parked", preview.lastError ?? "an event of it is parked"));
  }

  findings.push(...tellSteps(steps, of));
  for (const license of licenses) {
    const row = claim.licenses.find(({ licenseId }) => licenseId === license.licenseId);
    const isTouched = (field: keyof LicenseFields | "expiresAt") =>
      steps.some((step) => touches(step, license, field));
    if (row === undefined) {
      const whose = license.origin === "created" ? "ours" : "another script's";
      findings.push(
        of(license.licenseId, "unlinked", `in Cryptlex it is, ${whose} by its metadata`),
      );
      continue;
    }
    findings.push(...byHand(license, { row, isTouched, of }));
  }
  return { findings, isMapped: sells };
}

type Tell = (licenseId: string | null, kind: FindingKind, found: string) => Finding;

/** A license that ends as another product's takes its place is one difference, not two. */
function tellSteps(steps: readonly Step[], of: Tell): Finding[] {
  const ends = steps.filter((step) => step.kind === "end");
  const moves = new Map<Step, Step & { kind: "end" }>();
  for (const step of steps) {
    if (step.kind !== "create") continue;
    const end = ends.find(({ successor }) => successor === step.desired.slot);
    if (end !== undefined) moves.set(step, end);
  }
  const told = new Set<Step>(moves.values());
  return steps.filter((step) => !told.has(step)).map((step) => {
    const end = moves.get(step);
    if (step.kind !== "create" || end === undefined) return ofStep(step, of);
    const { licenseId, cryptlexProductId: from } = end.license;
    const { terms: { productId: to }, expiresAt } = step.desired;
    const found = `moves from product ${from} to ${to}, which gets a new license${
      expiresAt === null ? "" : `, until ${day(expiresAt)}`
    }`;
    return of(licenseId, "moved", found);
  });
}

function ofStep(step: Step, of: Tell): Finding {
  switch (step.kind) {
    case "create": {
      const { terms, expiresAt } = step.desired;
      const until = expiresAt === null ? "" : `, until ${day(expiresAt)}`;
      return of(null, "missing", `a license of product ${terms.productId}${until}`);
    }
    case "end":
      return of(step.license.licenseId, "surplus", "nobody has bought it, or not any more");
    case "expiry":
    case "put_back": {
      const { licenseId, expiresAt, perpetual } = step.license;
      const should = step.kind === "expiry" ? step.step.expiresAt : step.expiresAt;
      const is = expiresAt !== null ? day(expiresAt) : perpetual ? "never" : "from its activation";
      return of(licenseId, "expiry", `ends ${is}, should end ${day(should)}`);
    }
    case "set_interval":
      return of(
        step.license.licenseId,
        "interval",
        `is renewed by ${step.license.subscriptionInterval}, should be by ${step.interval}`,
      );
    case "set_fields": {
      const { patch } = planFields(step.license, step.wanted);
      const kind = step.reason !== null
        ? "standing"
        : "allowedActivations" in patch || "allowedFloatingClients" in patch
        ? "seats"
        : "terms";
      return of(step.license.licenseId, kind, `should be ${fieldsSet(patch, step.reason)}`);
    }
  }
}

function touches(
  step: Step,
  license: KnownLicense,
  field: keyof LicenseFields | "expiresAt",
): boolean {
  if (step.kind === "create" || step.license.licenseId !== license.licenseId) return false;
  if (step.kind === "expiry" || step.kind === "put_back") return field === "expiresAt";
  if (step.kind === "end") return field === "revoked";
  return step.kind === "set_fields" && field in planFields(step.license, step.wanted).patch;
}

const hourMs = 60 * 60 * 1000;

/** What somebody else changed; told anew each time, and a difference until our tables have it. */
function byHand(
  license: KnownLicense,
  { row, isTouched, of }: {
    row: KnownLicense;
    isTouched: (field: keyof LicenseFields | "expiresAt") => boolean;
    of: Tell;
  },
): Finding[] {
  const { licenseId } = license;
  const told = (found: string, isKnown: boolean): Finding =>
    isKnown
      ? { ...of(licenseId, "by_hand", found), state: "noted" }
      : of(licenseId, "changed", found);
  if (license.endedAt !== null && license.seen.revoked) return [];
  if (license.goneAt !== null) {
    return [told("was deleted; it is not made again", row.goneAt !== null)];
  }
  const findings: Finding[] = row.goneAt === null
    ? []
    : [of(licenseId, "changed", "is there again")];
  for (const field of Object.keys(license.seen) as (keyof LicenseFields)[]) {
    const [is, wrote] = [license.seen[field], license.wrote[field]];
    if (is === wrote || isTouched(field)) continue;
    findings.push(told(`${field} ${wrote} -> ${is}`, row.seen[field] === is));
  }
  const { expiresAt: is, wroteExpiresAt: wrote } = license;
  if (wrote !== null && !isTouched("expiresAt") && !near(is, wrote)) {
    const end = is === null ? "never" : day(is);
    findings.push(told(`expiresAt ${day(wrote)} -> ${end}`, near(is, row.expiresAt)));
  }
  return findings;
}

function near(a: Date | null, b: Date | null): boolean {
  if (a === null || b === null) return a === b;
  return Math.abs(a.getTime() - b.getTime()) <= hourMs;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
