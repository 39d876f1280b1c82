// Tells people what is stuck, where a webhook is set. Whatever fails here disturbs nothing else.

import { alertText } from "./alert_text.ts";
import { errorMessage } from "./log.ts";
import type { World } from "./world.ts";

/** Where alerts go: the URL itself is a secret. */
export type AlertWebhook = {
  readonly url: string;
  readonly timeoutMs: number;
  readonly fetch: typeof fetch;
};

/** The webhook did not take the message. Says nothing of where it is. */
export class AlertUnsentError extends Error {
  override readonly name = "AlertUnsentError";
  readonly retryable = true;

  constructor(why: string) {
    super(`Cannot post to ALERT_WEBHOOK_URL: ${why}`);
  }
}

/**
 * Sends what is to be told, if anything is and it is this worker's to tell. Never rejects: what did
 * not arrive is told by whoever asks the ledger some minutes later.
 */
export async function sendAlert(
  { ledger, alertWebhook, log }: Pick<World, "ledger" | "alertWebhook" | "log">,
): Promise<void> {
  if (alertWebhook === null) return;
  const started = performance.now();
  const entry = (error: string | null) => ({
    action: "alert",
    ms: Math.round(performance.now() - started),
    error,
  });
  try {
    const alert = await ledger.claimAlert();
    if (alert === null) return;
    await post(alertText(alert), alertWebhook);
    await ledger.settleAlert(alert);
    log(entry(null));
  } catch (error) {
    log(entry(errorMessage(error)));
  }
}

async function post(text: string, { url, timeoutMs, fetch }: AlertWebhook): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  let response: Response;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text }),
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
  } catch {
    // The platform's own words name the URL.
    throw new AlertUnsentError(
      signal.aborted ? `nothing within ${timeoutMs} ms` : "the connection failed",
    );
  }
  if (!response.ok) throw new AlertUnsentError(`status ${response.status}`);
}
