// The function's own handler for the length of one request, behind ports at which it may die.

import { createBackground } from "../../../functions/stripe-cryptlex/background.ts";
import { createLedger } from "../../../functions/stripe-cryptlex/create_ledger.ts";
import { createHandler } from "../../../functions/stripe-cryptlex/handler.ts";
import { createSchedule } from "../../../functions/stripe-cryptlex/schedule.ts";
import type { Policy } from "../../../functions/stripe-cryptlex/policy.ts";
import { createStripeReader } from "../../../functions/stripe-cryptlex/stripe.ts";
import type { World } from "../../../functions/stripe-cryptlex/world.ts";
import type { CryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { deliver } from "../../../tools/stripe_sandbox/sign.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { leaseSeconds, type LedgerDatabase } from "../../database/ledger_database.ts";
import type { Fate } from "./fate.ts";
import { app, graceDays } from "./story.ts";

const secret = "whsec_of_the_endpoint";
const drainSecret = "a-drain-secret-of-tests";
const url = "http://127.0.0.1/stripe-cryptlex";

/** Either resolves once the worker has nothing left to do, or is dead. */
export type Worker = {
  /** False: it was not acknowledged. */
  deliver(event: StripeEvent): Promise<boolean>;
  drain(): Promise<void>;
};

/** A worker of its own for one request, as a platform may start one. */
export function beginWorker({ db, sandbox, fate, clock, policy, stripe }: {
  db: LedgerDatabase;
  sandbox: CryptlexSandbox;
  fate: Fate;
  /** Waiting moves it on. */
  clock: { now: Date };
  policy: Partial<Policy>;
  /** What Stripe's API answers; null: there is no key. */
  stripe: ((url: URL, at: Date) => Response) | null;
}): Worker {
  const mortal = fate.worker();
  const rpc = mortal.port(
    (door) => door,
    async (...call: Parameters<LedgerDatabase["client"]["rpc"]>) => await db.client.rpc(...call),
  );
  const world: World = {
    ledger: createLedger({ rpc }, {
      leaseSeconds,
      recordOnly: false,
      rate: { calls: 50, seconds: 5 },
      at: () => clock.now,
    }),
    cryptlex: {
      baseUrl: "http://127.0.0.1",
      accessToken: "sandbox-access-token",
      timeoutMs: leaseSeconds * 100,
      fetch: mortal.port(
        (input, init) => `${init?.method} ${new URL(String(input)).pathname}`,
        sandbox.fetch as typeof fetch,
      ),
    },
    policy: {
      cryptlexProductId: app.id,
      renewalGraceDays: graceDays,
      onCancel: "revoke",
      onRefund: "revoke",
      onDispute: "suspend",
      ...policy,
    },
    livemode: null,
    stripe: stripe && createStripeReader({
      secretKey: "rk_test_of_the_tests",
      baseUrl: "http://127.0.0.1",
      timeoutMs: leaseSeconds * 100,
      fetch: mortal.port(
        (input) => `GET ${new URL(String(input)).pathname}`,
        (input) => Promise.resolve(stripe(new URL(String(input)), clock.now)),
      ) as typeof fetch,
    }),
    recordOnly: false,
    leaseSeconds,
    alertWebhook: null,
    log: () => {},
    random: () => 0,
    delay(ms) {
      clock.now = new Date(clock.now.getTime() + ms);
      return Promise.resolve();
    },
  };
  const background = createBackground((error) => {
    throw error;
  });
  const handle = createHandler({
    world,
    background,
    stripeWebhookSecrets: [secret],
    drainSecrets: [drainSecret],
    publicOrigins: [],
    schedule: createSchedule(world.ledger, { functionUrl: null, log: world.log }),
    now: () => clock.now,
  });

  /** The status, or null when the worker died without having answered. */
  async function ask(answering: Promise<Response>): Promise<number | null> {
    let status: number | null = null;
    const done = answering.then(async (response) => {
      status = response.status;
      await background.idle();
    });
    await Promise.race([done, mortal.death]);
    // Whoever was answered in the same moment was answered.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (status !== null && status !== 200) throw new Error(`It was answered with ${status}`);
    return status;
  }

  return {
    deliver: async (event) =>
      await ask(deliver(url, event, {
        secret,
        at: clock.now,
        fetch: (input, init) => handle(new Request(input, init)),
      })) === 200,
    async drain() {
      const headers = { authorization: `Bearer ${drainSecret}` };
      await ask(handle(new Request(`${url}/drain`, { method: "POST", headers })));
    },
  };
}
