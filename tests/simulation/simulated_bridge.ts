// The function's own code on a real PostgreSQL and a Cryptlex sandbox, in simulated time: Stripe
// delivers, the schedule drains every 15 seconds, and hours pass in moments.

import { strict as assert } from "node:assert";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { longestMs } from "../../functions/stripe-cryptlex/converge.ts";
import { drain } from "../../functions/stripe-cryptlex/drain.ts";
import type { CallRate, Ledger } from "../../functions/stripe-cryptlex/ledger.ts";
import { receive } from "../../functions/stripe-cryptlex/receive.ts";
import type { World } from "../../functions/stripe-cryptlex/world.ts";
import {
  createCryptlexSandbox,
  type CryptlexSandbox,
} from "../../tools/cryptlex_sandbox/sandbox.ts";
import { createSeededRandom } from "../../tools/chaos/seeded_random.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import type { LedgerDatabase } from "../database/ledger_database.ts";
import { policyWith } from "../stripe-cryptlex/builders/policy_with.ts";
import { createSimulatedTime } from "../../tools/simulated_time.ts";

export const start = new Date("2026-11-02T10:00:00Z");

export type SimulatedBridge = {
  readonly sandbox: CryptlexSandbox;
  now(): Date;
  /** Lets simulated seconds pass, the schedule at work. */
  pass(seconds: number, options?: { drainEverySeconds?: number }): Promise<void>;
  /** Delivers one event; resolves when it is acknowledged. */
  deliver(event: StripeEvent): Promise<void>;
  /** Delivers them at once, to a worker that acknowledges all and then does nothing more. */
  deliverAndDie(events: readonly StripeEvent[]): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  drain(options?: { ignoreBackoff: boolean }): Promise<void>;
  /** The events by status. */
  statuses(): Promise<Record<string, number>>;
};

/** `latencyMs`: what a call to Cryptlex takes, simulated. */
export function createSimulatedBridge(
  db: LedgerDatabase,
  { rate, latencyMs = 200 }: { rate: CallRate; latencyMs?: number },
): SimulatedBridge {
  const time = createSimulatedTime(start);
  const sandbox = createCryptlexSandbox({
    now: time.now,
    rateLimit: true,
    products: [{ id: "product-a", name: "A", licenseTemplateId: "monthly" }],
    licenseTemplates: [{ id: "monthly", name: "Monthly", subscriptionInterval: "P1M" }],
  });
  const ledger = db.ledger(time.now, { rate });
  const timed: Ledger = {
    record: (...event) => time.during(ledger.record(...event)),
    claimFresh: (purchaseId) => time.during(ledger.claimFresh(purchaseId)),
    claimDue: (options) => time.during(ledger.claimDue(options)),
    settle: (...settlement) => time.during(ledger.settle(...settlement)),
    health: () => time.during(ledger.health()),
    announce: (functionUrl) => time.during(ledger.announce(functionUrl)),
    claimAlert: () => time.during(ledger.claimAlert()),
    settleAlert: (alert) => time.during(ledger.settleAlert(alert)),
    claimKeys: (sessionId) => time.during(ledger.claimKeys(sessionId)),
    settleKeys: (...refused) => time.during(ledger.settleKeys(...refused)),
  };
  const world: World = {
    ledger: timed,
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
    policy: policyWith(),
    recordOnly: false,
    // A lease is measured in real time, which has no meaning here.
    leaseSeconds: Infinity,
    alertWebhook: null,
    log: () => {},
    random: createSeededRandom(1, "jitter").next,
    delay: time.delay,
  };
  const background = createBackground(assert.ifError);
  const drains = async ({ ignoreBackoff } = { ignoreBackoff: false }) => {
    // A drain goes by a clock of its own, which has no meaning here: after its time it finds nothing.
    const untilMs = time.now().getTime() + longestMs;
    const claimDue: Ledger["claimDue"] = (options) =>
      time.now().getTime() < untilMs
        ? timed.claimDue(options)
        : Promise.resolve({ claim: null, waitSeconds: null, unread: null });
    await drain({ ...world, ledger: { ...timed, claimDue } }, { background, ignoreBackoff });
  };

  return {
    sandbox,
    now: time.now,
    idle: () => background.idle(),
    drain: drains,
    deliver: (event) => receive(event, world, background),
    async deliverAndDie(events) {
      const never = () => new Promise<never>(() => {});
      const dead = { ...world, delay: never, ledger: { ...timed, claimFresh: never } };
      const gone = createBackground(assert.ifError);
      await Promise.all(events.map((event) => receive(event, dead, gone)));
    },
    async pass(seconds, { drainEverySeconds = 15 } = {}) {
      const until = time.now().getTime() + seconds * 1000;
      while (time.now().getTime() < until) {
        await time.delay(Math.min(drainEverySeconds * 1000, until - time.now().getTime()));
        // As the schedule does: it does not wait for an earlier one.
        background.run(drains());
      }
    },
    async statuses() {
      const rows = await db.sql<{ status: string; many: number }[]>`
        select status, count(*)::integer as many from licensing.stripe_events group by status`;
      return Object.fromEntries(rows.map(({ status, many }) => [status, many]));
    },
  };
}
