// Small words that several parts of an explanation have in common. Pure.

/** `2026-11-24 10:00:01`, in UTC. */
export function second(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** `2026-11-24 10:00`, in UTC. */
export function minute(date: Date): string {
  return second(date).slice(0, 16);
}

/** `2026-11-24`, in UTC. */
export function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** `1 event`, `2 events`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? noun : `${noun}s`}`;
}

/** A sentence: it ends, once. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
