// Why no license is there although everything is settled. Pure.

import type { Facts } from "./explanation.ts";
import { isDueText, metadataOf, named, replayOf } from "./facts_words.ts";
import type { LicenseFacts } from "./license_facts.ts";
import type { Verdict, VerdictContext } from "./verdict.ts";
import { day, sentence } from "./words.ts";

export function absentVerdict(facts: Facts, { mayMapElsewhere }: VerdictContext): Verdict {
  const { purchaseId, licenses, shouldBe, events } = facts;
  const reason = shouldBe.reason ?? "";
  const gone = licenses.find(({ condition }) => condition === "deleted in Cryptlex");
  if (gone?.goneAt) return { kind: "deleted by hand", text: deletedText(gone, facts) };
  switch (shouldBe.decision) {
    case "user":
      return { kind: "customer", text: customerText(facts) };
    case "parked":
      return { kind: "parked", text: `It would be parked: ${sentence(reason)}` };
    case "unpaid":
      return { kind: "unpaid", text: unpaidText(facts) };
    case "unmapped": {
      const wasIgnored = events.rows.some(({ isRead, status }) => isRead && status === "ignored");
      const here = mayMapElsewhere && !wasIgnored
        ? " (CRYPTLEX_PRODUCT_ID is not set here: set it as the function has it.)"
        : "";
      return {
        kind: "unmapped",
        text: `Not mapped: ${sentence(reason)}${here} Map it by metadata in Stripe, by ` +
          `licensing.plans or by the setting, then: ${replayOf(facts)}`,
      };
    }
    case "nothing":
      if (purchaseId.startsWith("cus_")) return { kind: "customer", text: customerText(facts) };
      return {
        kind: "waits for Stripe",
        text: `${upper(sentence(reason))} If that was sent already, resend it from Stripe.`,
      };
    case "licenses":
      return wantedVerdict(facts);
  }
}

function unpaidText({ known: { sessions, status, refunds, disputes } }: Facts): string {
  const again =
    "If it was paid all the same, resend its invoice.paid or checkout.session.completed " +
    "from Stripe.";
  const hasFailed = sessions.some(({ payment }) => payment === "failed");
  if (hasFailed) return `Nothing was paid: the payment failed. ${again}`;
  if (sessions.length > 0) {
    return `Nothing was paid yet: the payment is under way. A license is made when it is there. ${again}`;
  }
  if (refunds.length + disputes.length > 0) {
    return `Nothing was paid that is known of: no purchase is linked with this payment yet. ${again}`;
  }
  const shown = status === null ? "no event tells of money" : `the subscription is ${status}`;
  return `Nothing was paid: ${shown}. ${again}`;
}

function wantedVerdict(facts: Facts): Verdict {
  const { shouldBe: { isDue, revokes, suspends, licenses: wanted }, licenses } = facts;
  if (isDue) return { kind: "due", text: `It ${isDueText(facts)}` };
  const reasons = [...revokes, ...suspends];
  const ended = licenses.find(({ condition }) => condition === "ended");
  if (wanted.length === 0 && ended?.endedAt) {
    return {
      kind: "ended",
      text:
        `Revoked on ${day(ended.endedAt)}: ${named(ended)}, as nobody has bought it any more. ` +
        "Bought again, it works again.",
    };
  }
  return {
    kind: "none is made",
    text: `No license is made: ${reasons.join(", ") || "nothing is left of what was bought"}. ` +
      (revokes.length === 0 && suspends.length > 0
        ? "It is made when that is over."
        : "Only a new purchase makes one."),
  };
}

function deletedText(license: LicenseFacts, { purchaseId }: Facts): string {
  return `Deleted in Cryptlex: ${named(license)}, as was seen on ` +
    `${day(license.goneAt ?? new Date(NaN))}. It is not made again. Was that a mistake? Make one ` +
    `there by hand, with the metadata ${metadataOf(purchaseId)}: with the next event, or a ` +
    "replay, it is taken over.";
}

function customerText({ purchaseId, userId, shouldBe }: Facts): string {
  const known = userId === null
    ? sentence(shouldBe.reason ?? "no user is known yet")
    : `user ${userId} in Cryptlex.`;
  return `${purchaseId} is a customer, no purchase: ${known} Only a purchase makes a license.`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
