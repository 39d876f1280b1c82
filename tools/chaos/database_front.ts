// Stands before the database's HTTP door and shuts it for moments. Copies bytes; reads nothing.

/** How the database is away. */
export type Outage =
  /** Every connection, also those in use, ends without a word. */
  | "cut"
  /** Connections in use end; new ones are answered 503. */
  | "answered_503";

export type DatabaseFront = {
  readonly url: string;
  /** Null: it is there. */
  set(outage: Outage | null): void;
  shutdown(): Promise<void>;
};

const refusal =
  "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

/**
 * A front on loopback for a server at this address. What a connection had sent before it was cut
 * may well be carried out: that nobody hears of it is the point.
 */
export function serveDatabaseFront(target: { hostname: string; port: number }): DatabaseFront {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const serving = new Set<Promise<void>>();
  let outage: Outage | null = null;

  async function serve(client: Deno.Conn): Promise<void> {
    open.add(client);
    try {
      if (outage === null) await join(client);
      else if (outage === "answered_503") await refuse(client);
    } catch {
      // Either side is gone; so is the other in a moment.
    } finally {
      close(client);
    }
  }

  async function join(client: Deno.Conn): Promise<void> {
    const server = await Deno.connect(target);
    open.add(server);
    try {
      await Promise.race([
        client.readable.pipeTo(server.writable, { preventCancel: true }),
        server.readable.pipeTo(client.writable, { preventCancel: true }),
      ]);
    } finally {
      close(server);
    }
  }

  function close(connection: Deno.Conn): void {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch (error) {
      // The streams close it, too, when they come to an end.
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }

  async function accept(): Promise<void> {
    for await (const client of listener) {
      const served = serve(client).finally(() => serving.delete(served));
      serving.add(served);
    }
  }
  const accepting = accept();

  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    set(next) {
      outage = next;
      if (next !== null) { for (const connection of [...open]) close(connection); }
    },
    async shutdown() {
      listener.close();
      await accepting;
      for (const connection of [...open]) close(connection);
      await Promise.all(serving);
    },
  };
}

async function refuse(client: Deno.Conn): Promise<void> {
  await client.read(new Uint8Array(64 * 1024));
  await client.write(new TextEncoder().encode(refusal));
}
