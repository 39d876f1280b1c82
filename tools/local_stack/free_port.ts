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
