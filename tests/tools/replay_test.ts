import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { startDev } from "./dev_process.ts";
import { runTool } from "./tool_process.ts";

const project = {
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_told_nobody"}',
};

Deno.test("replay says what it does, and explains what it cannot do", async () => {
  const help = await runTool("replay.ts", ["--help"]);
  assert.equal(help.code, 0);
  assert.match(help.stdout, /^Usage: deno task replay /);
  assert.deepEqual(help.stdout.split("\n").filter((line) => line.length > 100), []);
  for (
    const [args, reason, env] of [
      [[], /^Say which events: /, project],
      [["--parked", "evt_1"], /^Say which events: /, project],
      [["sub_1"], /^Not the id of a Stripe event, evt_…: sub_1$/m, project],
      [["--since", "soon"], /^--since is neither a duration .*: soon$/m, project],
      [["--parked", "--everything"], /--everything/, project],
      [["--parked", "--data-folder", "/nowhere"], /SUPABASE_URL a project's: not both/, project],
    ] as const
  ) {
    const { code, stderr } = await runTool("replay.ts", [...args], { env });
    assert.match(stderr, reason);
    assert.equal(code, 2, stderr);
  }
});

Deno.test("replay says whose events it misses: nobody's, half a project's, one that does not answer", async () => {
  const nowhere = await runTool("replay.ts", ["--parked", "--data-folder", "/nowhere"]);
  assert.equal(nowhere.code, 1);
  assert.match(
    nowhere.stderr,
    /^No development stack runs on \/nowhere: .* SUPABASE_SERVICE_ROLE_KEY=sb_secret_…$/m,
  );

  const { SUPABASE_URL } = project;
  const half = await runTool("replay.ts", ["--parked"], { env: { SUPABASE_URL } });
  assert.equal(half.code, 1);
  assert.match(
    half.stderr,
    /^Cannot begin: SUPABASE_SERVICE_ROLE_KEY is not set \(.* API Keys\)$/m,
  );

  const silent = await runTool("replay.ts", ["--parked"], { env: project });
  assert.equal(silent.code, 1);
  assert.match(silent.stderr, /^Cannot replay_stripe_events: the database answered nothing \(/);
  for (const { stdout, stderr } of [nowhere, half, silent]) {
    assert.ok(!(stdout + stderr).includes("told_nobody"));
  }
});

Deno.test("replay finds the running development stack, and has it work off what was replayed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "replay-" });
  const dev = await startDev(folder, ["--fresh"], { env: { RENEWAL_GRACE_DAYS: "14" } });
  try {
    const replay = (...args: string[]) => runTool("replay.ts", [...args, "--data-folder", folder]);
    await dev.send("sale", "--email", "ann@example.com");
    await dev.send("no-email");
    const statuses = async () => (await dev.rows("stripe_events")).map(({ status }) => status);
    await eventually(async () => String((await statuses()).sort()) === "applied,parked");

    const dry = await replay("--since", "1h", "--dry-run");
    assert.equal(dry.code, 0, dry.stderr);
    assert.match(dry.stdout, /^2 events in the development stack, http/);
    assert.match(dry.stdout, /by CRYPTLEX_PRODUCT_ID\nproduct-app, RENEWAL_GRACE_DAYS 14, /);
    assert.match(dry.stdout, /^ {2}sub_\w+ +would do nothing: already so$/m);
    assert.match(dry.stdout, /^ {2}pi_\w+ +would be parked: .* no e-mail address/m);

    const done = await replay("--since", "1h");
    assert.equal(done.code, 0, done.stderr);
    assert.match(done.stdout, /^Worked off: (1 applied, 1 parked|1 parked, 1 applied)$/m);
    const rows = await dev.rows("stripe_events");
    assert.deepEqual(rows.map(({ attempts }) => attempts), [2, 2]);
    assert.equal((await dev.rows("licenses")).length, 1);
    for (const { stdout } of [dry, done]) assert.ok(!/@|sb_secret|whsec/.test(stdout), stdout);
  } finally {
    await dev.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});
