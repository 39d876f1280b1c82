// From the expiry a license has to the one it should have, by the fewest calls. Pure.

import { addInterval } from "./calendar_interval.ts";
import type { KnownLicense } from "./known_license.ts";

/** How a license gets to its date. */
export type ExpiryStep =
  | { readonly kind: "set_expires_at"; readonly expiresAt: Date }
  | {
    /** Unlike setting a date it makes Cryptlex send its `license.renewed` e-mail. */
    readonly kind: "renew";
    readonly expiresAt: Date;
    /** What Cryptlex should answer: the date last seen and one interval. */
    readonly predicted: Date;
  };

/** Two dates this close are the same to a license, milliseconds. */
export const hour = 60 * 60 * 1000;

/** What the last calls allow. */
export type ExpiryOptions = {
  /** False when a renewal may have happened unheard: then only the exact date is safe. */
  readonly mayRenew: boolean;
  /** An unheard renewal has had its hour to land: what it added beyond the paid time goes back. */
  readonly undoesRenewal?: boolean;
};

/**
 * The step to `wanted`, or null when there is none to take. A date only grows; the template's own is
 * aligned once, up or down, and an unheard renewal of ours is undone.
 */
export function expiryStep(
  license: KnownLicense,
  wanted: Date,
  { mayRenew, undoesRenewal = false }: ExpiryOptions,
): ExpiryStep | null {
  const { expiresAt: seen, wroteExpiresAt: wrote, subscriptionInterval: interval } = license;
  const exactly: ExpiryStep = { kind: "set_expires_at", expiresAt: wanted };

  if (wrote === null) {
    if (license.origin === "adopted" && (license.perpetual || (seen !== null && seen >= wanted))) {
      return null;
    }
    return seen !== null && near(seen, wanted) ? null : exactly;
  }
  if (wanted.getTime() <= wrote.getTime() + hour) {
    const undoes = undoesRenewal && isOwnRenewal(license, wrote);
    return undoes ? { kind: "set_expires_at", expiresAt: wrote } : null;
  }
  if (license.perpetual) return null;
  if (seen === null) return exactly;
  if (near(seen, wanted)) return null;
  if (seen.getTime() > wanted.getTime()) {
    return !mayRenew && isOwnRenewal(license, wrote) ? exactly : null;
  }

  const predicted = interval === null ? null : addInterval(seen, interval);
  if (!mayRenew || predicted === null) return exactly;
  const length = predicted.getTime() - seen.getTime();
  const miss = Math.abs(wanted.getTime() - predicted.getTime());
  return miss <= length / 4 ? { kind: "renew", expiresAt: wanted, predicted } : exactly;
}

/** Whether the exact date must follow a renewal that was answered with `answer`. */
export function correctsRenewal(
  step: { readonly expiresAt: Date; readonly predicted: Date },
  answer: Date | null,
): boolean {
  if (answer === null) return false;
  if (near(answer, step.expiresAt)) return false;
  // Not as predicted: somebody else moved it meanwhile, and the later date stands.
  const asPredicted = Math.abs(answer.getTime() - step.predicted.getTime()) < 1000;
  return asPredicted || answer.getTime() < step.expiresAt.getTime();
}

/**
 * The license after a convergence that wanted `wanted`. A date found right counts as written by us
 * from then on: the template's was aligned without a call, a write of ours was never answered.
 */
export function aligned(license: KnownLicense, wanted: Date): KnownLicense {
  const { expiresAt: seen, wroteExpiresAt: wrote } = license;
  const isRight = seen !== null && near(seen, wanted) && (wrote === null || wrote < seen);
  return isRight ? { ...license, wroteExpiresAt: seen } : license;
}

/**
 * Exactly one interval past what we last wrote: after a call we never heard of or could not complete,
 * a renewal of ours; else an operator's.
 */
function isOwnRenewal(
  { expiresAt: seen, subscriptionInterval: interval }: KnownLicense,
  wrote: Date,
): boolean {
  if (seen === null || interval === null) return false;
  return addInterval(wrote, interval)?.getTime() === seen.getTime();
}

function near(a: Date, b: Date): boolean {
  return Math.abs(a.getTime() - b.getTime()) <= hour;
}
