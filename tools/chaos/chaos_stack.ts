// All a chaos run needs, started and stopped: a real PostgreSQL behind a front that can be shut, the
// Cryptlex sandbox, and several processes of the function. Nothing of it is kept.

import postgres from "postgres";
import { createCryptlexSandbox, type CryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../cryptlex_sandbox/serve.ts";
import { createEndings } from "../endings.ts";
import { applyMigrations } from "../local_stack/apply_migrations.ts";
import { startPostgres } from "../local_stack/postgres.ts";
import { servePostgresRest } from "../local_stack/postgres_rest.ts";
import { type AddressWatch, watchAddresses } from "./address_watch.ts";
import { account, app, type PlanRow } from "./chaos_catalogue.ts";
import type { UserBefore } from "./compare_users.ts";
import { type DatabaseFront, serveDatabaseFront } from "./database_front.ts";
import { type FunctionFleet, startFleet } from "./function_fleet.ts";
import type { Merchant } from "./merchant.ts";

export type ChaosStack = {
  readonly sandbox: CryptlexSandbox;
  readonly addresses: AddressWatch;
  readonly front: DatabaseFront;
  readonly fleet: FunctionFleet;
  /** As `postgres`, past the front: for looking, and for standing in the way. */
  readonly sql: postgres.Sql;
  readonly webhookSecret: string;
  readonly cronSecret: string;
  /** What must never be printed. */
  readonly secrets: readonly string[];
  stop(): Promise<void>;
};

export type ChaosStackOptions = {
  readonly processes: number;
  readonly merchant: Merchant;
  readonly usersBefore: readonly UserBefore[];
};

const migrationsFolder = new URL("../../supabase/migrations/", import.meta.url);

/** Half a second: ten of them are a lease, three the quiet after an unheard call. */
const cryptlexTimeoutMs = 500;

/** Lists lag behind, but less than the quiet is long. */
const listLagMs = 300;

/** @throws {Error} a part does not start; the others are stopped. */
export async function startChaosStack(options: ChaosStackOptions): Promise<ChaosStack> {
  const { policy } = options.merchant;
  const endings = createEndings();
  const webhookSecret = `whsec_${crypto.randomUUID()}`;
  const [cronSecret, accessToken, secretKey] = [0, 1, 2].map(() => crypto.randomUUID()) as [
    string,
    string,
    string,
  ];
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const databaseUrl = server.url(await server.createDatabase());
    await applyMigrations(databaseUrl, migrationsFolder);
    const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} });
    endings.add(() => sql.end());
    for (const row of options.merchant.plans) {
      await sql`insert into licensing.plans ${sql(planColumns(row))}`;
    }
    const rest = await servePostgresRest({ databaseUrl, secretKey });
    endings.add(rest.shutdown);
    const front = serveDatabaseFront({
      hostname: "127.0.0.1",
      port: Number(new URL(rest.url).port),
    });
    endings.add(front.shutdown);
    const sandbox = createCryptlexSandbox({ ...account, accessToken, switches: { listLagMs } });
    for (const user of options.usersBefore) sandbox.seedUser({ ...user, role: "user" });
    const addresses = watchAddresses(sandbox);
    const cryptlex = await serveCryptlexSandbox(addresses.sandbox);
    endings.add(cryptlex.shutdown);
    const fleet = await startFleet(options.processes, {
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      CRYPTLEX_ACCESS_TOKEN: accessToken,
      CRYPTLEX_PRODUCT_ID: app.id,
      CRYPTLEX_WEB_API_BASE_URL: cryptlex.url,
      CRYPTLEX_TIMEOUT_MS: String(cryptlexTimeoutMs),
      // The sandbox limits nothing here: what is tried out is everything else.
      CRYPTLEX_RATE_LIMIT: "100000/5s",
      CRON_SECRET: cronSecret,
      ON_CANCEL: policy.onCancel,
      ON_REFUND: policy.onRefund,
      ON_DISPUTE: policy.onDispute,
      SUPABASE_URL: front.url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
    });
    endings.add(fleet.stop);
    const secrets = [webhookSecret, cronSecret, accessToken, secretKey];
    return {
      sandbox,
      addresses,
      front,
      fleet,
      sql,
      webhookSecret,
      cronSecret,
      secrets,
      stop: endings.run,
    };
  } catch (error) {
    await endings.run();
    throw error;
  }
}

function planColumns(row: PlanRow): Record<string, string | number> {
  const { stripeId, productId, templateId, entitlementSetId, seats, perUnit } = row;
  return {
    stripe_id: stripeId,
    cryptlex_product_id: productId,
    ...(templateId && { license_template_id: templateId }),
    ...(entitlementSetId && { entitlement_set_id: entitlementSetId }),
    ...(seats && { seats }),
    ...(perUnit && { activations_per_unit: perUnit }),
  };
}
