import assert from "node:assert/strict";
import postgres from "postgres";
import { applyMigrations } from "../../../tools/local_stack/apply_migrations.ts";
import { startPostgres } from "../../../tools/local_stack/postgres.ts";
import { eventually } from "../../eventually.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

/** Not stopped: it ends with this file's run. */
const server = await startPostgres();

/** Runs statements on one connection, which is closed afterwards. */
async function connected<T>(url: string, run: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await run(sql);
  } finally {
    await sql.end();
  }
}

/** The SQLSTATE the statement fails with, run as the role. */
async function failure(url: string, role: string, statement: string): Promise<string> {
  return await connected(url, async (sql) => {
    await sql.unsafe(`set role ${role}`);
    return await sql.unsafe(statement).then(() => "none", ({ code }) => code);
  });
}

Deno.test("the server has Supabase's roles, and its migrations run as no superuser", async () => {
  const roles = await connected(server.url("postgres"), (sql) =>
    sql`
        select rolname, rolsuper, rolbypassrls, rolcanlogin from pg_roles
        where rolname in (current_user, 'anon', 'authenticated', 'service_role', 'authenticator')
        order by rolname`);
  assert.deepEqual(roles.map((role) => Object.values(role)), [
    ["anon", false, false, false],
    ["authenticated", false, false, false],
    ["authenticator", false, false, true],
    ["postgres", false, true, true],
    ["service_role", false, true, false],
  ]);
});

Deno.test("a forgotten grant or revoke shows in a database of the server", async () => {
  const url = server.url(await server.createDatabase());
  await connected(url, (sql) =>
    sql`
        create table bare (id int);
        create function bare() returns int language sql as 'select 1';
        create function closed() returns int language sql as 'select 1';
        revoke execute on function closed() from public`.simple());
  assert.equal(await failure(url, "service_role", "select from bare"), "42501");
  assert.equal(await failure(url, "anon", "select bare()"), "none");
  // Granted by name, as projects made earlier do: the revoke from PUBLIC is not enough.
  assert.equal(await failure(url, "anon", "select closed()"), "none");
});

Deno.test("migrations are applied once, and a database made from another has them", async () => {
  const migrations = await createFolder(SAMPLE);
  const template = await server.createDatabase();
  const applied = await applyMigrations(server.url(template), migrations.url);
  assert.deepEqual(applied, Object.keys(SAMPLE));
  assert.deepEqual(await applyMigrations(server.url(template), migrations.url), []);

  const url = server.url(await server.createDatabase({ template }));
  assert.equal(await failure(url, "service_role", "select add_plan('{}')"), "23502");
  assert.equal(await failure(url, "anon", "select add_plan('{}')"), "42501");
  assert.equal(await failure(url, "service_role", "delete from licensing.plans"), "42501");
  await migrations.remove();
});

Deno.test("a migration that fails leaves nothing of itself", async () => {
  const bad = "create table half (id int); create table half (id int);";
  const migrations = await createFolder({ ...SAMPLE, "20260103_bad.sql": bad });
  const url = server.url(await server.createDatabase());
  await assert.rejects(applyMigrations(url, migrations.url), /20260103_bad\.sql: .*half/);
  assert.equal(await failure(url, "postgres", "select from half"), "42P01");
  assert.equal(await failure(url, "postgres", "select from licensing.plans"), "none");
  await migrations.remove();
});

Deno.test("after stop there is no server and no folder, connections or not", async () => {
  const ending = await startPostgres();
  const sql = postgres(ending.url("postgres"), { max: 1 });
  const [row] = await sql`
    select current_setting('unix_socket_directories') as folder`;
  await ending.stop();
  await assert.rejects(sql`select 1`);
  await sql.end();
  await assert.rejects(Deno.stat(row?.folder), Deno.errors.NotFound);
});

/** Starts a server in a process that ends when its standard input does. */
async function startElsewhere() {
  const module = new URL("../../../tools/local_stack/postgres.ts", import.meta.url);
  const code = `const { startPostgres } = await import("${module}");
    const server = await startPostgres();
    await Deno.stdout.write(new TextEncoder().encode(server.url("postgres")));
    await Deno.stdin.read(new Uint8Array(1));
    Deno.exit(0);`;
  const starter = new Deno.Command(Deno.execPath(), {
    args: ["eval", "--no-lock", code],
    cwd: new URL("../../..", import.meta.url),
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = starter.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: url = "" } = await reader.read();
  await reader.cancel();
  return { starter, url };
}

const ENDINGS: [how: string, end: (starter: Deno.ChildProcess) => unknown][] = [
  ["exits", (starter) => starter.stdin.close()],
  ["is killed", async (starter) => {
    starter.kill("SIGKILL");
    await starter.stdin.close().catch(() => {});
  }],
];

for (const [how, end] of ENDINGS) {
  Deno.test(`a server whose starter ${how} without stopping it ends, and its folder goes`, async () => {
    const { starter, url } = await startElsewhere();
    const [row] = await connected(url, (sql) =>
      sql`
        select current_setting('unix_socket_directories') as folder`);
    await end(starter);
    await starter.status;
    await eventually(() => Deno.stat(row?.folder).then(() => false, () => true));
    await assert.rejects(connected(url, (sql) => sql`select`));
  });
}

Deno.test("when the server cannot start, the error says why and no folder is left", async () => {
  const programs = await createFolder();
  for (const program of ["initdb", "pg_ctl"]) {
    await programs.write(program, "#!/bin/sh\necho broken $0 $3 >&2\nexit 1\n");
    await Deno.chmod(`${programs.path}/${program}`, 0o755);
  }
  await Deno.chmod(programs.path, 0o755);
  await assert.rejects(startPostgres({ binaries: programs.path }), (error: Error) => {
    assert.match(error.message, /Cannot initialise PostgreSQL: broken .*initdb/);
    return true;
  });

  // initdb says where it was to put the database; pg_ctl then fails.
  await programs.write("initdb", `#!/bin/sh\necho "$1" >${programs.path}/asked\n`);
  await programs.write("asked", "");
  await Deno.chmod(`${programs.path}/asked`, 0o666);
  await assert.rejects(
    startPostgres({ binaries: programs.path }),
    /Cannot start PostgreSQL: broken .*pg_ctl/,
  );
  const asked = await Deno.readTextFile(`${programs.path}/asked`);
  const folder = /^--pgdata=(?<folder>.+)\/data$/.exec(asked.trim())?.groups?.folder;
  assert.ok(folder !== undefined);
  await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
  await programs.remove();
});
