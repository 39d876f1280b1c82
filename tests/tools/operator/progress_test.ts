import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { delay } from "../../../functions/stripe-cryptlex/delay.ts";
import { withProgress } from "../../../tools/operator/progress.ts";

/** A stream that says whether it is a terminal, and what was written to it. */
function streamThat(isTTY: boolean) {
  let written = "";
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 80 });
  stream.on("data", (chunk) => written += chunk);
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => written };
}

/** Work of three steps that tells of two. */
async function work(advance: (count: number) => void): Promise<string> {
  await delay(20);
  advance(2);
  await delay(250);
  return "done";
}

Deno.test("a long piece of work shows a bar on a terminal", async () => {
  const { stream, written } = streamThat(true);
  assert.equal(await withProgress("Replaying", 3, work, { stream, patience: 0 }), "done");
  assert.match(written(), /Replaying \[#+-+\] 2 of 3/);
});

Deno.test("where nobody knows how much there is, it counts", async () => {
  const { stream, written } = streamThat(true);
  await withProgress("Purchases compared", null, work, { stream, patience: 0 });
  assert.match(written(), /Purchases compared: 2/);
});

Deno.test("a bar goes when the work fails", async () => {
  const { stream, written } = streamThat(true);
  const failing = async (advance: (count: number) => void) => {
    await work(advance);
    throw new Error("no");
  };
  await assert.rejects(
    withProgress("Replaying", 3, failing, { stream, patience: 0 }),
    /^Error: no/,
  );
  const before = written();
  await delay(150);
  assert.equal(written(), before);
});

Deno.test("a pipe gets no bar, nor does a short piece of work", async () => {
  for (const [isTTY, patience] of [[false, 0], [true, 600_000]] as const) {
    const { stream, written } = streamThat(isTTY);
    assert.equal(await withProgress("Replaying", 3, work, { stream, patience }), "done");
    assert.equal(written(), "");
  }
});

Deno.test("where nobody knows how much there is, what was done is counted", async () => {
  const { stream, written } = streamThat(true);
  assert.equal(await withProgress("Read", null, work, { stream, patience: 0 }), "done");
  assert.match(written(), /Read: 2/);
});
