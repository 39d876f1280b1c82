// Settings -> what a convergence needs of the world. Opens no connection by itself.

import type { World } from "./world.ts";
import { createLedger } from "./create_ledger.ts";
import { delay } from "./delay.ts";
import type { Log } from "./log.ts";
import { policyOf } from "./policy.ts";
import { lazyRpcClient } from "./rpc_client.ts";
import type { Settings } from "./settings.ts";
import { createStripeReader } from "./stripe.ts";

/** A lease is ten request time-outs long: enough for a convergence's calls and their settling. */
const leaseTimeouts = 10;

const databaseTimeoutMs = 10_000;
const alertTimeoutMs = 10_000;
const stripeTimeoutMs = 10_000;

/** The real world: the ledger over the network, Cryptlex by `fetch`. */
export function createWorld(settings: Settings, log: Log): World {
  const client = lazyRpcClient(async () => {
    const { createClient } = await import("@supabase/supabase-js");
    return createClient(settings.supabaseUrl, settings.supabaseSecretKey, {
      auth: { persistSession: false, autoRefreshToken: false },
      // Longer than any statement is let run (8 s for the API's role); Stripe sends again after a 503.
      db: { timeout: databaseTimeoutMs },
    });
  });
  const leaseSeconds = leaseTimeouts * settings.cryptlexTimeoutMs / 1000;
  return {
    ledger: createLedger(client, {
      leaseSeconds,
      recordOnly: settings.recordOnly,
      rate: settings.cryptlexRate,
      policy: policyOf(settings),
    }),
    cryptlex: {
      baseUrl: settings.cryptlexWebApiBaseUrl,
      accessToken: settings.cryptlexAccessToken,
      timeoutMs: settings.cryptlexTimeoutMs,
      fetch,
    },
    stripe: settings.stripeSecretKey === null ? null : createStripeReader({
      secretKey: settings.stripeSecretKey,
      baseUrl: settings.stripeApiBaseUrl,
      timeoutMs: stripeTimeoutMs,
      fetch,
    }),
    livemode: settings.livemode,
    policy: policyOf(settings),
    recordOnly: settings.recordOnly,
    leaseSeconds,
    alertWebhook: settings.alertWebhookUrl === null
      ? null
      : { url: settings.alertWebhookUrl, timeoutMs: alertTimeoutMs, fetch },
    log,
    random: Math.random,
    delay,
  };
}
