// What an alert says, in lines for people. Ids and errors only: no payload, e-mail or name. Pure.

import type { Alert, AlertEvent } from "./alert.ts";
import { maskAddresses } from "./mask_addresses.ts";

/** No event takes more than this, characters. */
const longestLine = 400;

/** The whole message, as Slack's incoming webhooks read it. */
export function alertText({ parked, events, late }: Alert): string {
  const lines: string[] = [];
  if (parked > 0) {
    lines.push(
      parked === 1
        ? "stripe-cryptlex: an event is parked and needs a person"
        : `stripe-cryptlex: ${parked} events are parked and need a person`,
      ...events.map(line),
      ...(parked > events.length ? [`and ${parked - events.length} more`] : []),
    );
  }
  if (late !== null) {
    const since = `${late.since.toISOString().slice(0, 16).replace("T", " ")} UTC`;
    lines.push(
      late.count === 1
        ? `stripe-cryptlex: an event waits for over an hour, since ${since}`
        : `stripe-cryptlex: ${late.count} events wait for over an hour, the oldest since ${since}`,
      line(late.oldest),
    );
  }
  lines.push("What to do about them is in licensing.stuck, in the table viewer.");
  return escaped(lines.join("\n"));
}

function line({ eventId, eventType, purchaseId, lastError }: AlertEvent): string {
  const about = `${eventId}, ${eventType}, ${purchaseId ?? "no purchase"}`;
  // An error's own line breaks would look like ours.
  const why = (lastError ?? "no attempt yet").replace(/\s+/g, " ");
  return maskAddresses(`• ${about}: ${why}`).slice(0, longestLine);
}

/** `<!channel>` in somebody's error is to wake nobody (docs.slack.dev, formatting message text). */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
