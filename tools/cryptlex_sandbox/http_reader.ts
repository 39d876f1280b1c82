// Reads HTTP/1.1 requests off a connection, one after the other: what a fetch client sends, with a
// counted or a chunked body. No upgrades, no trailers.

import { createByteReader } from "./byte_reader.ts";

/** A request as it came over the wire. */
export type HttpRequest = {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: string;
};

/**
 * Asks `connection` for its next request; `null` once the caller has closed it.
 *
 * What is returned throws a `SyntaxError` or `TypeError` when what arrives is no such request.
 */
export function createHttpReader(connection: Deno.Conn): () => Promise<HttpRequest | null> {
  const { line, take } = createByteReader(connection);

  async function counted(length: number): Promise<string | null> {
    const bytes = await take(length);
    return bytes && new TextDecoder().decode(bytes);
  }

  async function chunked(): Promise<string | null> {
    const decoder = new TextDecoder();
    for (let body = "";;) {
      const size = parseInt(await line() ?? "", 16);
      if (Number.isNaN(size)) throw new SyntaxError("Cannot read a chunk without its size");
      const chunk = await take(size);
      if (chunk === null || await line() === null) return null;
      if (size === 0) return body + decoder.decode();
      body += decoder.decode(chunk, { stream: true });
    }
  }

  return async () => {
    const start = await line();
    if (start === null) return null;
    const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.1$/.exec(start) ?? [];
    if (method === undefined || target === undefined) {
      throw new SyntaxError(`Cannot read the request line ${JSON.stringify(start)}`);
    }
    const headers = new Headers();
    for (let header = await line(); header !== ""; header = await line()) {
      if (header === null) return null;
      const colon = header.indexOf(":");
      headers.append(header.slice(0, Math.max(colon, 0)), header.slice(colon + 1).trim());
    }
    const body = headers.has("transfer-encoding")
      ? await chunked()
      : await counted(Number(headers.get("content-length") ?? 0));
    return body === null ? null : { method, target, headers, body };
  };
}
