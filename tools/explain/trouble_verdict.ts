// Why what was told is not settled, and what to do about it. Pure.

import { noAddress } from "../../functions/stripe-cryptlex/known_user.ts";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import type { LedgerNow, ToldEvent } from "./explain_door.ts";
import type { Due, Facts } from "./explanation.ts";
import { metadataOf } from "./facts_words.ts";
import type { Verdict } from "./verdict.ts";
import { counted, minute, sentence } from "./words.ts";

/** Null: everything that was told of it is settled. */
export function troubleVerdict(facts: Facts, ledger: LedgerNow): Verdict | null {
  const { events, due } = facts;
  const parked = events.rows.findLast(({ status }) => status === "parked");
  if (parked !== undefined) return { kind: "parked", text: parkedText(parked, facts) };
  const pending = events.rows.filter(({ status }) => status === "pending");
  const waiting = pending.filter(({ held }) => !held);
  if (waiting[0] !== undefined) return waitingVerdict(waiting[0], { due, ledger });
  if (pending.length === 0) return null;
  return {
    kind: "rehearsed",
    text: "Only rehearsed: RECORD_ONLY was on. Unset it, and what waits is worked off.",
  };
}

/** What an event that needs a person says of itself, and how that is mended. Null: of no purchase. */
export function parkedText(event: ToldEvent, facts: Facts | null): string {
  const { lastError, statusSince, receivedAt } = event;
  const why = sentence(lastError ?? "nobody noted why");
  return `Parked since ${minute(statusSince ?? receivedAt)}: ${why} ${cureOf(event, facts)}`;
}

function cureOf(
  { eventId, lastError, isRead, hasPayload }: ToldEvent,
  facts: Facts | null,
): string {
  const replay = `then: deno task replay ${eventId}`;
  if (!isRead && !hasPayload) return `Resend ${eventId} from Stripe.`;
  if (!isRead) return `Update stripe-cryptlex and deploy it, ${replay}`;
  if (facts !== null && isWithoutAddress(lastError)) {
    return facts.customerId !== null && !facts.known.erased
      ? "Give the customer an e-mail address in Stripe: customer.updated then wakes this."
      : "No address will come: make the license in Cryptlex by hand, with the metadata " +
        `${metadataOf(facts.purchaseId)}, ${replay}`;
  }
  if (/^Cryptlex refused /.test(lastError ?? "")) {
    return `Mend the plan, or the metadata in Stripe, or what they name in Cryptlex, ${replay}`;
  }
  return `Mend that, ${replay}`;
}

function isWithoutAddress(error: string | null): boolean {
  return [true, false].some((erased) => noAddress({ ...nothing, erased }) === error);
}

function waitingVerdict(
  first: ToldEvent,
  { due, ledger }: { due: Due; ledger: LedgerNow },
): Verdict {
  const { now, pausedUntil, tokenRefusedSince, stripeRefusedSince } = ledger;
  const isAhead = (at: Date | null): at is Date => at !== null && at > now;
  // The words of the function's own errors.
  const error = due.lastError ?? first.lastError ?? "";
  if (isAhead(due.leaseUntil)) {
    return { kind: "in work", text: "It is being worked on: ask again in a moment." };
  }
  if (/^Cryptlex refused .* with 40[13]\b/.test(error)) {
    const since = tokenRefusedSince === null ? "" : ` since ${minute(tokenRefusedSince)}`;
    return {
      kind: "token refused",
      text: `Cryptlex refuses the access token${since}: ${sentence(error)} Set a new ` +
        "CRYPTLEX_ACCESS_TOKEN; the rest happens by itself.",
    };
  }
  if (/\bStripe refused .+ with 40[13]\b/.test(error)) {
    const since = stripeRefusedSince === null ? "" : ` since ${minute(stripeRefusedSince)}`;
    return {
      kind: "Stripe key refused",
      text: `Stripe refuses the key${since}: ${sentence(error)} Set a new STRIPE_SECRET_KEY, or ` +
        "let it read that; the rest happens by itself.",
    };
  }
  if (due.attempts > 0) {
    const again = [due.nextAttemptAt, due.notBefore, pausedUntil].filter(isAhead);
    const last = again.sort((a, b) => b.getTime() - a.getTime())[0];
    const when = last === undefined ? "with the next delivery or drain" : `at ${minute(last)}`;
    return {
      kind: "retrying",
      text:
        `Tried ${counted(due.attempts, "time")}: ${sentence(error)} It is tried again ${when}, ` +
        "until it works; there is nothing to do.",
    };
  }
  if (isAhead(pausedUntil)) {
    return {
      kind: "waiting",
      text: `Cryptlex takes no calls until ${minute(pausedUntil)}, as there were too many. ` +
        "Then its turn comes; there is nothing to do.",
    };
  }
  return {
    kind: "waiting",
    text:
      `It waits for its turn since ${minute(first.statusSince ?? first.receivedAt)}: the next ` +
      "delivery or drain takes it up. Does nothing come of it? See licensing.schedule.",
  };
}
