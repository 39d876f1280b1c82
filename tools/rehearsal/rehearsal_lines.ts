// What a rehearsal came to, as lines for a terminal no wider than it. Pure.

import { policyOf } from "../../functions/stripe-cryptlex/policy.ts";
import { findingLines } from "../doctor/show_doctor.ts";
import { counted, minute } from "../explain/words.ts";
import { fitTable } from "../operator/fit_table.ts";
import { policyWords } from "../operator/policy_words.ts";
import { wrapText } from "../operator/text.ts";
import type { Style } from "../terminal.ts";
import type { Item } from "./checklist.ts";
import { allKinds, type Difference, kinds } from "./difference.ts";
import type { Rehearsal } from "./run_rehearsal.ts";
import { switchingSteps } from "./switching.ts";

type Page = { readonly width: number; readonly style: Style };

/** More are told with --all. */
const mostListed = 40;

export function rehearsalLines(
  { settings, functionUrl, begunAt, differences, items, isReady }: Rehearsal,
  { all, whose, isStack, ...page }: Page & { all: boolean; whose: string; isStack: boolean },
): string[] {
  const { width, style } = page;
  const since = begunAt === null ? "" : ` since ${minute(begunAt)} UTC`;
  const heading = (text: string) => ["", style.bold(text)];
  return [
    style.bold(`${counted(differences.length, "purchase")} rehearsed by ${whose}${since}`),
    ...wrapText(`decided by ${policyWords(policyOf(settings))}`, { width, indent: "  " })
      .map(style.dim),
    ...(differences.length === 0 ? [] : [
      ...heading("What would be done, against what is in Cryptlex"),
      ...countLines(differences, page),
    ]),
    ...listLines(differences, { all, ...page }),
    ...heading("What remains before switching"),
    ...items.flatMap((item) => itemLines(item, page)),
    ...heading("Switching"),
    ...switchingSteps({ functionUrl, isStack }).flatMap((step, n) => {
      const [first = "", ...more] = wrapText(step, { width, indent: "     " });
      return [`  ${n + 1}. ${first.trimStart()}`, ...more];
    }),
    "",
    isReady
      ? style.green("Ready to switch.")
      : style.red(`Not ready: ${
        counted(items.filter(({ state }) => state === "remains").length, "thing")
      } to do first.`),
  ];
}

/** Each purchase under its weightiest kind, so that they add up. */
function countLines(differences: readonly Difference[], { width }: Page): string[] {
  const rows = allKinds.flatMap((kind) => {
    const count = differences.filter(({ kinds: [main] }) => main === kind).length;
    return count === 0 ? [] : [[count.toLocaleString("en"), kinds[kind].words]];
  });
  const widest = Math.max(...rows.map(([count = ""]) => count.length));
  // Numbers to the right; a table takes white space off its cells, so that is not its own.
  return fitTable(rows, width).map((line) => {
    const [, count = "", rest = ""] = /^\s*(\S+)(.*)$/.exec(line) ?? [];
    return `  ${count.padStart(widest)}${rest.slice(widest - count.length)}`;
  });
}

function listLines(
  differences: readonly Difference[],
  { all, width, style }: Page & { all: boolean },
): string[] {
  const differing = differences.filter(({ kinds: [main] }) => kinds[main].weight !== "none")
    .sort((a, b) => allKinds.indexOf(a.kinds[0]) - allKinds.indexOf(b.kinds[0]));
  const listed = all ? differences : differing.slice(0, mostListed);
  if (listed.length === 0) return [];
  const rest = differing.length - listed.length;
  return [
    "",
    style.bold(all ? "All of them" : "Where it differs"),
    ...listed.flatMap((one) => [
      ...wrapText(`${one.purchaseId}: ${differs(one)}`, { width, indent: "  " }),
      ...wrapText(one.wouldDo, { width, indent: "    " }).map(style.dim),
    ]),
    ...(rest > 0 ? [style.dim(`  and ${rest.toLocaleString("en")} more: --all, or --json`)] : []),
  ];
}

/** Where it differs at all, that it agrees otherwise is not said. */
function differs({ kinds: [main, ...others] }: Difference): string {
  const told = [main, ...others.filter((kind) => kinds[kind].weight !== "none")];
  return told.map((kind) => kinds[kind].words).join("; ");
}

function itemLines(item: Item, { width, style }: Page): string[] {
  const labels = {
    ok: style.green("ok     "),
    remains: style.red("TO DO  "),
    look: style.yellow("look   "),
    skipped: style.dim("skipped"),
  };
  const paint = item.state === "remains" ? style.bold : style.dim;
  return findingLines(item, { label: labels[item.state], paint, width });
}
