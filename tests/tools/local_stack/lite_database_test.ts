import assert from "node:assert/strict";
import { openLiteDatabase } from "../../../tools/local_stack/lite_database.ts";
import { liteImage } from "../../../tools/local_stack/lite_image.ts";
import { createFolder } from "./sample_migrations.ts";

Deno.test("the image of an empty database is made once, and again when it is broken", async () => {
  const cache = await createFolder();
  const said: string[] = [];
  const options = { imageCache: cache.url, onProgress: (message: string) => said.push(message) };
  const making = "Making the image of an empty database (once)";

  await (await openLiteDatabase(options)).close();
  assert.deepEqual(said, [making]);
  await (await openLiteDatabase(options)).close();
  assert.deepEqual(said, [making]);

  for await (const { name } of Deno.readDir(cache.path)) await cache.write(name, "no image");
  const { connection, close } = await openLiteDatabase(options);
  assert.deepEqual(said.slice(1), ["The stored image of an empty database is broken", making]);
  const { rows } = await connection.driver.query(
    "select rolname from pg_roles where rolname in ('anon', 'authenticated', 'service_role')",
  );
  assert.equal(rows.length, 3);
  await close();
  await cache.remove();
});

Deno.test("a prepared database is begun with, and an empty one where that is broken", async () => {
  const cache = await createFolder();
  const prepared = await liteImage(["create table there (id int)"], cache.url);
  const first = await openLiteDatabase({ prepared });
  await first.connection.driver.exec("create table there (id int)");
  await prepared.keep(first.connection);
  await first.close();

  const tables = async () => {
    const said: string[] = [];
    const onProgress = (message: string) => void said.push(message);
    const { connection, close } = await openLiteDatabase({ prepared, onProgress });
    const { rows } = await connection.driver.query(
      "select 1 from pg_tables where tablename = 'there'",
    );
    await close();
    return { said, count: rows.length };
  };
  assert.deepEqual(await tables(), { said: [], count: 1 });
  for await (const { name } of Deno.readDir(cache.path)) await cache.write(name, "no image");
  assert.deepEqual(await tables(), {
    said: ["The stored image of a prepared database is broken"],
    count: 0,
  });
  await cache.remove();
});
