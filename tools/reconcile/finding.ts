// What a comparison finds, one difference each. Knows nothing of how it is told.

/** What it may be, in the order it is told. */
export const findingKinds = {
  undelivered: "an event that never arrived",
  untold: "what Stripe shows is not in our tables",
  missing: "a license is missing",
  unlinked: "a license is not in our tables",
  surplus: "a license too many",
  moved: "of another product by now",
  expiry: "wrong expiry",
  seats: "wrong seats",
  standing: "wrongly suspended, revoked or valid",
  terms: "wrong entitlements",
  interval: "wrong interval",
  changed: "changed by hand, and not in our tables yet",
  parked: "waits for a person",
  unread: "cannot be read",
  not_remapped: "not mapped anew",
  doubled: "several licenses for one",
  subscription_empty: "names no subscription",
  orphaned: "of nothing Stripe knows",
  by_hand: "changed by hand, and stays",
} as const;

export type FindingKind = keyof typeof findingKinds;

/**
 * How it stands. `open`: `--apply` puts it right; `person`: somebody has to decide; `fixed`, `failed`:
 * what `--apply` came to; `noted`: nothing is to be done.
 */
export type FindingState = "open" | "person" | "fixed" | "failed" | "noted";

/** Ids, dates and counts only: it is printed, and kept in the state file. */
export type Finding = {
  readonly kind: FindingKind;
  readonly state: FindingState;
  readonly purchaseId: string | null;
  readonly licenseId: string | null;
  readonly eventId?: string;
  /** What is so, and what should be; a clause for people. */
  readonly found: string;
  /** What a person may do about it; null: nothing, or `--apply`. */
  readonly proposal: string | null;
};

/** Whether it leaves something to do. */
export function isLeft({ state }: Finding): boolean {
  return state === "open" || state === "person" || state === "failed";
}
