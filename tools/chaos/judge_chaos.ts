// The end state of a run against the model, the ledger and the log. Changes nothing.

import { app } from "./chaos_catalogue.ts";
import type { ChaosStack } from "./chaos_stack.ts";
import { isUsable, strayProblems, type WrongPurchase, wrongPurchases } from "./compare_licenses.ts";
import { type UserBefore, userProblems } from "./compare_users.ts";
import {
  type ActionRow,
  eventProblems,
  type EventRow,
  licenseRowProblems,
  readActions,
  readLedger,
} from "./ledger_records.ts";
import { logLeaks } from "./log_leaks.ts";
import type { Merchant } from "./merchant.ts";
import { expectedBuyers } from "./model/expected_buyers.ts";
import { expectedLicenses } from "./model/expected_licenses.ts";
import type { ChaosPurchase } from "./lives/chaos_purchase.ts";

/** A wrong purchase with all that is known of it. */
export type WrongReport = WrongPurchase & {
  readonly title: string;
  readonly events: readonly EventRow[];
  readonly actions: readonly ActionRow[];
};

export type Verdict = {
  readonly wrong: readonly WrongReport[];
  /** What is wrong beside the purchases, a sentence each. */
  readonly problems: readonly string[];
  readonly figures: EndFigures;
};

export type EndFigures = {
  readonly events: number;
  /** Calls to Cryptlex, by action. */
  readonly calls: Readonly<Record<string, number>>;
  readonly licenses: { readonly usable: number; readonly others: number };
};

/** RENEWAL_GRACE_DAYS is not set: its default. */
const graceDays = 3;

/** What is wrong once everything is settled and every process has ended. */
export async function judgeChaos(
  purchases: readonly ChaosPurchase[],
  { stack, merchant, usersBefore }: {
    stack: ChaosStack;
    merchant: Merchant;
    usersBefore: readonly UserBefore[];
  },
): Promise<Verdict> {
  const { sandbox, sql } = stack;
  const sent = purchases.flatMap(({ events }) => events);
  const snapshots = sent.filter((event) => "data" in event);
  const expected = expectedLicenses(snapshots, {
    ...merchant,
    defaultProductId: app.id,
    graceDays,
  });
  const ledger = await readLedger(sql);
  const licenses = sandbox.licenses();
  const usable = licenses.filter(isUsable);
  const buyers = expectedBuyers(snapshots, expected);
  const wrong: WrongReport[] = [];
  for (const one of wrongPurchases(expected, { licenses, buyers })) {
    const { stripeIds } = one.expected;
    wrong.push({
      ...one,
      title: titleOf(purchases, stripeIds),
      events: ledger.events.filter(({ purchase_id }) => stripeIds.includes(purchase_id ?? "")),
      actions: await readActions(sql, stripeIds),
    });
  }
  return {
    wrong,
    problems: [
      ...strayProblems(expected, licenses),
      ...userProblems(buyers, { users: sandbox.users(), before: usersBefore }),
      ...stack.addresses.problems(),
      ...eventProblems(sent, ledger.events),
      ...licenseRowProblems(ledger.usableLicenses, usable.map(({ id }) => id)),
      ...logLeaks(stack.fleet.lines(), { secrets: stack.secrets, names: ["Chaosname"] }),
    ],
    figures: {
      events: sent.length,
      calls: ledger.actionCounts,
      licenses: { usable: usable.length, others: licenses.length - usable.length },
    },
  };
}

function titleOf(purchases: readonly ChaosPurchase[], stripeIds: readonly string[]): string {
  const text = (purchase: ChaosPurchase) => JSON.stringify(purchase.events);
  return purchases.find((one) => stripeIds.some((id) => text(one).includes(`"${id}"`)))?.title ??
    "unknown";
}
