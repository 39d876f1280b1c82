import assert from "node:assert/strict";
import { startSupabaseLite, type SupabaseLite } from "../../../tools/local_stack/supabase_lite.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

/** Rows as Studio asks for them: no key, schema in the header. */
const AS_STUDIO = { "accept-profile": "licensing", "content-profile": "licensing" };

async function withStudio(run: (lite: SupabaseLite) => Promise<void>): Promise<void> {
  const migrations = await createFolder({
    ...SAMPLE,
    "20260103_rows.sql": `
      insert into licensing.plans (stripe_id) values ('price_1'), ('price_2');
      create table licensing.pairs (a int, b int, primary key (a, b));
      insert into licensing.pairs values (1, 1), (1, 2);
      create view licensing.second_pairs with (security_invoker = true) as
        select b from licensing.pairs where b = 2;`,
  });
  const lite = await startSupabaseLite({ migrationsFolder: migrations.url, studio: true });
  try {
    await run(lite);
  } finally {
    await lite.shutdown();
    await migrations.remove();
  }
}

Deno.test("Studio opens at schema licensing, with the files its page asks for", async () => {
  await withStudio(async ({ url }) => {
    const page = await fetch(url);
    assert.equal(page.url, `${url}/editor/licensing.`);
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="(?<path>\/static\/[^"]+)"/g)]
      .map((match) => match.groups?.path);
    assert.ok(files.length >= 3, html);
    for (const path of files) {
      const file = await fetch(`${url}${path}`);
      assert.equal(file.status, 200, path);
      assert.doesNotMatch(file.headers.get("content-type") ?? "", /html/);
      await file.body?.cancel();
    }
  });
});

Deno.test("Studio's folder of files gives nothing but its files", async () => {
  await withStudio(async (lite) => {
    for (const path of ["assets/none.js", "..%2findex.js", ".vite/manifest.json"]) {
      const response = await lite.fetch(new Request(`${lite.url}/static/${path}`));
      assert.equal(response.status, 404, path);
    }
  });
});

Deno.test("Studio changes the one row it means, in a table whose key is not called id", async () => {
  await withStudio(async ({ url, query }) => {
    const rows: { id: string; stripe_id: string }[] =
      await (await fetch(`${url}/rest/v1/plans?select=*`, { headers: AS_STUDIO })).json();
    const row = rows.find(({ stripe_id }) => stripe_id === "price_2");
    const response = await fetch(`${url}/rest/v1/plans?stripe_id=eq.${row?.id}`, {
      method: "PATCH",
      headers: { ...AS_STUDIO, "content-type": "application/json" },
      body: JSON.stringify({ seats: "licenses" }),
    });
    assert.equal(response.status, 204);
    assert.deepEqual(await query("select stripe_id, seats from licensing.plans order by 1"), [
      { stripe_id: "price_1", seats: "ignore" },
      { stripe_id: "price_2", seats: "licenses" },
    ]);
  });
});

Deno.test("a row whose key has several columns gets no id, which would mean several rows", async () => {
  await withStudio(async ({ url }) => {
    const response = await fetch(`${url}/rest/v1/pairs`, { headers: AS_STUDIO });
    assert.deepEqual(await response.json(), [{ a: 1, b: 1 }, { a: 1, b: 2 }]);
  });
});

Deno.test("Studio lists views beside the tables, and shows their rows", async () => {
  await withStudio(async ({ url }) => {
    const { tables } = await (await fetch(`${url}/_system/introspect`)).json();
    const listed = (name: string) =>
      tables.filter((one: { name: string; schema: string }) =>
        one.name === name && one.schema === "licensing"
      ).length;
    assert.deepEqual([listed("pairs"), listed("second_pairs"), listed("none")], [1, 1, 0]);
    const response = await fetch(`${url}/rest/v1/second_pairs?select=*`, { headers: AS_STUDIO });
    assert.deepEqual(await response.json(), [{ b: 2 }]);
  });
});

Deno.test("a program with the secret key sees what the platform would show it", async () => {
  await withStudio(async ({ url, secretKey }) => {
    const headers = { ...AS_STUDIO, apikey: secretKey };
    const response = await fetch(`${url}/rest/v1/plans`, { headers });
    await response.body?.cancel();
    assert.equal(response.status, 406);
  });
});

Deno.test("another site open in the same browser gets nothing", async () => {
  await withStudio(async (lite) => {
    const headers = { ...AS_STUDIO, origin: "https://example.com" };
    const response = await lite.fetch(new Request(`${lite.url}/rest/v1/plans`, { headers }));
    assert.equal(response.status, 401);
  });
});
