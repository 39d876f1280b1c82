// One JSON line a step. Carries ids and figures only: no payload, e-mail, name or token.

/** The keys are the ledger's column names, so that one word finds a thing in both. */
export type LogEntry = {
  readonly action: string;
  readonly event_id?: string;
  readonly event_type?: string;
  readonly purchase_id?: string;
  readonly license_id?: string | null;
  readonly status?: number | string | null;
  readonly attempts?: number;
  readonly ms?: number;
  readonly outcome?: string;
  readonly error?: string | null;
};

/** Writes an entry down. */
export type Log = (entry: LogEntry) => void;

/** A log that hands each entry to `write` as one line of JSON; what is absent or null is left out. */
export function createLog(write: (line: string) => void): Log {
  return (entry) =>
    write(JSON.stringify(entry, (_key, value: unknown) => value === null ? undefined : value));
}

/** What an error says, whatever was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
