// The function's log for people: one JSON line of it in, one readable line out. Pure.

import type { LogEntry } from "../../functions/stripe-cryptlex/log.ts";

/** The line as it is when it is no log entry: what the runtime itself prints. */
export function readableLog(line: string): string {
  const entry = parse(line);
  if (entry === null) return line;
  const { action, attempts, ms, ...rest } = entry;
  const words = [action.padEnd(16), ...Object.values(rest).map(String)];
  if (attempts) words.push(`attempt ${attempts + 1}`);
  if (ms !== undefined) words.push(`${ms} ms`);
  return words.join("  ");
}

function parse(line: string): LogEntry | null {
  if (!line.startsWith("{")) return null;
  try {
    const entry = JSON.parse(line) as Partial<LogEntry>;
    return entry.action === undefined ? null : { ...entry, action: entry.action };
  } catch {
    return null;
  }
}
