// A local Supabase whose database is kept in a folder between starts.

import assert from "node:assert/strict";
import { startSupabaseLite } from "../../../tools/local_stack/supabase_lite.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

Deno.test("a kept database has its rows and each migration once, after any number of starts", async () => {
  const migrations = await createFolder(SAMPLE);
  const data = await createFolder();
  const options = { migrationsFolder: migrations.url, dataFolder: `${data.path}/kept` };
  const applied: string[] = [];
  const onProgress = (message: string) => {
    if (message.startsWith("Applied")) applied.push(message);
  };

  const first = await startSupabaseLite({ ...options, onProgress });
  await first.query("insert into licensing.plans (stripe_id) values ('price_1')");
  await assert.rejects(startSupabaseLite(options), /uses it: stop that one first/);
  await first.shutdown();

  await migrations.write("20260103_more.sql", "alter table licensing.plans add note text");
  const second = await startSupabaseLite({ ...options, onProgress });
  assert.deepEqual(await second.query("select stripe_id, note from licensing.plans"), [
    { stripe_id: "price_1", note: null },
  ]);
  await second.shutdown();
  assert.deepEqual(applied, [
    "Applied migration 20260101000000_plans.sql",
    "Applied migration 20260102000000_doors.sql",
    "Applied migration 20260103_more.sql",
  ]);

  await migrations.write("20260103_more.sql", "alter table licensing.plans add notes text");
  await assert.rejects(startSupabaseLite(options), /20260103_more\.sql was changed/);
  await migrations.remove();
  await data.remove();
});

Deno.test("a damaged database is refused, naming its folder and the cure", async () => {
  const migrations = await createFolder(SAMPLE);
  const data = await createFolder({ "PG_VERSION": "17\n" });
  const options = { migrationsFolder: migrations.url, dataFolder: data.path };
  await assert.rejects(startSupabaseLite(options), (error: Error) => {
    assert.match(error.message, /damaged or of another version/);
    assert.ok(error.message.includes(data.path));
    assert.match(error.message, /[Dd]elete the folder/);
    return true;
  });
  await migrations.remove();
  await data.remove();
});
