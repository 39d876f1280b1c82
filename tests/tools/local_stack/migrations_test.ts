import assert from "node:assert/strict";
import { pendingMigrations, readMigrations } from "../../../tools/local_stack/migrations.ts";
import { createFolder } from "./sample_migrations.ts";

const FIRST = { version: "1", name: "a", file: "1_a.sql", sql: "select 1" };
const SECOND = { version: "2", name: "b", file: "2_b.sql", sql: "select 2" };

Deno.test("migrations are read in name order, and other files left out", async () => {
  const folder = await createFolder({
    "20260102_second_one.sql": "select 2",
    "20260101_first.sql": "select 1",
    "README.md": "text",
  });
  assert.deepEqual(await readMigrations(folder.url), [
    { version: "20260101", name: "first", file: "20260101_first.sql", sql: "select 1" },
    { version: "20260102", name: "second_one", file: "20260102_second_one.sql", sql: "select 2" },
  ]);
  await folder.remove();
});

Deno.test("a migration whose name the Supabase CLI would skip is refused", async () => {
  const folder = await createFolder({ "first.sql": "select 1" });
  await assert.rejects(readMigrations(folder.url), /first\.sql/);
  await folder.remove();
});

Deno.test("two migrations of one version are refused", async () => {
  const folder = await createFolder({ "1_a.sql": "select 1", "1_b.sql": "select 1" });
  await assert.rejects(readMigrations(folder.url), /1_a\.sql from 1_b\.sql/);
  await folder.remove();
});

Deno.test("what a database has had is not pending", () => {
  const applied = [{ version: "1", statements: ["select 1"] }];
  assert.deepEqual(pendingMigrations([FIRST, SECOND], applied), [SECOND]);
});

Deno.test("a migration changed after it was applied is refused", () => {
  const applied = [{ version: "1", statements: ["select 0"] }];
  assert.throws(() => pendingMigrations([FIRST], applied), /1_a\.sql was changed/);
});

Deno.test("a migration that the CLI applied is not compared, as the CLI splits it", () => {
  const applied = [{ version: "1", statements: ["select 0", "select 1"] }];
  assert.deepEqual(pendingMigrations([FIRST], applied), []);
});

Deno.test("a migration that is gone since it was applied is refused", () => {
  const applied = [{ version: "3", statements: null }];
  assert.throws(() => pendingMigrations([FIRST], applied), /3 was applied .* gone/);
});
