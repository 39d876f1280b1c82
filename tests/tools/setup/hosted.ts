// A Supabase project on loopback, its management included: what is pushed is a database, what is
// deployed runs as a process with the secrets that are set. With Stripe and Cryptlex beside it, and
// a checkout to set it up from.

import { strict as assert } from "node:assert";
import postgres from "postgres";
import { createCryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../../../tools/cryptlex_sandbox/serve.ts";
import { startPostgres } from "../../../tools/local_stack/postgres.ts";
import { servePostgresRest } from "../../../tools/local_stack/postgres_rest.ts";
import { sampleAccount } from "../../../tools/sample_account.ts";
import { serveStripe, type StripeServer } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import {
  createWebhookEndpoints,
  type WebhookEndpointOptions,
  type WebhookEndpoints,
} from "../../../tools/stripe_sandbox/webhook_endpoint.ts";
import { type Checkout, createCheckout } from "../../deploy/checkout.ts";
import { type ManagementApi, serveManagementApi } from "../../deploy/management_api.ts";
import { asking, emptyMachine } from "../../deploy/supabase_cli.ts";
import { runTool, startTool, type ToolProcess, type ToolResult } from "../tool_process.ts";
import { createDeployedFunction } from "./deployed_function.ts";

/** Not stopped: it ends with the run of the test's file. */
let server: ReturnType<typeof startPostgres> | undefined;

const setupKey = "rk_test_of_the_setup";
const secretKey = "sb_secret_of_the_project";
/** No password is asked for; it must not be told all the same. */
const databasePassword = "password-of-the-database";

export type Hosted = {
  readonly api: ManagementApi;
  readonly stripe: StripeServer;
  readonly endpoints: WebhookEndpoints;
  readonly checkout: Checkout;
  readonly functionUrl: string;
  /** All that a set-up needs. */
  readonly env: Readonly<Record<string, string>>;
  query<T>(statement: string): Promise<T[]>;
  /** Runs it in the checkout, and sees that no secret was told. */
  setup(args?: string[], env?: Record<string, string>): Promise<ToolResult>;
  /** Likewise, until it is ended. */
  start(args?: string[]): ToolProcess;
  stop(): Promise<void>;
};

export type HostedOptions = {
  /** Stripe's endpoints, each for the function unless it says otherwise. */
  endpoints?: readonly (Omit<WebhookEndpointOptions, "url"> & { url?: string })[];
  forbidden?: readonly string[];
};

export async function startHosted(
  { endpoints: there = [], forbidden = [] }: HostedOptions = {},
): Promise<Hosted> {
  const { url: urlOf, createDatabase } = await (server ??= startPostgres());
  const databaseUrl = urlOf(await createDatabase());
  const rest = await servePostgresRest({ databaseUrl, secretKey });
  const cryptlex = await serveCryptlexSandbox(createCryptlexSandbox(sampleAccount));
  const machine = await Deno.makeTempDir({ prefix: "supabase-home-" });
  const checkout = await createCheckout();

  const gateway = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => forward(request, { rest: rest.url, functionUrl: deployed.url }),
  );
  const url = `http://127.0.0.1:${gateway.addr.port}`;
  const functionUrl = `${url}/functions/v1/stripe-cryptlex`;

  const api = serveManagementApi({ secretKey, onChange: () => deployed.changed() });
  const deployed = createDeployedFunction({
    upload: () => api.uploads.at(-1),
    env: () => ({
      ...api.secretValues(),
      SUPABASE_URL: url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
    }),
  });
  const endpoints = createWebhookEndpoints(
    there.map((one) => ({ url: functionUrl, ...one })),
  );
  const stripe = serveStripe({ key: setupKey, shops: [endpoints], forbidden });
  const { PATH: _path, HOME: _home, XDG_CACHE_HOME: _cache, ...nobody } = emptyMachine(machine);
  const databaseAddress = new URL(databaseUrl);
  databaseAddress.password = databasePassword;
  const env = {
    ...nobody,
    ...await asking(api, machine),
    SUPABASE_PROJECT_REF: api.projectRef,
    SUPABASE_URL: url,
    SUPABASE_DB_URL: `${databaseAddress.href}?sslmode=disable`,
    STRIPE_SETUP_KEY: setupKey,
    STRIPE_API_BASE_URL: stripe.url,
    CRYPTLEX_ACCESS_TOKEN: sampleAccount.accessToken,
    CRYPTLEX_PRODUCT_ID: "product-app",
    CRYPTLEX_WEB_API_BASE_URL: cryptlex.url,
  };

  const tool = new URL(`file://${checkout.path}/tools/setup.ts`);
  return {
    api,
    stripe,
    endpoints,
    checkout,
    functionUrl,
    env,
    async query<T>(statement: string) {
      const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
      try {
        return [...await sql.unsafe(statement)] as T[];
      } finally {
        await sql.end();
      }
    },
    async setup(args = [], changes = {}) {
      const result = await runTool(tool, args, { env: { ...env, ...changes } });
      const told = result.stdout + result.stderr;
      for (
        const secret of [
          setupKey,
          secretKey,
          databasePassword,
          api.accessToken,
          sampleAccount.accessToken,
          "whsec_",
        ]
      ) assert.ok(!told.replaceAll("whsec_…", "").includes(secret), `${secret} in ${told}`);
      return result;
    },
    start: (args = []) => startTool(tool, args, { env }),
    async stop() {
      await api.shutdown();
      await gateway.shutdown();
      await deployed.stop();
      for (const party of [stripe, cryptlex, rest]) await party.shutdown();
      await checkout.remove();
      await Deno.remove(machine, { recursive: true });
    },
  };
}

/** Supabase's gateway: one address for the function and the database. */
async function forward(
  request: Request,
  to: { rest: string; functionUrl: () => Promise<string | null> },
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const isFunction = pathname.startsWith("/functions/v1/");
  const server = isFunction ? await to.functionUrl() : to.rest;
  if (server === null) return Response.json({ code: "NOT_FOUND" }, { status: 404 });
  const target = server + (isFunction ? pathname.slice("/functions/v1".length) : pathname);
  const { method, headers } = request;
  const body = method === "GET" ? null : await request.arrayBuffer();
  return await fetch(`${target}${search}`, { method, headers, body });
}
