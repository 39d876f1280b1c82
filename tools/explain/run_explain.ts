// The story of an explanation: ask the ledger, decide as the function does, say what it comes to.

import { doorClient } from "../operator/call_doors.ts";
import type { OperatorTarget } from "../operator/find_target.ts";
import { print, screenWidth, terminalStyle } from "../terminal.ts";
import { type Answer, askLedger, mostDetails } from "./explain_door.ts";
import { explain, type Explanation } from "./explanation.ts";
import { eventLines, explanationLines, listLines, verdictLines } from "./lines.ts";
import type { Question } from "./read_question.ts";
import { snakeKeys } from "./to_json.ts";
import { unknownVerdict } from "./unknown_verdict.ts";

export type ExplainOptions = {
  readonly target: OperatorTarget;
  /** Every purchase in full, not the newest alone. */
  readonly all: boolean;
  /** For machines. */
  readonly json: boolean;
};

/** Explains, and returns whether anything is known of who was asked about. */
export async function runExplain(question: Question, options: ExplainOptions): Promise<boolean> {
  const { target, all, json } = options;
  const answer = await askLedger(doorClient(target), question, { details: all ? mostDetails : 1 });
  const { ledger, loose } = answer;
  const explanations = answer.details
    .map((detail) => explain(detail, { policy: target.policy, ledger }));
  if (json) showJson(answer, { question, explanations });
  else show(answer, { question, explanations, target });
  return explanations.length > 0 || (loose?.total ?? 0) > 0;
}

type Explained = {
  readonly question: Question;
  readonly explanations: readonly Explanation[];
};

function showJson(
  { total, purchases, loose, ledger }: Answer,
  { question, explanations }: Explained,
): void {
  const isKnown = explanations.length > 0;
  print(JSON.stringify(
    snakeKeys({
      asked: question,
      ledger,
      total,
      purchases,
      explanations,
      // Of an id without a purchase.
      events: loose,
      verdict: isKnown ? null : unknownVerdict(question, loose),
    }),
    null,
    2,
  ));
}

function show(
  answer: Answer,
  { question, explanations, target }: Explained & { target: OperatorTarget },
): void {
  const { ledger, loose, total } = answer;
  const page = { width: screenWidth(), style: terminalStyle() };
  const lines: string[] = [];
  if (explanations.length === 0) {
    if (loose !== null && loose.total > 0) lines.push(...eventLines(loose, page));
    lines.push(...verdictLines(unknownVerdict(question, loose), page));
  }
  if (total > 1) lines.push(...listLines(answer, page), "");
  explanations.forEach((one, n) => {
    if (n > 0) lines.push("", page.style.dim("-".repeat(page.width)));
    lines.push(...explanationLines(one, { policy: target.policy, ledger, ...page }));
  });
  const rest = total - explanations.length;
  if (explanations.length > 0 && rest > 0) {
    lines.push("", page.style.dim(`${rest} of ${total} not shown: --all, or ask by id.`));
  }
  // A part begins with an empty line: not the first.
  if (lines[0] === "") lines.shift();
  for (const line of lines) print(line);
}
