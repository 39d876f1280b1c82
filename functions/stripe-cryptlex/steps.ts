// The fewest Cryptlex calls from the licenses we know to those that should be. Pure.

import type { DesiredLicense } from "./decide.ts";
import { type ExpiryOptions, type ExpiryStep, expiryStep } from "./expiry_step.ts";
import { isLiving, type KnownLicense } from "./known_license.ts";
import { deleted } from "./outcome.ts";

/** One thing to do. */
export type Step =
  | { readonly kind: "create"; readonly desired: DesiredLicense }
  | { readonly kind: "expiry"; readonly license: KnownLicense; readonly step: ExpiryStep }
  | {
    readonly kind: "set_entitlement_set";
    readonly license: KnownLicense;
    readonly entitlementSetId: string;
  }
  | { readonly kind: "revive"; readonly license: KnownLicense }
  | { readonly kind: "end"; readonly license: KnownLicense };

/** What to do, and what to tell people besides. */
export type NextSteps = { readonly steps: readonly Step[]; readonly reports: readonly string[] };

/**
 * The steps to the desired state. Empty when it is reached: a second convergence does nothing.
 * Surplus licenses of ours end last, so that no replaced one ends before its successor exists.
 */
export function planSteps(
  desired: readonly DesiredLicense[],
  { known, ...options }: ExpiryOptions & { known: readonly KnownLicense[] },
): NextSteps {
  const steps: Step[] = [];
  const reports: string[] = [];
  for (const wanted of desired) {
    const holders = known.filter((license) => license.slot === wanted.slot);
    if (holders.length === 0) steps.push({ kind: "create", desired: wanted });
    const living = holders.filter(isLiving);
    for (const license of living) steps.push(...toDesired(wanted, license, options));
    if (living.length === 0) {
      // Not made again: whoever deleted it meant to.
      reports.push(
        ...holders.filter((one) => one.goneAt !== null).map((one) => deleted(one.licenseId)),
      );
    }
    if (living.length > 1) {
      reports.push(`${living.length} licenses stand for one purchase: all are kept in step`);
    }
  }
  const slots = new Set(desired.map((wanted) => wanted.slot));
  for (const license of known) {
    if (!slots.has(license.slot) && isLiving(license) && license.origin === "created") {
      steps.push({ kind: "end", license });
    }
  }
  return { steps, reports };
}

function toDesired(
  wanted: DesiredLicense,
  license: KnownLicense,
  options: ExpiryOptions,
): Step[] {
  const steps: Step[] = license.wroteRevoked ? [{ kind: "revive", license }] : [];
  const { entitlementSetId } = wanted.terms;
  if (entitlementSetId !== null && entitlementSetId !== license.entitlementSetId) {
    steps.push({ kind: "set_entitlement_set", license, entitlementSetId });
  }
  const step = wanted.expiresAt && expiryStep(license, wanted.expiresAt, options);
  if (step) steps.push({ kind: "expiry", license, step });
  return steps;
}
