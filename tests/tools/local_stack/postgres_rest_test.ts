import assert from "node:assert/strict";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";
import { applyMigrations } from "../../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../../tools/local_stack/postgres.ts";
import { servePostgresRest } from "../../../tools/local_stack/postgres_rest.ts";
import { locked, waiting } from "../../database/locks.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

const MORE = `
  create function public.plan_ids() returns setof text language sql
    as 'select stripe_id from licensing.plans order by 1';
  create function public.plans() returns table (stripe_id text, seats text) language sql
    as 'select stripe_id, seats from licensing.plans order by 1';
  create function public.plan(wanted text) returns licensing.plans language sql
    as 'select p from licensing.plans p where p.stripe_id = wanted';
  create function public.nothing() returns void language sql as 'select';
  create function public.no_number() returns int language sql as 'select null::int';
  create function public.shape(doc jsonb, many text[], "day of" date) returns jsonb language sql
    as $$ select jsonb_build_object('kind', jsonb_typeof(doc), 'many', cardinality(many),
                                    'day', "day of") $$;
  create function public.payment_required() returns void language plpgsql
    as $$ begin raise exception 'pay' using errcode = 'PT402', hint = 'now'; end $$;
  create function public.held_up() returns int language sql
    as 'select 1 from pg_advisory_xact_lock_shared(7)';
  create function public.secret() returns int language sql as 'select 1';
  revoke execute on function public.secret() from public, anon, authenticated, service_role;`;

const KEY = "sb_secret_test";

/** Not stopped: it ends with this file's run. */
const server = await startPostgres();

type Rest = { url: string; databaseUrl: string; client: SupabaseClient; sql: postgres.Sql };

async function withRest(run: (rest: Rest) => Promise<void>): Promise<void> {
  const migrations = await createFolder({ ...SAMPLE, "20260103_more.sql": MORE });
  const databaseUrl = server.url(await server.createDatabase());
  await applyMigrations(databaseUrl, migrations.url);
  const rest = await servePostgresRest({ databaseUrl, secretKey: KEY });
  const sql = postgres(databaseUrl, { max: 1 });
  const client = createClient(rest.url, KEY, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  try {
    await run({ url: rest.url, databaseUrl, client, sql });
  } finally {
    await sql.end();
    await rest.shutdown();
    await migrations.remove();
  }
}

Deno.test("a function is called as service_role, with its defaults", async () => {
  await withRest(async ({ client, sql }) => {
    const payload = JSON.stringify({ stripe_id: "price_1" });
    const { data, error } = await client.rpc("add_plan", { payload });
    assert.equal(error, null);
    assert.equal(data.role, "service_role");
    const at = "2026-11-23T12:00:00Z";
    const second = JSON.stringify({ stripe_id: "price_2" });
    assert.equal(
      (await client.rpc("add_plan", { payload: second, at })).data.at.slice(0, 13),
      at.slice(0, 13),
    );
    const rows = await sql`select stripe_id from licensing.plans order by 1`;
    assert.deepEqual(rows.map(({ stripe_id }) => stripe_id), ["price_1", "price_2"]);
  });
});

Deno.test("every shape of result comes as PostgREST words it", async () => {
  await withRest(async ({ client, sql }) => {
    await sql`insert into licensing.plans (stripe_id) values ('price_1'), ('price_2')`;
    await sql`grant select on licensing.plans to service_role`;
    const called = async (name: string, given = {}) => {
      const { data, error, status } = await client.rpc(name, given);
      assert.equal(error, null, name);
      return [status, data];
    };
    assert.deepEqual(await called("plan_ids"), [200, ["price_1", "price_2"]]);
    assert.deepEqual(await called("plans"), [200, [
      { stripe_id: "price_1", seats: "ignore" },
      { stripe_id: "price_2", seats: "ignore" },
    ]]);
    const [status, plan] = await called("plan", { wanted: "price_1" });
    assert.deepEqual([status, Object.keys(plan)], [200, ["stripe_id", "seats", "added_at"]]);
    assert.deepEqual(await called("nothing"), [204, null]);
    assert.deepEqual(await called("no_number"), [200, null]);
    const given = { doc: { a: 1 }, many: ["x", "y"], "day of": "2026-11-23" };
    assert.deepEqual(await called("shape", given), [
      200,
      { kind: "object", many: 2, day: "2026-11-23" },
    ]);
  });
});

Deno.test("an error keeps its code, detail and hint, and undoes what was done", async () => {
  await withRest(async ({ client, sql }) => {
    const failed = async (name: string, given = {}) => {
      const { error, status } = await client.rpc(name, given);
      const { code, message, details, hint } = error ?? {};
      return { status, code, message, details, hint };
    };
    const payload = JSON.stringify({ stripe_id: "price_1", fail: true });
    assert.deepEqual(await failed("add_plan", { payload }), {
      status: 400,
      code: "P0001",
      message: "asked to fail",
      details: "a detail",
      hint: "a hint",
    });
    assert.equal((await sql`select from licensing.plans`).length, 0);
    assert.deepEqual(await failed("payment_required"), {
      status: 402,
      code: "PT402",
      message: "pay",
      details: null,
      hint: "now",
    });
    const { status, code } = await failed("secret");
    assert.deepEqual([status, code], [403, "42501"]);
    const missing = await failed("add_plan", { payload, until: "x" });
    assert.deepEqual([missing.status, missing.code], [404, "PGRST202"]);
    const tooFew = await failed("add_plan", {});
    assert.deepEqual([tooFew.status, tooFew.code], [404, "PGRST202"]);
  });
});

Deno.test("without the secret key, nothing is called", async () => {
  await withRest(async ({ url }) => {
    for (const headers of [{}, { apikey: "sb_secret_other" }]) {
      const request = { method: "POST", headers, body: "{}" };
      const response = await fetch(`${url}/rest/v1/rpc/nothing`, request);
      assert.equal(response.status, 401);
      assert.equal((await response.json()).message, "Invalid API key");
    }
  });
});

Deno.test("a body that is no object of arguments is refused", async () => {
  await withRest(async ({ url }) => {
    for (const body of ["[]", "not json", "1", "null"]) {
      const request = { method: "POST", headers: { apikey: KEY }, body };
      const response = await fetch(`${url}/rest/v1/rpc/nothing`, request);
      assert.equal(response.status, 400, body);
      assert.equal((await response.json()).code, "PGRST102");
    }
  });
});

Deno.test("calls run beside each other", async () => {
  await withRest(async ({ client, databaseUrl }) => {
    const sql = postgres(databaseUrl, { max: 2 });
    await locked(sql, "select pg_advisory_xact_lock(7)", async (letGo) => {
      const answers = Promise.all(Array.from({ length: 10 }, () => client.rpc("held_up")));
      // One after the other, the first would be the only one to wait.
      await waiting(sql, 10);
      await letGo();
      assert.deepEqual((await answers).map(({ data }) => data), Array(10).fill(1));
    });
    await sql.end();
  });
});

Deno.test("without a database the answer is 503", async () => {
  const ending = await startPostgres();
  const databaseUrl = ending.url(await ending.createDatabase());
  const rest = await servePostgresRest({ databaseUrl, secretKey: KEY });
  await ending.stop();
  const request = { method: "POST", headers: { apikey: KEY }, body: "{}" };
  const response = await fetch(`${rest.url}/rest/v1/rpc/nothing`, request);
  assert.equal(response.status, 503);
  assert.equal((await response.json()).code, "PGRST000");
  await rest.shutdown();
  await assert.rejects(servePostgresRest({ databaseUrl, secretKey: KEY }));
});
