// A licence's dates: its first expiry, renewal, exact date, interval. Knows no HTTP but refusals.

import type { Account } from "./account.ts";
import { addInterval, parseInterval } from "./calendar_interval.ts";
import type { SandboxLicense } from "./dto.ts";
import type { SubscriptionRequest } from "./license_request.ts";
import { Refusal } from "./refusal.ts";
import { timestamp } from "./timestamp.ts";

type Terms = Pick<
  SandboxLicense,
  "createdAt" | "effectiveDate" | "subscriptionInterval" | "subscriptionStartTrigger"
>;
type Expiry = Pick<SandboxLicense, "expiresAt" | "perpetual">;

/** When a new licence expires: the date asked for, else its interval after its start. */
export function firstExpiry(account: Account, terms: Terms, asked?: string | null): Expiry {
  if (asked) return { expiresAt: timestamp(new Date(asked)), perpetual: false };
  if (terms.subscriptionInterval === null) return { expiresAt: null, perpetual: true };
  if (terms.subscriptionStartTrigger === "activation") return { expiresAt: null, perpetual: false };
  const { intervalStartsAt } = account.switches;
  const start = intervalStartsAt === "effectiveDate" ? terms.effectiveDate : null;
  return {
    expiresAt: later(start ?? terms.createdAt, terms.subscriptionInterval),
    perpetual: false,
  };
}

/**
 * Adds the interval to the expiry date, each time it is called.
 *
 * @throws {Refusal} when there is no date or no interval to add, or the licence is revoked.
 */
export function renewLicense(account: Account, license: SandboxLicense): SandboxLicense {
  const { expiresAt, subscriptionInterval } = license;
  const { renewExpired, renewRevoked, renewWithoutExpiry } = account.switches;
  if (license.revoked && renewRevoked === "refused") {
    throw new Refusal(400, "A revoked license cannot be renewed.");
  }
  if (expiresAt === null || subscriptionInterval === null) {
    throw new Refusal(renewWithoutExpiry, "The license has no subscription to renew.");
  }
  const now = account.stamp();
  const base = renewExpired === "from_now" && expiresAt < now ? now : expiresAt;
  return put(account, license, { expiresAt: later(base, subscriptionInterval) });
}

/** Sets the exact date; `null` or nothing makes the licence perpetual. */
export function setExpiresAt(
  account: Account,
  license: SandboxLicense,
  expiresAt: string | null | undefined,
): SandboxLicense {
  requireUsableDate(account, expiresAt);
  return put(account, license, {
    expiresAt: expiresAt ? timestamp(new Date(expiresAt)) : null,
    perpetual: !expiresAt,
  });
}

/** Sets the interval later renewals add; `""` leaves none. */
export function setSubscription(
  account: Account,
  license: SandboxLicense,
  request: SubscriptionRequest,
): SandboxLicense {
  const terms = {
    ...license,
    subscriptionInterval: request.subscriptionInterval || null,
    subscriptionStartTrigger: request.subscriptionStartTrigger ?? license.subscriptionStartTrigger,
  };
  const moves = account.switches.subscriptionPatch === "moves_expiry";
  return put(account, terms, moves ? firstExpiry(account, terms) : {});
}

/** @throws {Refusal} 400 for a past date, when the switch refuses those. */
export function requireUsableDate(account: Account, expiresAt: string | null | undefined): void {
  if (!expiresAt || account.switches.pastExpiresAt === "accepted") return;
  if (new Date(expiresAt) < account.now()) {
    throw new Refusal(400, "The expiry date must not be in the past.");
  }
}

function later(from: string, interval: string): string {
  const parsed = parseInterval(interval);
  if (parsed === null) throw new Refusal(400, "The subscription interval is not valid.");
  try {
    return timestamp(addInterval(new Date(from), parsed));
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, error.message);
    throw error;
  }
}

function put(
  account: Account,
  license: SandboxLicense,
  change: Partial<SandboxLicense>,
): SandboxLicense {
  const changed = { ...license, ...change, updatedAt: account.stamp() };
  account.putLicense(changed);
  return changed;
}
