// How far a long piece of work has come: a bar, for people who wait at a terminal.

import process from "node:process";
// @ts-types="./cli_progress.d.ts"
import { SingleBar } from "cli-progress";

/** What is done sooner needs no bar. */
const patienceMs = 2000;

type Advance = (count: number) => void;

/**
 * Does the work, which tells as it goes how many of `total` steps it has done; null: how many there
 * are is not known. Once it has taken two seconds a bar on standard error shows it, and goes with it;
 * where nobody looks, as in a pipe, there is none.
 */
export async function withProgress<T>(
  what: string,
  total: number | null,
  work: (advance: Advance) => Promise<T>,
  { stream = process.stderr, patience = patienceMs }: {
    stream?: NodeJS.WriteStream;
    patience?: number;
  } = {},
): Promise<T> {
  if (!stream.isTTY || (total !== null && total <= 0)) return await work(() => {});
  const bar = createBar(total === null ? `${what}: {value}` : `${what} ${counted}`, stream);
  let done = 0;
  const timer = setTimeout(() => bar.start(total ?? 0, done), patience);
  try {
    return await work((count) => {
      done = Math.min(total ?? Infinity, done + count);
      bar.update(done);
    });
  } finally {
    clearTimeout(timer);
    bar.stop();
  }
}

const counted = "[{bar}] {value} of {total}";

function createBar(format: string, stream: NodeJS.WriteStream): SingleBar {
  return new SingleBar({
    format,
    barCompleteChar: "#",
    barIncompleteChar: "-",
    barsize: 24,
    clearOnComplete: true,
    hideCursor: true,
    stream,
  });
}
