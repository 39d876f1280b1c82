// An explanation as lines for a terminal: no wider than it, and one screen if it can be. Pure.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { fitTable } from "../operator/fit_table.ts";
import { policyWords } from "../operator/policy_words.ts";
import { wrapText } from "../operator/text.ts";
import { duration, type Style } from "../terminal.ts";
import { dueWords } from "./due_words.ts";
import type { Answer, LedgerNow, MadeCall, ToldEvent } from "./explain_door.ts";
import type { Explanation } from "./explanation.ts";
import { knownWords } from "./known_words.ts";
import { desiredWords, licenseWords } from "./license_words.ts";
import type { Verdict } from "./verdict.ts";
import { counted, day, second } from "./words.ts";

export type Page = { readonly width: number; readonly style: Style };

/** More rows of a kind are left to --json. */
const mostRows = 12;

/** The short list: what there is, the newest first. */
export function listLines({ purchases, total }: Answer, { width, style }: Page): string[] {
  const rows = purchases.map(({ purchaseId, createdAt, licenses, unsettled }) => [
    purchaseId,
    `since ${day(createdAt)}`,
    counted(licenses, "license"),
    unsettled === 0 ? "" : `${unsettled} unsettled`,
  ]);
  return [
    style.bold(counted(total, "purchase")),
    ...fitTable(rows, width),
    ...moreLines(total - purchases.length, style),
  ];
}

/** All there is to say of a purchase, in the order of what happened, the answer at the end. */
export function explanationLines(
  explanation: Explanation,
  { policy, ledger, ...page }: Page & { policy: Policy; ledger: LedgerNow },
): string[] {
  const { purchaseId, events, licenses, shouldBe, calls, verdict } = explanation;
  const { width, style } = page;
  const told = (lines: readonly string[]) =>
    lines.flatMap((line) => wrapText(line, { width, indent: "    " }).map(hanging));
  const known = knownWords(explanation);
  const columns = Math.max(...known.map(([what]) => what.length));
  return [
    style.bold(purchaseId) + style.dim(`, first told of ${second(explanation.createdAt)}, UTC`),
    ...eventLines(events, page),
    ...heading("What is known", page),
    ...known.flatMap(([what, how]) => {
      const indent = " ".repeat(columns + 4);
      return wrapText(how, { width, indent })
        .map((line, n) => n === 0 ? `  ${what.padEnd(columns)}  ${line.trimStart()}` : line);
    }),
    ...heading("Licenses, as the ledger knows them", page),
    ...withNotes(licenses.map(licenseWords), page),
    ...(licenses.length === 0 ? ["  none"] : []),
    ...heading("What should be", page),
    ...told([...desiredWords(shouldBe), shouldBe.wouldDo]),
    ...wrapText(`decided by ${policyWords(policy)}`, { width, indent: "  " }).map(style.dim),
    ...callLines(calls, page),
    ...heading("What is next", page),
    ...told(dueWords(explanation, ledger)),
    ...verdictLines(verdict, page),
  ];
}

/** The answer. */
export function verdictLines({ kind, text }: Verdict, { width, style }: Page): string[] {
  const paint = kind === "licensed" || kind === "customer"
    ? style.green
    : ["waiting", "in work", "retrying"].includes(kind)
    ? style.yellow
    : style.red;
  return ["", ...wrapText(text, { width }).map(paint)];
}

/** What Stripe told. */
export function eventLines(events: Explanation["events"], page: Page): string[] {
  const shown = events.rows.slice(-mostRows);
  return [
    ...heading("What Stripe told", page),
    ...moreLines(events.total - shown.length, page.style, "earlier"),
    ...withNotes(shown.map(eventWords), page),
    ...(events.total === 0 ? ["  nothing"] : []),
  ];
}

function eventWords(event: ToldEvent): { cells: string[]; note: string } {
  const { eventId, eventType, status, receivedAt, outcome, lastError, held } = event;
  return {
    cells: [second(receivedAt), eventType, held ? "rehearsed" : status],
    note: [`${eventId}:`, lastError ?? outcome ?? "nothing came of it yet"].join(" "),
  };
}

function callLines(calls: Explanation["calls"], page: Page): string[] {
  const shown = calls.rows.slice(-mostRows);
  return [
    ...heading("Calls to Cryptlex", page),
    ...moreLines(calls.total - shown.length, page.style, "earlier"),
    ...withNotes(shown.map(callWords), page),
    ...(calls.total === 0 ? ["  none"] : []),
  ];
}

function callWords(
  { actedAt, action, status, ms, error }: MadeCall,
): { cells: string[]; note: string } {
  const answered = status === null ? "no answer" : String(status);
  return { cells: [second(actedAt), action, answered, duration(ms)], note: error ?? "" };
}

/** A line a row, and its note below it, which may take several. */
function withNotes(
  rows: readonly { readonly cells: readonly string[]; readonly note: string }[],
  { width, style }: Page,
): string[] {
  const lines = fitTable(rows.map(({ cells }) => cells), width);
  return rows.flatMap(({ note }, n) => [
    lines[n] ?? "",
    ...wrapText(note, { width, indent: "    " }).map(style.dim),
  ]);
}

function heading(text: string, { style }: Page): string[] {
  return ["", style.bold(text)];
}

function moreLines(count: number, style: Style, which = ""): string[] {
  const more = which === "" ? "more" : `${which} ${count === 1 ? "one" : "ones"}`;
  return count > 0 ? [style.dim(`  and ${count.toLocaleString("en")} ${more}`)] : [];
}

/** The first line of an item begins before its others. */
function hanging(line: string, n: number): string {
  return n === 0 ? line.slice(2) : line;
}
