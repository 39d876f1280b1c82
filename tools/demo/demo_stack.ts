// All the demo needs, started and stopped: embedded Postgres, the Cryptlex sandbox, the function as
// a process of its own. Nothing of it is kept.

import { createCryptlexSandbox, type CryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../cryptlex_sandbox/serve.ts";
import { createEndings } from "../endings.ts";
import { type FunctionProcess, startFunction } from "../local_stack/function_process.ts";
import { startSupabaseLite, type SupabaseLite } from "../local_stack/supabase_lite.ts";
import { sampleAccount, sandboxAccessToken } from "../sample_account.ts";
import { plans } from "./plans.ts";

export type DemoStack = {
  readonly sandbox: CryptlexSandbox;
  readonly lite: SupabaseLite;
  readonly function: FunctionProcess;
  readonly webhookSecret: string;
  stop(): Promise<void>;
};

/** Hears how the start goes. */
export type StartProgress = {
  /** A part is there, and took that many milliseconds. */
  started(part: { name: string; detail: string; ms: number }): void;
  /** Something that takes longer than usual. */
  working(message: string): void;
};

const migrationsFolder = new URL("../../supabase/migrations/", import.meta.url);

/** @throws {Error} a part does not start; the others are stopped. */
export async function startDemoStack(progress: StartProgress): Promise<DemoStack> {
  const endings = createEndings();
  async function part<T>(name: string, start: () => Promise<[T, string]>): Promise<T> {
    const startedMs = performance.now();
    const [started, detail] = await start();
    progress.started({ name, detail, ms: performance.now() - startedMs });
    return started;
  }

  try {
    const lite = await part("database", async () => {
      let applied = 0;
      const lite = await startSupabaseLite({
        migrationsFolder,
        onProgress(message) {
          if (message.startsWith("Applied")) applied++;
          else progress.working(message);
        },
      });
      endings.add(lite.shutdown);
      return [lite, `embedded Postgres, ${applied} migrations applied`];
    });
    await part("plans", async () => {
      await lite.query(
        `insert into licensing.plans
           (stripe_id, cryptlex_product_id, entitlement_set_id, seats)
         select stripe_id, cryptlex_product_id, entitlement_set_id, seats
         from jsonb_populate_recordset(null::licensing.plans, $1)`,
        [JSON.stringify(plans)],
      );
      return [plans, `${plans.length} rows in licensing.plans: what a price buys, by the seat`];
    });
    const sandbox = createCryptlexSandbox(sampleAccount);
    const cryptlex = await part("Cryptlex", async () => {
      const served = await serveCryptlexSandbox(sandbox);
      endings.add(served.shutdown);
      return [served, `a sandbox of its Web API, ${served.url}`];
    });
    const webhookSecret = `whsec_${crypto.randomUUID()}`;
    const cronSecret = crypto.randomUUID();
    const running = await part("function", async () => {
      const started = await startFunction({
        env: {
          STRIPE_WEBHOOK_SECRET: webhookSecret,
          CRYPTLEX_ACCESS_TOKEN: sandboxAccessToken,
          CRYPTLEX_WEB_API_BASE_URL: cryptlex.url,
          // A story of months is told in seconds, and the sandbox has no limit.
          CRYPTLEX_RATE_LIMIT: "1000/5s",
          CRON_SECRET: cronSecret,
          SUPABASE_URL: lite.url,
          SUPABASE_SECRET_KEYS: JSON.stringify({ default: lite.secretKey }),
        },
      });
      endings.add(started.stop);
      return [started, `a process of its own, ${started.url}/stripe-cryptlex`];
    });
    await part("drain", async () => {
      const response = await fetch(`${running.url}/stripe-cryptlex/drain`, {
        method: "POST",
        headers: { authorization: `Bearer ${cronSecret}` },
      });
      const answer = await response.text();
      if (!response.ok) throw new Error(`The function cannot work: ${answer}\n${running.output()}`);
      return [answer, "asked once: nothing is due"];
    });
    return { sandbox, lite, function: running, webhookSecret, stop: endings.run };
  } catch (error) {
    await endings.run();
    throw error;
  }
}
