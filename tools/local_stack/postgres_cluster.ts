// An empty PostgreSQL server in a temporary folder that ends when we do. Knows nothing of Supabase.
// Durability is off: never keep data in it.

import { clusterImage } from "./cluster_image.ts";
import { onFreePort } from "./free_port.ts";
import { postgresBinaries } from "./postgres_binaries.ts";
import { type UnprivilegedUser, unprivilegedUser } from "./unprivileged_user.ts";

/** Anybody on this machine's loopback may log in as anybody, without a password. */
export type PostgresCluster = { port: number; stop(): Promise<void> };

export type PostgresClusterOptions = {
  superuser: string;
  /** The folder of `initdb`, `pg_ctl` and `postgres`. Default: npm's, else the installed ones. */
  binaries?: string | undefined;
};

/**
 * Lives as long as our end of its standard input, however we end: then the server stops and the
 * folder goes. What it prints is "ready", or why there is no server. The work is done in a child of
 * its own as Deno, ending, kills the processes it started before they can clean up.
 */
const KEEPER = `
  folder=$1 bin=$2 options=$3
  exec 3<&0
  {
    trap : INT TERM HUP
    if "$bin/pg_ctl" start --wait --silent -D "$folder/data" -l "$folder/log" -o "$options" 2>&1
    then echo ready; read -r _ <&3
    else cat "$folder/log"
    fi
    "$bin/pg_ctl" stop --wait --silent --mode=fast -D "$folder/data" >/dev/null 2>&1
    cd / && rm -rf "$folder"
  } &
  wait`;

/** How every cluster is made. */
const initdbArguments = ["--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"] as const;

type Place = { folder: string; bin: string; user: UnprivilegedUser | undefined };

/**
 * Starts a server on a free loopback port. As root it runs as an unprivileged user.
 * @throws {Error} with what PostgreSQL said; nothing is left behind.
 */
export function startCluster(options: PostgresClusterOptions): Promise<PostgresCluster> {
  return onFreePort((port) => startOn(port, options));
}

async function startOn(
  port: number,
  options: PostgresClusterOptions,
): Promise<PostgresCluster> {
  const user = unprivilegedUser();
  const folder = await Deno.makeTempDir({ prefix: "postgres-" });
  try {
    if (user !== undefined) await Deno.chown(folder, user.uid, user.gid);
    const { folder: bin, version } = options.binaries === undefined
      ? await postgresBinaries(`${folder}/native`, user)
      : { folder: options.binaries, version: null };
    const place = { folder, bin, user };
    const { superuser } = options;
    if (version === null) await initialise(place, superuser);
    else await unpackOrInitialise(place, { superuser, version });
    return await keep(place, port);
  } catch (error) {
    await removeFolder(folder);
    throw error;
  }
}

function inPlace({ folder, user }: Place) {
  return { cwd: folder, env: { LC_ALL: "C" }, ...user };
}

async function unpackOrInitialise(
  place: Place,
  { superuser, version }: { superuser: string; version: string },
): Promise<void> {
  const owner = place.user?.uid ?? Deno.uid();
  const image = clusterImage(
    [version, superuser, owner, Deno.build.target, ...initdbArguments].join("_"),
  );
  if (await image.unpack(place.folder)) return;
  await initialise(place, superuser);
  await image.keep(place.folder);
}

async function initialise(place: Place, superuser: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(`${place.bin}/initdb`, {
    ...inPlace(place),
    args: [
      `--pgdata=${place.folder}/data`,
      `--username=${superuser}`,
      ...initdbArguments,
    ],
  }).output();
  if (!success) {
    throw new Error(`Cannot initialise PostgreSQL: ${new TextDecoder().decode(stderr)}`);
  }
}

async function keep(place: Place, port: number): Promise<PostgresCluster> {
  const { folder, bin } = place;
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: folder,
    timezone: "UTC",
    fsync: "off",
    synchronous_commit: "off",
    full_page_writes: "off",
  };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`).join(" ");
  const keeper = new Deno.Command("sh", {
    ...inPlace(place),
    args: ["-c", KEEPER, "sh", folder, bin, options],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();

  async function stop(): Promise<void> {
    await keeper.stdin.close().catch(() => {}); // closed before, or the keeper is gone
    await keeper.status;
    await removeFolder(folder);
  }

  const said = await readUntilReady(keeper.stdout);
  if (said.endsWith("ready\n")) return { port, stop };
  await stop();
  throw new Error(`Cannot start PostgreSQL: ${said}`);
}

/** All that came until "ready" or the end. */
async function readUntilReady(stream: ReadableStream<Uint8Array>): Promise<string> {
  let said = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (said.endsWith("ready\n")) break;
  }
  return said;
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
