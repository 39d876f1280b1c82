// The fewest Cryptlex calls from the licenses we know to those that should be. Pure.

import type { Slot } from "./assign_slots.ts";
import type { DesiredLicense } from "./decide.ts";
import { type ExpiryOptions, type ExpiryStep, expiryStep } from "./expiry_step.ts";
import { dateToPutBack } from "./interval_change.ts";
import { isLiving, type KnownLicense } from "./known_license.ts";
import { onlyMore, planFields, type WantedFields } from "./license_fields.ts";
import { deleted, keptByHand } from "./outcome.ts";
import type { Standing } from "./standing.ts";

/** One thing to do. */
export type Step =
  | { readonly kind: "create"; readonly desired: DesiredLicense }
  | {
    /** Takes the fields of one PATCH to what is wanted; `reason`, a clause for people. */
    readonly kind: "set_fields";
    readonly license: KnownLicense;
    readonly wanted: WantedFields;
    readonly reason: string | null;
  }
  | {
    /** Revokes what nobody wants any more. */
    readonly kind: "end";
    readonly license: KnownLicense;
    /** The slot whose license takes its place, and is to be there first; null: none does. */
    readonly successor: string | null;
  }
  | { readonly kind: "set_interval"; readonly license: KnownLicense; readonly interval: string }
  | {
    /** A change of interval of ours moved its date. */
    readonly kind: "put_back";
    readonly license: KnownLicense;
    readonly expiresAt: Date;
  }
  | {
    readonly kind: "expiry";
    readonly license: KnownLicense;
    readonly step: ExpiryStep;
    /** What it stands for from its first date on. */
    readonly desired: DesiredLicense;
  };

/** What to do, and what to tell people besides. */
export type NextSteps = { readonly steps: readonly Step[]; readonly reports: readonly string[] };

/** What steps depend on besides the licenses wanted. */
export type StepOptions = ExpiryOptions & {
  readonly known: readonly KnownLicense[];
  readonly standing: Standing;
};

/**
 * The steps to the desired state. Empty when it is reached: a second convergence does nothing.
 * What takes away comes first, but for a license that has a successor: it ends after that is there.
 */
export function planSteps(
  desired: readonly DesiredLicense[],
  { known, standing, ...options }: StepOptions,
): NextSteps {
  const flags: Step[] = [];
  const others: Step[] = [];
  const reports: string[] = [];
  for (const wanted of desired) {
    const holders = holdersOf(wanted, known);
    if (known.every((license) => !isIn(wanted, license))) {
      if (isDue(standing)) others.push({ kind: "create", desired: wanted });
      else reports.push(`no license is made: ${reasonsOf(standing)}`);
    } else if (holders.length === 0) {
      // Not made again: whoever deleted it meant to.
      const gone = known.filter((one) => isIn(wanted, one) && one.goneAt !== null);
      reports.push(...gone.map((one) => deleted(one.licenseId)));
    }
    for (const license of holders) {
      const { steps, reports: told } = toDesired(wanted, license, { standing, ...options });
      flags.push(...steps.filter((step) => step.kind === "set_fields" && step.reason !== null));
      others.push(...steps.filter((step) => step.kind !== "set_fields" || step.reason === null));
      reports.push(...told);
    }
    if (holders.length > 1) {
      reports.push(`${holders.length} licenses stand for one purchase: all are kept in step`);
    }
  }
  const endings: (Step & { kind: "end" })[] = [];
  for (const ending of endingsOf(desired, known)) {
    const { license, successor } = ending;
    const isThere = successor === null || known.some(({ slot }) => slot === successor);
    // No successor is made while it may not be used: until then it stands for what was sold.
    if (isThere || isDue(standing)) endings.push(ending);
    else flags.push(...setFlags(license, standing));
  }
  return {
    steps: [
      ...flags,
      ...endings.filter(({ successor }) => successor === null),
      ...others,
      ...endings.filter(({ successor }) => successor !== null),
    ],
    reports: [...new Set(reports)],
  };
}

/** Those in the slot that are there; when there is none, the one we ended, to be taken up again. */
export function holdersOf(
  wanted: Pick<Slot, "slot" | "isFollowed">,
  known: readonly KnownLicense[],
): KnownLicense[] {
  const all = known.filter((license) => isIn(wanted, license));
  const living = all.filter(isLiving);
  if (living.length > 0 || all.some((one) => one.endedAt === null)) return living;
  return all.filter((license) => license.goneAt === null && license.origin === "created");
}

