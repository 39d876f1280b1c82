// Picks the port to listen on.

import { freePort } from "../local_stack/free_port.ts";

/** The wanted port when it is free on the loopback address, else any that is. */
export function choosePort(wanted: number): number {
  try {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: wanted });
    listener.close();
    return listener.addr.port;
  } catch (error) {
    if (
      !(error instanceof Deno.errors.AddrInUse || error instanceof Deno.errors.PermissionDenied)
    ) {
      throw error;
    }
    return freePort();
  }
}
