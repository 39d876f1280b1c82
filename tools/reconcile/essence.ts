// What of a purchase has to be known here: who said it, and when, apart. Pure.

import { canonicalJson } from "../../functions/stripe-cryptlex/canonical_json.ts";
import { refundedAmount } from "../../functions/stripe-cryptlex/charges.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";

/** The parts, each as one text: equal texts, the same knowledge. */
function parts(purchase: Purchase): Record<string, string> {
  const { sessions, items, subscription, charges, disputes } = purchase;
  const each = <T>(record: Readonly<Record<string, T>>, of: (one: T) => unknown) =>
    canonicalJson(Object.fromEntries(Object.entries(record).map(([id, one]) => [id, of(one)])));
  return {
    "its money": each(sessions, ({ payment }) => payment),
    "a paid period": each(items, ({ paidThrough, line }) => [paidThrough, line.value.priceId]),
    "use that was billed": canonicalJson(purchase.usedThrough),
    "what the subscription consists of": subscription === null
      ? ""
      : each(subscription.value.items, ({ line }) => [line.priceId, line.quantity]),
    "its status": subscription?.value.status ?? "",
    "its trial": String(purchase.trialThrough),
    "its end": String(purchase.ended),
    "a refund": each(charges, refundedAmount),
    "a dispute": each(disputes, ({ status }) => status),
  };
}

/** What the second knows more or other than the first, in words. */
export function newsIn(known: Purchase, shown: Purchase): string[] {
  const before = parts(known);
  return Object.entries(parts(shown)).filter(([what, text]) => before[what] !== text)
    .map(([what]) => what);
}

/** The same for the same content, whenever it was read. */
export function contentOf(purchase: Purchase): string {
  return canonicalJson(unstamped(purchase));
}

function unstamped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unstamped);
  if (typeof value !== "object" || value === null) return value;
  const isStamped = "value" in value && "at" in value && "by" in value;
  if (isStamped) return unstamped(value.value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unstamped(inner)]));
}
