// Keeps two programs from opening one data folder: PGlite does not, and both would ruin it.

import process from "node:process";

/**
 * Takes the folder for this process and returns the function that gives it back. The lock is a
 * file beside the folder holding our process id; one left by a process that is gone is taken over.
 * @throws {Error} another living process has the folder.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = `${folder.replace(/\/+$/, "")}.lock`;
  const owner = await readOwner(path);
  if (owner !== undefined && isAlive(owner)) {
    throw new Error(
      `Cannot open ${folder} as process ${owner} uses it: stop that one first` +
        ` (or, if it is something else by now, delete ${path})`,
    );
  }
  if (owner !== undefined) await Deno.remove(path);
  try {
    await Deno.writeTextFile(path, `${Deno.pid}\n`, { createNew: true });
  } catch (cause) {
    throw new Error(`Cannot open ${folder} as another process has just taken it`, { cause });
  }
  return () => Deno.remove(path);
}

async function readOwner(path: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as { code?: string }).code !== "ESRCH";
  }
}
