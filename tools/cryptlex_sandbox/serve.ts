// The sandbox behind a real socket, on the loopback address only. Written on bare TCP because
// node:http cannot cut a connection on Deno 2.1, and a cut connection is what a client must survive.

import { createHttpReader, type HttpRequest } from "./http_reader.ts";
import type { CryptlexSandbox } from "./sandbox.ts";

/** A running server. */
export type SandboxServer = {
  /** Its origin, without a trailing slash. */
  readonly url: string;
  /** Closes every connection, answered or not. */
  shutdown(): Promise<void>;
};

/** How to serve. */
export type ServeOptions = {
  /** Default: a free one. */
  readonly port?: number;
  /**
   * Do connections serve several requests? Default true, as the Web API's do. A client on Deno 2.9
   * (not 2.1) sends a request again by itself, a POST too, when a connection that has served before
   * is cut (denoland/deno#35610); `false` shows it every cut.
   */
  readonly keepAlive?: boolean;
};

/** Serves `sandbox` on 127.0.0.1. Rejects when the port is taken. */
export function serveCryptlexSandbox(
  sandbox: CryptlexSandbox,
  { port = 0, keepAlive = true }: ServeOptions = {},
): Promise<SandboxServer> {
  return Promise.resolve().then(() => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port, transport: "tcp" });
    const url = `http://127.0.0.1:${listener.addr.port}`;
    const stop = new AbortController();
    const connections = new Map<Deno.Conn, Promise<void>>();

    async function accept() {
      for await (const connection of listener) {
        const ended = converse(connection, { sandbox, url, keepAlive, signal: stop.signal })
          .finally(() => connections.delete(connection));
        connections.set(connection, ended);
      }
    }
    const accepting = accept();

    return {
      url,
      async shutdown() {
        stop.abort();
        listener.close();
        await accepting;
        const ending = [...connections.values()];
        for (const connection of connections.keys()) close(connection);
        await Promise.all(ending);
      },
    };
  });
}

type Room = {
  readonly sandbox: CryptlexSandbox;
  readonly url: string;
  readonly keepAlive: boolean;
  readonly signal: AbortSignal;
};

/** Answers one connection's requests in turn until either side ends it. */
async function converse(connection: Deno.Conn, room: Room): Promise<void> {
  const next = createHttpReader(connection);
  try {
    for (let request = await next(); request !== null; request = await next()) {
      const init = asInit(request, room.signal);
      const response = await room.sandbox.fetch(room.url + request.target, init);
      const asked = request.headers.get("connection")?.toLowerCase();
      const last = !room.keepAlive || asked === "close";
      if (last) response.headers.set("connection", "close");
      await writeAll(connection, await responseBytes(response));
      if (last) break;
    }
  } catch {
    // A lost connection is lost by closing it, whoever lost it.
  } finally {
    close(connection);
  }
}

function asInit({ method, headers, body }: HttpRequest, signal: AbortSignal): RequestInit {
  return { method, headers, signal, body: body || null };
}

async function responseBytes(response: Response): Promise<Uint8Array> {
  const body = new Uint8Array(await response.arrayBuffer());
  const lines = [`HTTP/1.1 ${response.status} ${response.statusText}`];
  for (const [name, value] of response.headers) lines.push(`${name}: ${value}`);
  if (response.status !== 204) lines.push(`content-length: ${body.length}`);
  const head = new TextEncoder().encode(lines.join("\r\n") + "\r\n\r\n");
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
