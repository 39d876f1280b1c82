// What the tools print. Knows nothing of what it says.

/** Writes a line to standard output. */
export function print(line = ""): void {
  write(Deno.stdout, line);
}

/** Writes a line to standard error. */
export function printError(line: string): void {
  write(Deno.stderr, line);
}

type Paint = (text: string) => string;

/** How words stand out; pad before painting, as paint has a length but no width. */
export type Style = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow", Paint>>;

/** Colours on a terminal, plain text elsewhere and where `NO_COLOR` is set (no-color.org). */
export function terminalStyle(): Style {
  const coloured = Deno.stdout.isTerminal() && !Deno.noColor;
  const paint = (on: number, off: number): Paint =>
    coloured ? (text) => `\x1b[${on}m${text}\x1b[${off}m` : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
  };
}

/** How many columns there are to print in; 80 where nobody says, as in a pipe. */
export function screenWidth(): number {
  // A terminal that nobody gave a size says 0.
  return Deno.stdout.isTerminal() && Deno.consoleSize().columns || 80;
}

/** How wide prose is printed: longer lines than 100 are hard to read. */
export function textWidth(): number {
  return Math.min(100, screenWidth());
}

/** `12 ms`, or `1.2 s` from a second on. */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function write(stream: { writeSync(bytes: Uint8Array): number }, line: string): void {
  const bytes = new TextEncoder().encode(`${line}\n`);
  for (let sent = 0; sent < bytes.length;) sent += stream.writeSync(bytes.subarray(sent));
}
