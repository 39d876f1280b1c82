// What becomes of licenses once the slots that are wanted were seen to: made, taken up again, ended.

import type { KnownLicense } from "../../../functions/stripe-cryptlex/known_license.ts";
import { rememberLicenses } from "../../../functions/stripe-cryptlex/remember_licenses.ts";
import { type Assignment, assignSlots } from "../../../functions/stripe-cryptlex/assign_slots.ts";
import { planSteps } from "../../../functions/stripe-cryptlex/steps.ts";
import type { Target } from "../../../functions/stripe-cryptlex/targets.ts";
import { knownLicense, licenseFields } from "./known_license.ts";

export const endedAt = new Date("2026-11-02T10:00:00Z");

export type Settled = Assignment & {
  readonly known: readonly KnownLicense[];
  /** `create product-a/1`, `end …`, `revive …`. */
  readonly changes: readonly string[];
};

/** Takes every step there is; a new license is named after its slot. */
export function settleSlots(
  targets: readonly Target[],
  known: readonly KnownLicense[],
): Settled {
  const assignment = assignSlots(targets, known);
  const desired = assignment.slots.map((slot) => ({
    ...slot,
    expiresAt: null,
    fields: { revoked: false, suspended: false },
    interval: null,
  }));
  const { steps } = planSteps(desired, {
    known,
    standing: { revokes: [], suspends: [], isOver: false, reports: [] },
    mayRenew: true,
  });
  const licenses = new Map(known.map((license) => [license.licenseId, license]));
  const changes = steps.map((step) => {
    switch (step.kind) {
      case "create": {
        const { slot, terms, seats, mappedBy, target, stripePriceId, stripeProductId } =
          step.desired;
        licenses.set(
          slot,
          knownLicense({
            licenseId: slot,
            slot,
            cryptlexProductId: terms.productId,
            seats,
            mappedBy,
            stripeItemId: target.itemId,
            coveredItems: target.covers,
            stripePriceId,
            stripeProductId,
          }),
        );
        return `create ${slot}`;
      }
      case "end": {
        const { license } = step;
        const fields = licenseFields({ revoked: true });
        licenses.set(license.licenseId, { ...license, seen: fields, wrote: fields, endedAt });
        return `end ${license.slot}`;
      }
      case "set_fields": {
        const { license } = step;
        licenses.set(license.licenseId, {
          ...license,
          seen: licenseFields(),
          wrote: licenseFields(),
        });
        return `revive ${license.slot}`;
      }
      default:
        throw new Error(`nothing here asks for ${step.kind}`);
    }
  });
  rememberLicenses(licenses, desired);
  return { ...assignment, known: [...licenses.values()], changes };
}

/** One after the other, from no license on: what each of them changed. */
export function changesOver(...each: readonly (readonly Target[])[]): (readonly string[])[] {
  let known: readonly KnownLicense[] = [];
  return each.map((targets) => {
    const settled = settleSlots(targets, known);
    known = settled.known;
    return settled.changes;
  });
}
