// All a reconciliation needs, on loopback: a real PostgreSQL, Cryptlex and Stripe as sandboxes, the tool
// as a process, and the function's own hand for what did arrive.

import { strict as assert } from "node:assert";
import postgres from "postgres";
import { createBackground } from "../../../functions/stripe-cryptlex/background.ts";
import { createWorld } from "../../../functions/stripe-cryptlex/create_world.ts";
import { drain } from "../../../functions/stripe-cryptlex/drain.ts";
import { receive } from "../../../functions/stripe-cryptlex/receive.ts";
import { parseSettings } from "../../../functions/stripe-cryptlex/settings.ts";
import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type SandboxLicense,
  type SandboxOptions,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../../../tools/cryptlex_sandbox/serve.ts";
import { createEndings } from "../../../tools/endings.ts";
import { applyMigrations } from "../../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../../tools/local_stack/postgres.ts";
import { servePostgresRest } from "../../../tools/local_stack/postgres_rest.ts";
import { serveStripe, type StripeServer } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import type { StripeBooks } from "../../../tools/stripe_sandbox/stripe_api.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { runTool, type ToolResult } from "../tool_process.ts";

export const stripeKey = "rk_test_of_reconcile";
const secretKey = "sb_secret_of_reconcile";
const accessToken = "sandbox-access-token";

/** What must be in no output. */
const secrets = [stripeKey, secretKey, accessToken];

export type Stage = {
  readonly sql: postgres.Sql;
  readonly sandbox: CryptlexSandbox;
  readonly stripe: StripeServer;
  readonly env: Readonly<Record<string, string>>;
  readonly stateFile: string;
  /** These reach the function, one after the other, and are worked off. */
  deliver(...events: readonly (StripeEvent | null)[]): Promise<void>;
  /** The tool; no output ever has a secret or an address. */
  reconcile(...args: string[]): Promise<ToolResult>;
  /** The same in a shell that has these set otherwise. */
  reconcileWith(more: Record<string, string>, ...args: string[]): Promise<ToolResult>;
  /** Its one JSON document. */
  found(...args: string[]): Promise<Found>;
  /** Licenses that name this id and can be used. */
  usable(stripeId: string): SandboxLicense[];
};

export type Found = {
  readonly code: number;
  readonly ok: boolean;
  readonly compared: number;
  readonly findings: readonly {
    readonly kind: string;
    readonly state: string;
    readonly purchase_id: string | null;
    readonly license_id: string | null;
    readonly found: string;
    readonly proposal: string | null;
  }[];
};

export const product = { id: "product-app", name: "App", licenseTemplateId: "template-monthly" };
export const otherProduct = {
  id: "product-two",
  name: "Two",
  licenseTemplateId: "template-yearly",
};

const catalogue: SandboxOptions = {
  products: [product, otherProduct],
  licenseTemplates: [
    { id: "template-monthly", name: "Monthly", subscriptionInterval: "P1M" },
    { id: "template-yearly", name: "Yearly", subscriptionInterval: "P1Y" },
  ],
  entitlementSets: [{ id: "set-pro", name: "Pro", productIds: [product.id, otherProduct.id] }],
};

/** As off Supabase, where nobody tells. */
const explicitPolicy = {
  RENEWAL_GRACE_DAYS: "3",
  ON_CANCEL: "revoke",
  ON_REFUND: "revoke",
  ON_DISPUTE: "suspend",
};

/** A test with a stage of its own. */
export function reconcileTest(
  name: string,
  options: {
    shops: readonly StripeBooks[];
    settings?: Record<string, string>;
    sandbox?: SandboxOptions;
    now?: () => Date;
    isDelivered?: (event: StripeEvent) => boolean;
    /** What the key may not read. */
    forbidden?: readonly string[];
  },
  steps: (stage: Stage, t: Deno.TestContext) => Promise<void>,
): void {
  Deno.test({ name, sanitizeOps: false, sanitizeResources: false }, async (t) => {
    const endings = createEndings();
    try {
      const server = await startPostgres();
      endings.add(server.stop);
      const databaseUrl = server.url(await server.createDatabase());
      await applyMigrations(databaseUrl, new URL("../../../supabase/migrations/", import.meta.url));
      const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
      endings.add(() => sql.end());
      const rest = await servePostgresRest({ databaseUrl, secretKey });
      endings.add(rest.shutdown);
      const sandbox = createCryptlexSandbox({ ...catalogue, accessToken, ...options.sandbox });
      const cryptlex = await serveCryptlexSandbox(sandbox);
      endings.add(cryptlex.shutdown);
      const { shops, now, isDelivered, forbidden } = options;
      const stripe = serveStripe({
        shops,
        key: stripeKey,
        ...(now && { now }),
        ...(isDelivered && { isDelivered }),
        ...(forbidden && { forbidden }),
      });
      endings.add(stripe.shutdown);
      const stateFile = await Deno.makeTempFile({ prefix: "reconcile-" });
      endings.add(() => Deno.remove(stateFile).catch(() => {}));
      const env = {
        CRYPTLEX_ACCESS_TOKEN: accessToken,
        CRYPTLEX_PRODUCT_ID: product.id,
        ...explicitPolicy,
        CRYPTLEX_WEB_API_BASE_URL: cryptlex.url,
        CRYPTLEX_RATE_LIMIT: "100000/5s",
        STRIPE_SECRET_KEY: stripeKey,
        STRIPE_API_BASE_URL: stripe.url,
        SUPABASE_URL: rest.url,
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
        ...options.settings,
      };
      await steps(
        { sql, sandbox, stripe, env, stateFile, ...createHands(env, stateFile, sandbox) },
        t,
      );
    } finally {
      await endings.run();
    }
  });
}

function createHands(
  env: Record<string, string>,
  stateFile: string,
  sandbox: CryptlexSandbox,
): Pick<Stage, "deliver" | "reconcile" | "reconcileWith" | "found" | "usable"> {
  const settings = parseSettings({ ...env, STRIPE_WEBHOOK_SECRET: "whsec_stage" });
  // As it is without a key: only what arrives is known.
  const world = { ...createWorld(settings, () => {}), stripe: null };
  const background = createBackground(assert.ifError);
  const reconcileWith: Stage["reconcileWith"] = async (more, ...args) => {
    const result = await runTool("reconcile.ts", [...args, "--state", stateFile], {
      env: { ...env, ...more },
    });
    const output = result.stdout + result.stderr;
    for (const secret of secrets) assert.ok(!output.includes(secret), output);
    if (!args.includes("--emails")) assert.doesNotMatch(output, /@/);
    return result;
  };
  const reconcile: Stage["reconcile"] = (...args) => reconcileWith({}, ...args);
  return {
    reconcile,
    reconcileWith,
    async deliver(...events) {
      for (const event of events) {
        if (event === null) continue;
        await receive(event, world, background);
        await background.idle();
      }
      await drain(world, { background, ignoreBackoff: true });
      await background.idle();
    },
    async found(...args) {
      const { code, stdout, stderr } = await reconcile(...args, "--json");
      assert.equal(stderr, "", stderr);
      return { code, ...JSON.parse(stdout) };
    },
    usable: (stripeId) =>
      sandbox.licenses().filter((license) =>
        !license.revoked && !license.suspended &&
        license.metadata.some((entry) => entry.value === stripeId)
      ),
  };
}
