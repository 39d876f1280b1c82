import assert from "node:assert/strict";
import { createClient } from "@supabase/supabase-js";
import { freePort } from "../../../tools/local_stack/free_port.ts";
import { startSupabaseLite, type SupabaseLite } from "../../../tools/local_stack/supabase_lite.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

const NO_SESSION = { persistSession: false, autoRefreshToken: false };

async function withLite(run: (lite: SupabaseLite) => Promise<void>): Promise<void> {
  const migrations = await createFolder(SAMPLE);
  const lite = await startSupabaseLite({ migrationsFolder: migrations.url });
  try {
    await run(lite);
  } finally {
    await lite.shutdown();
    await migrations.remove();
  }
}

function addPlan({ url, secretKey }: SupabaseLite, payload: Record<string, unknown>): Request {
  return new Request(`${url}/rest/v1/rpc/add_plan`, {
    method: "POST",
    headers: { apikey: secretKey, "content-type": "application/json" },
    body: JSON.stringify({ payload: JSON.stringify(payload) }),
  });
}

Deno.test("a function is called by supabase-js over HTTP, as service_role", async () => {
  await withLite(async ({ url, secretKey, query }) => {
    assert.match(secretKey, /^sb_secret_/);
    const client = createClient(url, secretKey, { auth: NO_SESSION });
    const payload = JSON.stringify({ stripe_id: "price_1" });
    const at = "2026-11-23T12:00:00Z";
    const { data, error } = await client.rpc("add_plan", { payload, at });
    assert.equal(error, null);
    assert.equal(data.role, "service_role");
    assert.equal(data.at, "2026-11-23T12:00:00+00:00");
    assert.deepEqual(await query("select stripe_id, seats from licensing.plans"), [
      { stripe_id: "price_1", seats: "ignore" },
    ]);
  });
});

Deno.test("the same is answered in this process, without the port", async () => {
  await withLite(async (lite) => {
    const response = await lite.fetch(addPlan(lite, { stripe_id: "price_1" }));
    assert.equal(response.status, 200);
    assert.equal((await response.json()).stripe_id, "price_1");
    const found = await lite.query("select from licensing.plans where stripe_id = $1", ["price_1"]);
    assert.equal(found.length, 1);
  });
});

Deno.test("without the secret key nothing is called", async () => {
  await withLite(async (lite) => {
    for (const secretKey of ["", "sb_secret_other"]) {
      const response = await fetch(addPlan({ ...lite, secretKey }, { stripe_id: "price_1" }));
      await response.body?.cancel();
      assert.equal(response.status, 401);
    }
    assert.deepEqual(await lite.query("select from licensing.plans"), []);
  });
});

Deno.test("schema licensing is not exposed, as on the platform", async () => {
  await withLite(async ({ url, secretKey }) => {
    const headers = { apikey: secretKey, "accept-profile": "licensing" };
    const response = await fetch(`${url}/rest/v1/plans`, { headers });
    assert.equal(response.status, 406);
    assert.equal((await response.json()).code, "PGRST106");
  });
});

Deno.test("requests that come at once have a transaction each", async () => {
  await withLite(async (lite) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, number) => {
        const response = await lite.fetch(addPlan(lite, { stripe_id: `price_${number}` }));
        return await response.json() as { role: string; transaction: string };
      }),
    );
    assert.equal(new Set(answers.map(({ transaction }) => transaction)).size, 20);
    assert.deepEqual([...new Set(answers.map(({ role }) => role))], ["service_role"]);
  });
});

Deno.test("its port is asked for when it is to listen: by the end of the migrations another may have it", async () => {
  const migrations = await createFolder(SAMPLE);
  const wanted = freePort();
  let migrated = 0;
  const lite = await startSupabaseLite({
    migrationsFolder: migrations.url,
    onProgress: () => void migrated++,
    port() {
      assert.equal(migrated, Object.keys(SAMPLE).length);
      return wanted;
    },
  });
  assert.equal(lite.url, `http://127.0.0.1:${wanted}`);
  await lite.shutdown();
  await migrations.remove();
});

Deno.test("a migration that fails is named, and nothing is left running", async () => {
  const migrations = await createFolder({ ...SAMPLE, "20260103_bad.sql": "create tabel x ();" });
  await assert.rejects(
    startSupabaseLite({ migrationsFolder: migrations.url }),
    /20260103_bad\.sql: syntax error/,
  );
  await migrations.remove();
});
