// The function's own code in simulated time, on a real PostgreSQL and a Cryptlex sandbox that keeps
// its limit: the schedule drains every 15 seconds, and events are delivered.

import { createBackground } from "../../../functions/stripe-cryptlex/background.ts";
import { longestMs } from "../../../functions/stripe-cryptlex/converge.ts";
import { createLedger } from "../../../functions/stripe-cryptlex/create_ledger.ts";
import { drain } from "../../../functions/stripe-cryptlex/drain.ts";
import type { CallRate, Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { receive } from "../../../functions/stripe-cryptlex/receive.ts";
import type { RpcClient } from "../../../functions/stripe-cryptlex/rpc_client.ts";
import type { World } from "../../../functions/stripe-cryptlex/world.ts";
import { createCryptlexSandbox, type CryptlexSandbox } from "../../cryptlex_sandbox/sandbox.ts";
import { createSimulatedTime } from "../../simulated_time.ts";

export type SimulatedFunction = {
  readonly sandbox: CryptlexSandbox;
  now(): Date;
  delay(ms: number): Promise<void>;
  /** Resolves when it is acknowledged. */
  deliver(event: unknown): Promise<void>;
  /** The schedule drains, until that moment. */
  drainUntil(end: Date): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** How often the ledger was asked. */
  roundTrips(): number;
  /** The most drains that were under way at once. */
  mostDrains(): number;
};

const drainEveryMs = 15_000;

/** Begins at `start`; nothing of it takes time but calls to Cryptlex. */
export function createSimulatedFunction(
  client: RpcClient,
  { start, rate, latencyMs, graceDays }: {
    start: Date;
    rate: CallRate;
    latencyMs: number;
    graceDays: number;
  },
): SimulatedFunction {
  const time = createSimulatedTime(start);
  const sandbox = createCryptlexSandbox({
    now: time.now,
    rateLimit: true,
    products: [{ id: "product-a", name: "A", licenseTemplateId: "monthly" }],
    licenseTemplates: [{ id: "monthly", name: "Monthly", subscriptionInterval: "P1M" }],
  });
  let roundTrips = 0;
  let drains = 0;
  let mostDrains = 0;
  const counted: RpcClient = {
    rpc(door, args) {
      roundTrips++;
      return time.during(Promise.resolve(client.rpc(door, args)));
    },
  };
  const options = { leaseSeconds: 100, recordOnly: false, rate, at: time.now };
  const ledger = createLedger(counted, options);
  const world: World = {
    ledger,
    cryptlex: {
      baseUrl: "http://cryptlex.test",
      accessToken: "sandbox-access-token",
      timeoutMs: 10_000,
      async fetch(input, init) {
        await time.delay(latencyMs);
        return await time.during(sandbox.fetch(input, init));
      },
    },
    stripe: null,
    livemode: null,
    policy: {
      cryptlexProductId: "product-a",
      renewalGraceDays: graceDays,
      onCancel: "revoke",
      onRefund: "revoke",
      onDispute: "suspend",
    },
    recordOnly: false,
    // Measured in real time, which has no meaning here.
    leaseSeconds: Infinity,
    alertWebhook: null,
    log: () => {},
    random: () => 0.5,
    delay: time.delay,
  };
  const background = createBackground((error) => {
    throw error;
  });

  /** A drain goes by a clock of its own, which has no meaning here: it finds nothing in the end. */
  function timedLedger(): Ledger {
    const untilMs = time.now().getTime() + longestMs;
    return {
      ...ledger,
      claimDue: (asked) =>
        time.now().getTime() < untilMs
          ? ledger.claimDue(asked)
          : Promise.resolve({ claim: null, waitSeconds: null, unread: null }),
    };
  }

  async function drainOnce(): Promise<void> {
    drains++;
    mostDrains = Math.max(mostDrains, drains);
    await drain({ ...world, ledger: timedLedger() }, { background, ignoreBackoff: false });
    drains--;
  }

  return {
    sandbox,
    now: time.now,
    delay: time.delay,
    deliver: (event) => receive(event, world, background),
    async drainUntil(end) {
      while (time.now() < end) {
        // As the schedule does: it does not wait for an earlier one.
        background.run(drainOnce());
        await time.delay(Math.min(drainEveryMs, end.getTime() - time.now().getTime()));
      }
    },
    idle: () => background.idle(),
    roundTrips: () => roundTrips,
    mostDrains: () => mostDrains,
  };
}
