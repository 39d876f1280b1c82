// Cuts a stream of bytes into lines of text.

/**
 * Calls `take` with each line of the stream, without its end, until the stream ends; a last line
 * without an end counts.
 */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  take: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach((line) => take(line));
  }
  if (rest !== "") take(rest);
}
