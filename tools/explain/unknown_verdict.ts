// What to say of what leads to no purchase. Pure.

import type { Answer } from "./explain_door.ts";
import type { Question } from "./read_question.ts";
import { parkedText } from "./trouble_verdict.ts";
import type { Verdict } from "./verdict.ts";
import { sentence } from "./words.ts";

/** `loose`: what was told of it all the same. */
export function unknownVerdict(question: Question, loose: Answer["loose"]): Verdict {
  const event = loose?.rows.findLast(({ status }) => status === "parked") ?? loose?.rows.at(-1);
  if (event === undefined) return { kind: "unknown", text: unknownText(question) };
  if (event.status === "parked") {
    return { kind: "parked", text: parkedText(event, null) };
  }
  if (event.status === "pending") {
    const text = `${event.eventId} is to be read again, with the next drain: ask again then.`;
    return { kind: "waiting", text };
  }
  const what = sentence(event.outcome ?? "it says nothing of a purchase");
  const next = question.kind === "id" && question.id === event.eventId
    ? "Ask by the id of the subscription or payment, or by the buyer's e-mail address."
    : "Was its invoice.paid or checkout.session.completed delivered?";
  return { kind: "of no purchase", text: `No purchase is known: ${what} ${next}` };
}

function unknownText({ kind }: Question): string {
  const looked = "look at the endpoint's deliveries in Stripe (Workbench, Webhooks), and resend " +
    "what failed";
  return kind === "email"
    ? "No purchase and no customer is known by this address. Did the buyer give another one? Ask " +
      `by an id of Stripe's. Was no event ever delivered? Then ${looked}.`
    : "Nothing is known of it here. Was its event ever delivered? If not, " +
      `${looked}. If so, is it of the other mode, account or project?`;
}
