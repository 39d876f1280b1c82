// Finds a port for a process that cannot be handed an open socket.

/**
 * Returns a loopback TCP port that was free a moment ago. Another process may take it before
 * ours does: whoever uses it must fail loudly when it cannot listen.
 */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  return port;
}

/**
 * Returns what `start` does on a free port; on another one where somebody took that meanwhile, three
 * at the most.
 * @throws whatever `start` throws for any other reason.
 */
export async function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await start(freePort());
    } catch (error) {
      // As the C library says it, so that Deno and PostgreSQL do.
      if (tries === 3 || !/address already in use/i.test(String(error))) throw error;
    }
  }
}
