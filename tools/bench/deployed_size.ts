// How large the function is where it runs: its own modules, and the folders of the packages it
// imports, which the platform takes whole, types and maps included (supabase/edge-runtime,
// crates/deno_facade/eszip/vfs.rs).

import { join } from "node:path";
import { z } from "zod";

const graph = z.object({
  modules: z.array(z.looseObject({
    kind: z.string(),
    size: z.number().optional(),
    npmPackage: z.string().optional(),
  })),
  npmPackages: z.record(
    z.string(),
    z.looseObject({ dependencies: z.array(z.string()), localPath: z.string() }),
  ),
});

export type DeployedSize = {
  readonly modules: number;
  readonly moduleBytes: number;
  readonly packages: number;
  readonly packageBytes: number;
};

/** @throws {Error} what Deno said of a module graph it could not follow. */
export async function deployedSize(entrypoint: URL): Promise<DeployedSize> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entrypoint.href],
  }).output();
  if (!success) throw new Error(`Cannot measure: ${new TextDecoder().decode(stderr)}`);
  const { modules, npmPackages } = graph.parse(JSON.parse(new TextDecoder().decode(stdout)));

  const own = modules.filter(({ kind }) => kind === "esm");
  const names = new Set<string>();
  function take(name: string): void {
    if (names.has(name)) return;
    names.add(name);
    npmPackages[name]?.dependencies.forEach(take);
  }
  for (const { npmPackage } of modules) if (npmPackage !== undefined) take(npmPackage);
  let packageBytes = 0;
  for (const name of names) packageBytes += await folderBytes(npmPackages[name]?.localPath ?? "");
  return {
    modules: own.length,
    moduleBytes: own.reduce((sum, { size = 0 }) => sum + size, 0),
    packages: names.size,
    packageBytes,
  };
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    bytes += isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}
