// All a bench needs, started and stopped: a real PostgreSQL, the services thread, and settings for
// the function's process.

import postgres from "postgres";
import { createEndings } from "../endings.ts";
import { applyMigrations } from "../local_stack/apply_migrations.ts";
import { startPostgres } from "../local_stack/postgres.ts";
import { product } from "./bench_catalogue.ts";
import { type Services, startServices } from "./services.ts";

export type BenchStack = {
  readonly services: Services;
  readonly webhookSecret: string;
  readonly secretKey: string;
  /** The environment of the function, and of what it is compared with. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
};

const migrationsFolder = new URL("../../supabase/migrations/", import.meta.url);
const bareInsert = new URL("bare_insert.sql", import.meta.url);

/** @throws {Error} a part does not start; the others are stopped. */
export async function startBenchStack({ latencyMs }: { latencyMs: number }): Promise<BenchStack> {
  const endings = createEndings();
  try {
    const server = await startPostgres();
    endings.add(server.stop);
    const databaseUrl = server.url(await server.createDatabase());
    await applyMigrations(databaseUrl, migrationsFolder);
    const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} });
    await sql.unsafe(await Deno.readTextFile(bareInsert)).simple();
    await sql.end();
    const [webhookSecret, secretKey, accessToken] = ["whsec_bench", "sb_secret_bench", "bench"];
    const services = await startServices({ databaseUrl, secretKey, accessToken, latencyMs });
    endings.add(services.stop);
    return {
      services,
      webhookSecret,
      secretKey,
      env: {
        STRIPE_WEBHOOK_SECRET: webhookSecret,
        CRYPTLEX_ACCESS_TOKEN: accessToken,
        CRYPTLEX_PRODUCT_ID: product.id,
        CRYPTLEX_WEB_API_BASE_URL: services.cryptlexUrl,
        // What is measured is not how long one must wait for Cryptlex's limit.
        CRYPTLEX_RATE_LIMIT: "100000/5s",
        SUPABASE_URL: services.databaseUrl,
        SUPABASE_SECRET_KEYS: JSON.stringify({ default: secretKey }),
      },
      stop: endings.run,
    };
  } catch (error) {
    await endings.run();
    throw error;
  }
}
