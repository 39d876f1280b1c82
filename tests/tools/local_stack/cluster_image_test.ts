import assert from "node:assert/strict";
import { clusterImage } from "../../../tools/local_stack/cluster_image.ts";
import { createFolder } from "./sample_migrations.ts";

Deno.test("a folder is unpacked as it was kept, and not at all when the image is broken", async () => {
  const [cache, first, second] = [await createFolder(), await createFolder(), await createFolder()];
  const image = clusterImage("17.1_somebody/0", cache.url);
  assert.equal(await image.unpack(second.path), false);

  await Deno.mkdir(`${first.path}/data`, { mode: 0o700 });
  await first.write("data/PG_VERSION", "17\n");
  await image.keep(first.path);
  assert.equal(await image.unpack(second.path), true);
  assert.equal(await Deno.readTextFile(`${second.path}/data/PG_VERSION`), "17\n");
  assert.equal(((await Deno.stat(`${second.path}/data`)).mode ?? 0) & 0o777, 0o700);
  await Deno.remove(`${second.path}/data`, { recursive: true });
  assert.equal(await clusterImage("18", cache.url).unpack(second.path), false);

  const [kept, ...others] = [...Deno.readDirSync(cache.path)].map(({ name }) => name);
  assert.ok(kept !== undefined && others.length === 0);
  await cache.write(kept, "no image");
  assert.equal(await image.unpack(second.path), false);
  await assert.rejects(Deno.stat(`${second.path}/data`), Deno.errors.NotFound);
  for (const folder of [cache, first, second]) await folder.remove();
});

Deno.test("an image that cannot be kept stops nobody", async () => {
  const folder = await createFolder();
  await folder.write("file", "");
  const image = clusterImage("1", new URL(`${folder.url.href.replace(/\/*$/, "")}/file/cache/`));
  await image.keep(folder.path);
  assert.equal(await image.unpack(folder.path), false);
  await folder.remove();
});