/** Whether a license is in that slot. One of ours is never there only to be followed. */
export function isIn(
  { slot, isFollowed }: Pick<Slot, "slot" | "isFollowed">,
  license: KnownLicense,
): boolean {
  return license.slot === slot && !(isFollowed && license.origin === "created");
}

function endingsOf(
  desired: readonly DesiredLicense[],
  known: readonly KnownLicense[],
): (Step & { kind: "end" })[] {
  return known
    .filter((one) => isLiving(one) && one.origin === "created")
    .filter((one) => desired.every((wanted) => !isIn(wanted, one)))
    .map((license) => ({
      kind: "end",
      license,
      successor: successorOf(license, desired),
    }));
}

/** The slot that takes its place, or the first one its item is served by now, of another product. */
function successorOf(license: KnownLicense, desired: readonly DesiredLicense[]): string | null {
  const { slot, stripeItemId, cryptlexProductId } = license;
  const successor = desired.find(({ replaces }) => replaces === slot) ??
    desired.find(({ target, terms }) =>
      stripeItemId !== null && target.itemId === stripeItemId &&
      terms.productId !== cryptlexProductId
    );
  return successor?.slot ?? null;
}

function toDesired(
  wanted: DesiredLicense,
  license: KnownLicense,
  { standing, ...options }: ExpiryOptions & { standing: Standing },
): { steps: Step[]; reports: string[] } {
  const { revoked = false, suspended = false, ...terms } = wanted.fields;
  const steps: Step[] = [];
  const reports: string[] = [];
  const setFields = (fields: WantedFields, reason: string | null) => {
    const plan = planFields(license, fields);
    if (Object.keys(plan.patch).length > 0) {
      steps.push({ kind: "set_fields", license, wanted: fields, reason });
    }
    reports.push(...plan.kept.map((field) => keptByHand(license.licenseId, field)));
    return plan.patch;
  };
  // Apart from the rest: a refused entitlement set must not keep a license from being suspended.
  const reason = reasonsOf(standing) || "nothing stands against it any more";
  const flags = setFields({ revoked, suspended }, reason);
  if (revoked) return { steps, reports };
  // Nothing asks for it, and somebody meant it to be no more: it is not paid for either.
  const staysRevoked = license.seen.revoked && flags.revoked === undefined;
  if (wanted.isFollowed && staysRevoked) return { steps, reports };

  setFields(license.origin === "adopted" ? onlyMore(terms, license) : terms, null);
  const { interval, expiresAt } = wanted;
  const current = license.subscriptionInterval;
  const changesInterval = interval !== null && current !== null && current !== interval &&
    license.origin === "created" &&
    (license.wroteExpiresAt !== null || hasNewPrice(wanted, license));
  if (changesInterval) steps.push({ kind: "set_interval", license, interval });
  const kept = dateToPutBack(license);
  if (kept !== null) steps.push({ kind: "put_back", license, expiresAt: kept });
  const dated = kept === null ? license : { ...license, expiresAt: kept };
  const step = expiresAt && expiryStep(dated, expiresAt, {
    ...options,
    // By which interval it would be renewed is about to change.
    mayRenew: options.mayRenew && !changesInterval,
  });
  if (step) steps.push({ kind: "expiry", license, step, desired: wanted });
  return { steps, reports };
}

/** Else, of a license that is not dated yet, the interval is what its template says. */
function hasNewPrice({ stripePriceId: now }: DesiredLicense, license: KnownLicense): boolean {
  const before = license.stripePriceId;
  return before !== null && now !== null && before !== now;
}

/** Only what stands against it. */
function setFlags(license: KnownLicense, standing: Standing): Step[] {
  const wanted = {
    revoked: standing.revokes.length > 0,
    suspended: standing.suspends.length > 0,
  };
  const { patch } = planFields(license, wanted);
  const reason = reasonsOf(standing);
  return Object.keys(patch).length === 0 ? [] : [{ kind: "set_fields", license, wanted, reason }];
}

function isDue({ isOver, revokes, suspends }: Standing): boolean {
  return !isOver && revokes.length === 0 && suspends.length === 0;
}

function reasonsOf({ revokes, suspends }: Standing): string {
  return [...revokes, ...suspends].join(", ");
}
