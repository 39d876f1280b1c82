import assert from "node:assert/strict";
import { maxBodyBytes, readBody } from "../../functions/stripe-cryptlex/read_body.ts";

const url = "http://127.0.0.1/stripe-cryptlex";

function requestOf(body: BodyInit | null, headers: Record<string, string> = {}): Request {
  return new Request(url, { method: "POST", body, headers });
}

/** A body of these chunks, with no length known beforehand; tells how many were taken. */
function streamOf(chunks: readonly Uint8Array[]) {
  const left = [...chunks];
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const chunk = left.shift();
      if (chunk === undefined) controller.close();
      else controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
  return { stream, left };
}

const bytes = (text: string) => new TextEncoder().encode(text);

Deno.test("a body is read as text, to the byte", async () => {
  const text = '{\n  "name": "Zoë 🦕"\n}\r\n';
  assert.equal(await readBody(requestOf(text)), text);
});

Deno.test("no body is an empty one", async () => {
  assert.equal(await readBody(new Request(url, { method: "POST" })), "");
  assert.equal(await readBody(requestOf("")), "");
});

Deno.test("a character cut in two by the network is whole again", async () => {
  const text = bytes("Zoë 🦕");
  const { stream } = streamOf([...text].map((byte) => new Uint8Array([byte])));
  assert.equal(await readBody(requestOf(stream)), "Zoë 🦕");
});

Deno.test("a body of exactly the limit is read, one byte more is not", async () => {
  const most = "x".repeat(maxBodyBytes);
  assert.equal((await readBody(requestOf(most)))?.length, maxBodyBytes);
  const headers = { "content-length": String(maxBodyBytes) };
  assert.equal((await readBody(requestOf(most, headers)))?.length, maxBodyBytes);
  assert.equal(await readBody(requestOf(`${most}x`)), null);
});

Deno.test("bytes count, not characters", async () => {
  assert.equal(await readBody(requestOf("é".repeat(maxBodyBytes / 2 + 1))), null);
});

Deno.test("without a length a body too large is given up as soon as it is", async () => {
  const chunk = new Uint8Array(maxBodyBytes / 4);
  const { stream, left } = streamOf(Array.from({ length: 100 }, () => chunk));
  assert.equal(await readBody(requestOf(stream)), null);
  assert.equal(left.length, 95);
});

Deno.test("a length that is too much is believed without reading", async () => {
  const { stream, left } = streamOf([bytes("{}")]);
  const headers = { "content-length": String(maxBodyBytes + 1) };
  assert.equal(await readBody(requestOf(stream, headers)), null);
  assert.equal(left.length, 1);
});

Deno.test("a length that claims too little, or nonsense, does not let more in", async () => {
  for (const length of ["5", "-1", "0", "many"]) {
    const { stream } = streamOf([new Uint8Array(maxBodyBytes), new Uint8Array(1)]);
    assert.equal(await readBody(requestOf(stream, { "content-length": length })), null);
    assert.equal(await readBody(requestOf("{}", { "content-length": length })), "{}");
  }
});
