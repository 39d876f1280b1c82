import assert from "node:assert/strict";
import { deploymentMark, neededDeploy } from "../../../tools/setup/needed_deploy.ts";
import { deployedName } from "../../../tools/setup/needed_deploy.ts";
import { sha256 } from "../../../tools/setup/digest.ts";
import { neededSecrets } from "../../../tools/setup/needed_secrets.ts";
import { createStage } from "../../../tools/setup/stage.ts";

async function withRepository(use: (repository: URL) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "repository-" });
  try {
    for (const path of ["supabase/.temp", "supabase/migrations", "functions/stripe-cryptlex"]) {
      await Deno.mkdir(`${folder}/${path}`, { recursive: true });
    }
    await Deno.writeTextFile(`${folder}/supabase/.temp/project-ref`, "theirs");
    await Deno.writeTextFile(`${folder}/supabase/config.toml`, "[functions]");
    await Deno.writeTextFile(`${folder}/supabase/migrations/1.sql`, "select 1");
    await Deno.writeTextFile(`${folder}/functions/stripe-cryptlex/index.ts`, "1");
    await use(new URL(`file://${folder}/`));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a stage has what is pushed and deployed, and not whom the folder is linked with", async () => {
  await withRepository(async (repository) => {
    const stage = await createStage(repository);
    const text = (path: string) => Deno.readTextFile(`${stage.path}/${path}`);
    assert.equal(await text("supabase/migrations/1.sql"), "select 1");
    assert.equal(await text("functions/stripe-cryptlex/index.ts"), "1");
    await assert.rejects(text("supabase/.temp/project-ref"), Deno.errors.NotFound);
    await stage.remove();
    await assert.rejects(text("supabase/config.toml"), Deno.errors.NotFound);
  });
});

Deno.test("its digest is of what is deployed: the same for the same, another for another", async () => {
  await withRepository(async (repository) => {
    const digest = async () => {
      const stage = await createStage(repository);
      await stage.remove();
      return stage.digest;
    };
    const write = (path: string, text: string) =>
      Deno.writeTextFile(new URL(path, repository), text);
    const first = await digest();
    await write("supabase/migrations/2.sql", "select 2");
    assert.equal(await digest(), first);
    await write("functions/stripe-cryptlex/index.ts", "2");
    const second = await digest();
    await write("supabase/config.toml", "[functions] verify_jwt = false");
    assert.equal(new Set([first, second, await digest()]).size, 3);
  });
});

Deno.test("a function is deployed until what is here runs there, and again when somebody deployed another", async () => {
  const stage = { digest: "files" };
  const there = { digest: "made of them", verifiesJwt: false };
  const mark = await deploymentMark(stage, there);
  const secrets = new Map([[deployedName, await sha256(mark)]]);
  const why = (changes: Partial<Parameters<typeof neededDeploy>[1]>, digest = "files") =>
    neededDeploy({ digest }, { deployed: there, secrets, ...changes });
  assert.equal(await why({}), null);
  assert.equal(await why({ deployed: null }), "it is not there");
  assert.match(await why({ deployed: { ...there, verifiesJwt: true } }) ?? "", /JWT/);
  for (
    const other of [
      await why({ secrets: new Map() }),
      await why({ deployed: { ...there, digest: "made of others" } }),
      await why({}, "other files"),
    ]
  ) assert.equal(other, "what runs there is not what is here");
});

Deno.test("only secrets of another value are set, and told apart from new ones", async () => {
  const wanted = new Map([["A", "same"], ["B", "new"], ["C", "other"]]);
  const digests = new Map([["A", await sha256("same")], ["C", await sha256("old")]]);
  assert.deepEqual(await neededSecrets(wanted, digests), [
    { name: "B", value: "new", isChange: false },
    { name: "C", value: "other", isChange: true },
  ]);
});
