// What was found, as lines for people or as one JSON document. Ids, dates and counts only.

import type { Policy } from "../../functions/stripe-cryptlex/policy.ts";
import { policyWords } from "../operator/policy_words.ts";
import { plain, wrapText } from "../operator/text.ts";
import type { Style } from "../terminal.ts";
import { snakeKeys } from "../explain/to_json.ts";
import { type Finding, type FindingKind, findingKinds, isLeft } from "./finding.ts";

/** A run that came to its end. */
export type Outcome = {
  readonly whose: string;
  readonly mode: string;
  /** What it was decided by. */
  readonly policy: Policy;
  readonly compared: number;
  readonly unmapped: number;
  readonly findings: readonly Finding[];
  readonly isApplied: boolean;
};

/** So many of a kind are told one by one. */
const mostShown = 50;

type Page = { readonly width: number; readonly style: Style };

/** The lines, kind by kind. */
export function outcomeLines(outcome: Outcome, page: Page): string[] {
  const { width, style } = page;
  const { whose, mode, compared, unmapped, findings } = outcome;
  const rest = unmapped === 0 ? "" : `; ${unmapped} sell no license`;
  const lines = wrapText(
    `Stripe (${mode}) against Cryptlex against the tables of ${whose}: ` +
      `${counted(compared, "purchase")} compared${rest}`,
    { width },
  );
  const decidedBy = wrapText(`decided by ${policyWords(outcome.policy)}`, { width, indent: "  " });
  lines.push(...decidedBy.map(style.dim));
  for (const kind of Object.keys(findingKinds) as FindingKind[]) {
    const of = findings.filter((finding) => finding.kind === kind);
    if (of.length === 0) continue;
    lines.push("", style.bold(`${findingKinds[kind]} (${of.length})`));
    for (const finding of of.slice(0, mostShown)) lines.push(...findingLines(finding, page));
    if (of.length > mostShown) lines.push(`  and ${of.length - mostShown} more: --json has all`);
  }
  lines.push("", ...wrapText(verdict(outcome), { width }));
  return lines;
}

const stateWords = { open: "", noted: "", person: "", fixed: "put right", failed: "FAILED" };

/** Whose it is, what is so and what to do; ids in full, to be copied. */
function findingLines(finding: Finding, { width, style }: Page): string[] {
  const { eventId, purchaseId, licenseId, state, found, proposal } = finding;
  const paint = state === "failed" ? style.red : state === "fixed" ? style.green : style.bold;
  const ids = [eventId ?? purchaseId ?? "", licenseId === null ? "" : `license ${licenseId}`];
  const words = [...ids, stateWords[state]].filter((word) => word !== "").join("  ");
  const lines = words.length + found.length + 4 <= width
    ? [`  ${words}  ${plain(found)}`]
    : [`  ${words}`, ...wrapText(found, { width, indent: "    " })];
  lines[0] = lines[0]?.replace(stateWords[state], paint) ?? "";
  if (proposal === null) return lines;
  return [...lines, ...wrapText(`-> ${proposal}`, { width, indent: "    " }).map(style.dim)];
}

function verdict({ findings, isApplied }: Outcome): string {
  const count = (state: Finding["state"]) => findings.filter((one) => one.state === state).length;
  const [open, person, fixed, failed] = [
    count("open"),
    count("person"),
    count("fixed"),
    count("failed"),
  ];
  const parts = [
    open > 0 ? `${counted(open, "difference")}: --apply puts right what is wrong` : "",
    fixed > 0 ? `${fixed} put right` : "",
    failed > 0 ? `${failed} failed: see above, and deno task explain` : "",
    person > 0 ? `${person} for you to decide` : "",
  ].filter((part) => part !== "");
  if (parts.length === 0) return "Nothing to do: all three say the same.";
  const stays = isApplied || open === 0 ? "" : " Nothing was changed.";
  return `${parts.join("; ")}.${stays}`;
}

/** The same for machines. */
export function outcomeJson(outcome: Outcome): string {
  const { findings, ...rest } = outcome;
  const ok = !findings.some(isLeft);
  return JSON.stringify(snakeKeys({ ok, ...rest, findings }), null, 2);
}

function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
