// What happened, or would, in a line for people: the `outcome` they read in the table viewer. Pure.

import type { Decision } from "./decide.ts";
import { planFields, type WantedFields } from "./license_fields.ts";
import type { Step } from "./steps.ts";

/** What came of a convergence that went well. */
export function outcomeOf(
  decision: Decision,
  { outcomes, reports }: { outcomes: readonly string[]; reports: readonly string[] },
): string {
  switch (decision.kind) {
    case "nothing":
    case "parked":
      return decision.reason;
    case "user":
      return ["the buyer is a user in Cryptlex", ...reports].join("; ");
    case "licenses":
      return [...(outcomes.length > 0 ? outcomes : ["nothing to do: already so"]), ...reports]
        .join("; ");
  }
}

/** What would be done, were this no rehearsal. Cryptlex was not asked what is there already. */
export function rehearsalOf(
  decision: Decision,
  { steps, reports }: { steps: readonly Step[]; reports: readonly string[] },
): string {
  switch (decision.kind) {
    case "nothing":
      return `would do nothing: ${decision.reason}`;
    case "parked":
      return `would be parked: ${decision.reason}`;
    case "user":
      return "would make the buyer a user in Cryptlex, if there is none";
    case "licenses": {
      const would = steps.map(wouldDo);
      return [...(would.length > 0 ? would : ["would do nothing: already so"]), ...reports]
        .join("; ");
    }
  }
}

function wouldDo(step: Step): string {
  switch (step.kind) {
    case "create": {
      const { terms, expiresAt } = step.desired;
      const until = expiresAt === null ? "" : `, until ${day(expiresAt)}`;
      return `would make sure of a license of product ${terms.productId}${until}`;
    }
    case "expiry":
      return `would move license ${step.license.licenseId} to ${day(step.step.expiresAt)}`;
    case "set_interval":
      return `would have license ${step.license.licenseId} renewed by ${step.interval}`;
    case "put_back":
      return `would move license ${step.license.licenseId} back to ${day(step.expiresAt)}`;
    case "set_fields": {
      const { patch } = planFields(step.license, step.wanted);
      return `would change license ${step.license.licenseId}: ${fieldsSet(patch, step.reason)}`;
    }
    case "end":
      return `would revoke license ${step.license.licenseId}: nobody has bought it any more`;
  }
}

/** `suspended (dispute du_… is open), 5 activations`. */
export function fieldsSet(patch: WantedFields, reason: string | null): string {
  const because = reason === null ? "" : ` (${reason})`;
  const clauses = [
    patch.revoked !== undefined && `${patch.revoked ? "revoked" : "valid again"}${because}`,
    patch.suspended !== undefined &&
    `${patch.suspended ? "suspended" : "no longer suspended"}${because}`,
    patch.entitlementSetId !== undefined && `entitlement set ${patch.entitlementSetId}`,
    patch.allowedActivations !== undefined && `${patch.allowedActivations} activations`,
    patch.allowedFloatingClients !== undefined &&
    `${patch.allowedFloatingClients} floating clients`,
  ];
  return clauses.filter((clause) => clause !== false).join(", ");
}

/** What is said of a field somebody changed in Cryptlex, and that stays so. */
export function keptByHand(licenseId: string, field: string): string {
  return `${field} of license ${licenseId} was changed in Cryptlex by somebody else; it stays`;
}

/** What is said of a license that is no more. */
export function deleted(licenseId: string): string {
  return `license ${licenseId} was deleted in Cryptlex; it is not made again`;
}

/** `, until 2026-12-26`, or what else can be said of a license's end. */
export function until(license: { expiresAt: Date | null; perpetual: boolean }): string {
  if (license.expiresAt !== null) return `, until ${day(license.expiresAt)}`;
  return license.perpetual ? ", perpetual" : ", from its activation";
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
