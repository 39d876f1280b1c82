// The merged state in words, a row a thing: what it is, and how it stands. Pure.

import type { Facts } from "./explanation.ts";
import type { KnownFacts } from "./known_facts.ts";
import { minute } from "./words.ts";

type Row = readonly [what: string, how: string];

const money = { paid: "paid", unpaid: "not paid yet", failed: "the payment failed" } as const;

export function knownWords(
  { known, customerId, userId, joinedIds }: Pick<
    Facts,
    "known" | "customerId" | "userId" | "joinedIds"
  >,
): Row[] {
  const { status, statusAsOf, trialThrough } = known;
  const rows: (Row | null)[] = [
    ["buyer", buyer(known)],
    customerId === null ? null : ["customer", customerId],
    userId === null ? null : ["user", `${userId} in Cryptlex`],
    joinedIds.length === 0 ? null : ["also", joinedIds.join(", ")],
    ...known.sessions.map(({ sessionId, payment }): Row => [
      "session",
      `${money[payment]}, ${sessionId}`,
    ]),
    ...known.items.map((item): Row => ["item", itemWords(item)]),
    trialThrough === null ? null : ["trial", `through ${minute(trialThrough)}`],
    status === null ? null : [
      "status",
      `${status}${statusAsOf === null ? "" : `, as of ${minute(statusAsOf)}`}`,
    ],
    ...known.refunds.map(({ paymentId, refunded, captured }): Row => [
      "refund",
      `${refunded} of ${
        captured ?? "an unknown amount"
      } went back, in cents or the like; ${paymentId}`,
    ]),
    ...known.disputes.map(({ disputeId, status, openedAt }): Row => [
      "dispute",
      `${status}, opened ${minute(openedAt)}; ${disputeId}`,
    ]),
    known.ended ? ["ended", "the subscription is over"] : null,
  ];
  return rows.filter((row) => row !== null);
}

function buyer({ email, erased }: KnownFacts): string {
  if (erased) return "deleted in Stripe, and forgotten here";
  return email ?? "no e-mail address is known";
}

function itemWords(item: KnownFacts["items"][number]): string {
  const { itemId, priceId, productId, quantity, paidThrough } = item;
  const what = priceId ?? productId ?? itemId;
  const times = quantity === null ? "" : ` x ${quantity}`;
  const paid = paidThrough === null
    ? "no paid period is known"
    : `paid through ${minute(paidThrough)}`;
  return `${what}${times}, ${paid}${what === itemId ? "" : `; ${itemId}`}`;
}
