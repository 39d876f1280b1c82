// The whole of it on loopback: the function as a process of its own, embedded Postgres behind
// PostgREST, and a Cryptlex sandbox. What end-to-end tests talk to.

import { strict as assert } from "node:assert";
import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type SandboxLicense,
  type SandboxOptions,
} from "../../tools/cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../../tools/cryptlex_sandbox/serve.ts";
import { type FunctionProcess, startFunction } from "../../tools/local_stack/function_process.ts";
import { startSupabaseLite, type SupabaseLite } from "../../tools/local_stack/supabase_lite.ts";
import { deliver } from "../../tools/stripe_sandbox/sign.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import type { ThinEvent } from "../../tools/stripe_sandbox/thin_event.ts";

export const webhookSecret = "whsec_end_to_end";
export const cronSecret = "cron-secret-of-the-tests";
export const product = { id: "product-app", name: "App", licenseTemplateId: "template-monthly" };
export const otherProduct = {
  id: "product-two",
  name: "Two",
  licenseTemplateId: "template-yearly",
};

/** For a Cryptlex that does not answer: what waits for three time-outs goes on soon. */
export const impatient = { CRYPTLEX_TIMEOUT_MS: "1000" };

/** What the sandbox's account sells, unless a test says otherwise. */
const catalogue: SandboxOptions = {
  products: [product, otherProduct],
  licenseTemplates: [
    { id: "template-monthly", name: "Monthly", subscriptionInterval: "P1M" },
    { id: "template-yearly", name: "Yearly", subscriptionInterval: "P1Y" },
    { id: "template-perpetual", name: "Perpetual", subscriptionInterval: "" },
  ],
  entitlementSets: [{ id: "set-pro", name: "Pro", productIds: [product.id, otherProduct.id] }],
};

export type LedgerEvent = {
  event_id: string;
  status: string;
  outcome: string | null;
  last_error: string | null;
  attempts: number;
  purchase_id: string | null;
  held: boolean;
};

export type Bridge = {
  readonly function: FunctionProcess;
  /** The function's environment. */
  readonly settings: Readonly<Record<string, string>>;
  readonly sandbox: CryptlexSandbox;
  readonly lite: SupabaseLite;
  /** Delivers the events one after the other; each must be acknowledged with 200. */
  send(...events: (StripeEvent | ThinEvent)[]): Promise<void>;
  /** Posts one event, whatever comes back. */
  post(event: StripeEvent | ThinEvent | string): Promise<Response>;
  drain(body?: Record<string, unknown>): Promise<Record<string, number>>;
  /** The rows of these events once none of them is pending; drains while it waits. */
  settled(...events: { id: string }[]): Promise<LedgerEvent[]>;
  rows(...events: { id: string }[]): Promise<LedgerEvent[]>;
  /** The sandbox's licenses that name this Stripe id in their metadata and are not revoked. */
  usable(stripeId: string): SandboxLicense[];
  /** The ledger's functions called since the last `forget()`. */
  databaseCalls(): readonly string[];
  forget(): void;
  /** While true the database answers nothing but 503. */
  databaseDown(down: boolean): void;
  /** Another function process on the same database and sandbox. */
  startAnother(settings: Record<string, string>): Promise<FunctionProcess>;
  stop(): Promise<void>;
};

/** Starts everything; `settings` are added to the function's environment. */
export async function startBridge(
  options: { settings?: Record<string, string>; sandbox?: SandboxOptions } = {},
): Promise<Bridge> {
  const sandbox = createCryptlexSandbox({ ...catalogue, ...options.sandbox });
  const cryptlex = await serveCryptlexSandbox(sandbox);
  const lite = await startSupabaseLite({
    migrationsFolder: new URL("../../supabase/migrations/", import.meta.url),
    prepares: true,
  });
  const database = serveInFront(lite);
  const env = {
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    CRYPTLEX_ACCESS_TOKEN: "sandbox-access-token",
    CRYPTLEX_PRODUCT_ID: product.id,
    CRYPTLEX_WEB_API_BASE_URL: cryptlex.url,
    CRYPTLEX_RATE_LIMIT: "100000/5s",
    CRON_SECRET: cronSecret,
    SUPABASE_URL: database.url,
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: lite.secretKey }),
    ...options.settings,
  };
  const running = await startFunction({ env });
  const others: FunctionProcess[] = [];

  const endpoint = `${running.url}/stripe-cryptlex`;
  const post: Bridge["post"] = (event) => deliver(endpoint, event, { secret: webhookSecret });

  const drain: Bridge["drain"] = async (body = {}) => {
    const response = await fetch(`${endpoint}/drain`, {
      method: "POST",
      headers: { authorization: `Bearer ${cronSecret}` },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200, await response.clone().text());
    return await response.json();
  };

  const rows: Bridge["rows"] = (...events) =>
    lite.query<LedgerEvent>(
      `select event_id, status, outcome, last_error, attempts, purchase_id, held
       from licensing.stripe_events where event_id = any ($1) order by received_at`,
      [events.map((event) => event.id)],
    );

  return {
    function: running,
    settings: env,
    sandbox,
    lite,
    post,
    drain,
    rows,
    async send(...events) {
      for (const event of events) {
        const response = await post(event);
        assert.equal(response.status, 200, await response.text());
      }
    },
    async settled(...events) {
      for (let poll = 0; poll < 3000; poll++) {
        const found = await rows(...events);
        const ids = new Set(events.map((event) => event.id));
        if (found.length === ids.size && found.every((row) => row.status !== "pending")) {
          return found;
        }
        // What waits for a back-off is drained as the schedule would, just sooner.
        if (poll % 10 === 9) await drain({ ignore_backoff: true });
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`Events did not settle: ${JSON.stringify(await rows(...events))}`);
    },
    usable: (stripeId) =>
      sandbox.licenses().filter((license) =>
        !license.revoked && license.metadata.some((entry) => entry.value === stripeId)
      ),
    databaseCalls: database.calls,
    forget() {
      database.forget();
      sandbox.forgetCalls();
    },
    databaseDown: database.down,
    async startAnother(settings) {
      const another = await startFunction({ env: { ...env, ...settings } });
      others.push(another);
      return another;
    },
    async stop() {
      for (const process of [running, ...others]) await process.stop();
      await cryptlex.shutdown();
      await database.shutdown();
      await lite.shutdown();
    },
  };
}

/** Stands before the database: counts what passes, and refuses it when told to. */
function serveInFront(lite: SupabaseLite) {
  let calls: string[] = [];
  let isDown = false;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      if (isDown) return new Response("down", { status: 503 });
      calls.push(pathname.slice(pathname.lastIndexOf("/") + 1));
      const { method, headers } = request;
      const body = await request.arrayBuffer();
      return await lite.fetch(
        new Request(`${lite.url}${pathname}${search}`, { method, headers, body }),
      );
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    calls: () => calls,
    forget() {
      calls = [];
    },
    down(down: boolean) {
      isDown = down;
    },
    shutdown: () => server.shutdown(),
  };
}

/** A test whose steps share one bridge. */
export function bridgeTest(
  name: string,
  options: { settings?: Record<string, string>; sandbox?: SandboxOptions },
  steps: (bridge: Bridge, t: Deno.TestContext) => Promise<void>,
): void {
  // The embedded database sets an exit code of its own when it starts.
  Deno.test(
    { name, sanitizeExit: false, sanitizeResources: false, sanitizeOps: false },
    async (t) => {
      const bridge = await startBridge(options);
      try {
        await steps(bridge, t);
      } finally {
        await bridge.stop();
      }
    },
  );
}
