import assert from "node:assert/strict";
import { databaseAddress } from "../../../tools/setup/database_address.ts";
import { createSupabaseCli, SupabaseCliError } from "../../../tools/setup/supabase_cli.ts";
import { openProject } from "../../../tools/setup/supabase_project.ts";
import { writeSecretFile } from "../../../tools/setup/secret_file.ts";

/** A program in place of the CLI, that keeps how it was called. */
async function withProgram(
  script: string,
  use: (program: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "program-" });
  try {
    const program = `${folder}/supabase`;
    await Deno.writeTextFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o700 });
    await use(program, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the CLI is asked nothing, answers in JSON, and gets no setting of ours", async () => {
  await withProgram(`printf '{"args":"%s","env":"%s"}' "$*" "$(env | sort | tr '\\n' ' ')"`, async (
    program,
    cwd,
  ) => {
    const cli = createSupabaseCli(program, {
      PATH: Deno.env.get("PATH") ?? "",
      SUPABASE_ACCESS_TOKEN: "sbp_1",
      STRIPE_SETUP_KEY: "rk_1",
      CRYPTLEX_ACCESS_TOKEN: "token",
      CRON_SECRET: "cron",
    });
    const { args, env } = await cli(["secrets", "list"], { cwd, env: { PGPASSWORD: "pw" } }) as {
      args: string;
      env: string;
    };
    assert.equal(args, "secrets list --yes --output-format json");
    assert.match(env, /SUPABASE_ACCESS_TOKEN=sbp_1/);
    assert.match(env, /PGPASSWORD=pw/);
    assert.doesNotMatch(env, /rk_1|token|cron/);
  });
});

Deno.test("what the CLI says when it fails is told, with its own name for it", async () => {
  const said = '{"_tag":"Error","error":{"code":"DbConnectError","message":"no way in"}}';
  await withProgram(`echo '${said}'; echo noise >&2; exit 1`, async (program, cwd) => {
    const cli = createSupabaseCli(program, {});
    await assert.rejects(cli(["db", "push"], { cwd }), (error) => {
      assert.ok(error instanceof SupabaseCliError);
      assert.deepEqual([error.code, error.message], [
        "DbConnectError",
        "supabase db push: no way in",
      ]);
      return true;
    });
  });
  await withProgram("echo broken >&2; exit 3", async (program, cwd) => {
    await assert.rejects(createSupabaseCli(program, {})(["link"], { cwd }), /link: broken$/);
  });
});

Deno.test("the database's password is no argument", async () => {
  const asked: { args: readonly string[]; env: Readonly<Record<string, string>> }[] = [];
  const project = await openProject((args, { env = {} }) => {
    asked.push({ args, env });
    return Promise.resolve({ migrations: [] });
  }, {
    ref: "abcdefghijklmnopqrst",
    stage: { path: "", digest: "", remove: () => Promise.resolve() },
    database: databaseAddress("postgresql://postgres.ref:p%40ss@pooler.example:5432/postgres"),
    env: {},
  });
  await project.pendingMigrations();
  const { args, env } = asked.at(-1) ?? { args: [], env: {} };
  assert.ok(args.includes("--remote=postgresql://postgres.ref@pooler.example:5432/postgres"));
  assert.equal(env.PGPASSWORD, "p@ss");
});

Deno.test("what the CLI advises is not passed on where it would destroy something", async () => {
  const messages: [string, RegExp][] = [
    [
      "Remote migration versions not found in local migrations directory.",
      /Do not repair.* docs\/operating\.md/,
    ],
    ["IPv6 is not supported on your current network", /SUPABASE_DB_PASSWORD/],
  ];
  for (const [said, told] of messages) {
    const project = await openProject(
      ([command]) =>
        command === "db" ? Promise.reject(new SupabaseCliError(said, "Some")) : Promise.resolve({}),
      {
        ref: "abcdefghijklmnopqrst",
        stage: { path: "", digest: "", remove: () => Promise.resolve() },
        database: null,
        env: {},
      },
    );
    await assert.rejects(project.pendingMigrations(), told);
  }
});

Deno.test("secrets lie in a file that nobody else can read, each on a line as it is", async () => {
  const path = await writeSecretFile(
    new Map([["A", 'a $b "c" \\d'], ["B", "it's"], ["C", "whsec_1,whsec_2"]]),
  );
  try {
    const { mode } = await Deno.stat(path);
    assert.equal((mode ?? 0) & 0o077, 0);
    assert.equal(
      await Deno.readTextFile(path),
      `A='a $b "c" \\d'\nB="it's"\nC='whsec_1,whsec_2'\n`,
    );
  } finally {
    await Deno.remove(path);
  }
  await assert.rejects(writeSecretFile(new Map([["A", "a\nb"]])), /more than one line/);
});
