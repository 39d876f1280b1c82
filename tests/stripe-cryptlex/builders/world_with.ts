// What a convergence needs of the world, in memory.

import type { World } from "../../../functions/stripe-cryptlex/world.ts";
import type { LogEntry } from "../../../functions/stripe-cryptlex/log.ts";
import { createFakeLedger } from "./fake_ledger.ts";
import { policyWith } from "./policy_with.ts";

/** A world that sells product-a and has no Cryptlex; `logged` are its log's entries. */
export function worldWith(changed: Partial<World> = {}): World & { readonly logged: LogEntry[] } {
  const logged: LogEntry[] = [];
  return {
    ledger: createFakeLedger(),
    cryptlex: {
      baseUrl: "http://127.0.0.1",
      accessToken: "sandbox-access-token",
      timeoutMs: 10_000,
      fetch: () => Promise.reject(new TypeError("there is no Cryptlex")),
    },
    stripe: null,
    livemode: null,
    policy: policyWith(),
    recordOnly: false,
    leaseSeconds: 100,
    alertWebhook: null,
    log: (entry) => void logged.push(entry),
    random: () => 0,
    delay: () => Promise.resolve(),
    logged,
    ...changed,
  };
}
