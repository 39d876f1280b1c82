import assert from "node:assert/strict";
import { readLines } from "../../../tools/local_stack/read_lines.ts";

async function linesOf(chunks: Uint8Array[]): Promise<string[]> {
  const lines: string[] = [];
  await readLines(ReadableStream.from(chunks), (line) => lines.push(line));
  return lines;
}

Deno.test("lines are whole wherever the stream was cut, even within a character", async () => {
  const bytes = new TextEncoder().encode("one\ntwé\n\nlast");
  for (let cut = 0; cut <= bytes.length; cut++) {
    const chunks = [bytes.slice(0, cut), bytes.slice(cut)];
    assert.deepEqual(await linesOf(chunks), ["one", "twé", "", "last"]);
  }
});

Deno.test("a stream that ends with a line end has no further line", async () => {
  assert.deepEqual(await linesOf([new TextEncoder().encode("one\n")]), ["one"]);
});
