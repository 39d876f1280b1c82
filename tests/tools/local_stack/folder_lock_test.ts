import assert from "node:assert/strict";
import { lockFolder } from "../../../tools/local_stack/folder_lock.ts";
import { createFolder } from "./sample_migrations.ts";

Deno.test("a folder in use by a living process cannot be locked", async () => {
  const folder = await createFolder();
  const unlock = await lockFolder(folder.path);
  await assert.rejects(lockFolder(folder.path), new RegExp(`process ${Deno.pid} uses it`));
  await unlock();
  const again = await lockFolder(folder.path);
  await again();
  await folder.remove();
});

Deno.test("the lock of a process that is gone is taken over", async () => {
  const folder = await createFolder();
  const child = new Deno.Command("true").spawn();
  await child.status;
  await Deno.writeTextFile(`${folder.path}.lock`, `${child.pid}\n`);
  const unlock = await lockFolder(folder.path);
  assert.equal(await Deno.readTextFile(`${folder.path}.lock`), `${Deno.pid}\n`);
  await unlock();
  await folder.remove();
});
