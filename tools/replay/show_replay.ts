// The words of replaying on the terminal. Ids and statuses only.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import type { OperatorTarget } from "../operator/find_target.ts";
import { policyWords } from "../operator/policy_words.ts";
import { wrapText } from "../operator/text.ts";
import { alignColumns } from "../table.ts";
import { print } from "../terminal.ts";
import type { ReplayEvent, ReplayPage } from "./replay_doors.ts";

/** How many are meant, and where. */
export function showCount(total: number, { stack, url }: OperatorTarget): void {
  const where = stack === null ? url : `the development stack, ${url}`;
  print(`${counted(total, "event")} in ${where}`);
}

/** Each event of a page, and what came of it, or would. */
export function showPage({ events, notFound }: ReplayPage, options: { dryRun: boolean }): void {
  const rows = events.map((event) => [
    `  ${event.eventId}`,
    event.eventType,
    event.status,
    event.purchaseId ?? "-",
    resultOf(event, options),
  ]);
  for (const line of alignColumns(rows)) print(line);
  for (const id of notFound) print(`  ${id}  not found`);
}

function resultOf({ result, purchaseId }: ReplayEvent, { dryRun }: { dryRun: boolean }): string {
  switch (result) {
    case "replayed":
      if (purchaseId === null) return dryRun ? "would be read again" : "is read again";
      return dryRun ? "would be replayed" : "replayed";
    case "pending":
      return "is pending already";
    case "held":
      return "left alone: a rehearsal holds it (RECORD_ONLY)";
    case "resend":
      return "cannot be read again, its payload is gone: resend it from Stripe";
  }
}

/** What each purchase would come to; `more` events are not among these. */
export function showPreview(
  lines: readonly (readonly [purchaseId: string, line: string])[],
  { policy, more, width }: { policy: Policy; more: number; width: number },
): void {
  if (more > 0) print(`  and ${counted(more, "more")}`);
  if (lines.length > 0) {
    print();
    const heading = `What would come of it, as the ledger knows things now, by ${
      policyWords(policy)
    }:`;
    for (const line of wrapText(heading, { width })) print(line);
    for (const line of alignColumns(lines.map(([id, line]) => [`  ${id}`, line]))) print(line);
  }
  print();
  print("A dry run: nothing was changed, and Cryptlex was not asked. The real run reads it first.");
}

/** How what was replayed is worked off. */
export function showSchedule(): void {
  print();
  print(
    "The schedule works this off within seconds; without one, the next delivery does, or a call",
  );
  print(
    "of drain. Cryptlex is read first. `outcome` in licensing.stripe_events says what came of it.",
  );
}

/** What the development stack made of it; null: its function does not answer. */
export function showWorkedOff(
  statuses: Readonly<Record<string, number>> | null,
  { tableViewerUrl }: { tableViewerUrl: string },
): void {
  print();
  print(
    statuses === null
      ? 'The function does not answer: see what "deno task dev" says'
      : `Worked off: ${Object.entries(statuses).map(([name, n]) => `${n} ${name}`).join(", ")}`,
  );
  print(`What came of it: ${tableViewerUrl}/editor/licensing.stripe_events`);
}

function counted(count: number, noun: string): string {
  const plural = count === 1 || noun === "more" ? noun : `${noun}s`;
  return `${count.toLocaleString("en")} ${plural}`;
}
