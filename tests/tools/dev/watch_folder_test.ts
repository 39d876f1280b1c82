import assert from "node:assert/strict";
import { watchFolder } from "../../../tools/dev/watch_folder.ts";

Deno.test("a burst of changes anywhere below is one, and reading is none", async () => {
  const folder = await Deno.makeTempDir({ prefix: "watch-" });
  await Deno.mkdir(`${folder}/deep`);
  await Deno.writeTextFile(`${folder}/deep/a.ts`, "1");
  let changes = 0;
  let wake = () => {};
  // Long enough for a burst to be one also where a write takes its time.
  const quietMs = 500;
  const close = watchFolder(folder, () => {
    changes++;
    wake();
  }, quietMs);
  const change = async (write: () => Promise<void>) => {
    const heard = new Promise<void>((resolve) => wake = resolve);
    await write();
    await heard;
  };

  await Deno.readTextFile(`${folder}/deep/a.ts`);
  // Nothing is to happen: that can only be waited out.
  await new Promise((resolve) => setTimeout(resolve, 2 * quietMs));
  assert.equal(changes, 0);
  await change(async () => {
    for (let n = 0; n < 5; n++) await Deno.writeTextFile(`${folder}/deep/a.ts`, String(n));
  });
  assert.equal(changes, 1);
  await change(() => Deno.rename(`${folder}/deep/a.ts`, `${folder}/deep/b.ts`));
  await change(() => Deno.remove(`${folder}/deep/b.ts`));
  assert.equal(changes, 3);
  close();
  await Deno.remove(folder, { recursive: true });
});
