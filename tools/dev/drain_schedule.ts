// Stands in for a scheduler that calls drain: has the function work off what is due, every few seconds.

/** What the function worked off, as `POST /stripe-cryptlex/drain` answers. */
export type DrainTally = { settled: number; retrying: number; parked: number; pending: number };

export type DrainOptions = {
  readonly webhookUrl: string;
  readonly secret: string;
  readonly everyMs: number;
  /** It worked something off. */
  onDrained(tally: DrainTally): void;
  /** Nobody listens there. */
  onSilence(): void;
};

/** Starts the schedule, at once the first time; returns how to end it. */
export function startDrainSchedule(options: DrainOptions): () => void {
  const over = new AbortController();
  let timer = setTimeout(tick, 0);

  async function tick(): Promise<void> {
    const answer = await callDrain(options, over.signal);
    if (over.signal.aborted) return;
    if (answer === null) options.onSilence();
    else if (answer.settled + answer.retrying + answer.parked > 0) options.onDrained(answer);
    // Whoever was told may have ended it.
    if (!over.signal.aborted) timer = setTimeout(tick, options.everyMs);
  }

  return () => {
    over.abort();
    clearTimeout(timer);
  };
}

/** Calls drain once; null: nobody listens there. Zeros: it did not do it, as without its database. */
export async function callDrain(
  { webhookUrl, secret }: Pick<DrainOptions, "webhookUrl" | "secret">,
  signal: AbortSignal | null = null,
): Promise<DrainTally | null> {
  const headers = { authorization: `Bearer ${secret}` };
  try {
    const response = await fetch(`${webhookUrl}/drain`, { method: "POST", headers, signal });
    if (response.ok) return await response.json();
    await response.body?.cancel();
    return { settled: 0, retrying: 0, parked: 0, pending: 0 };
  } catch {
    return null;
  }
}
