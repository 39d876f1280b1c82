// Finds where Deno keeps the package @supabase/lite, whose files are not all reachable by import.

/**
 * Returns the package's folder, ending in a slash.
 * @throws {Error} it is in none of the places Deno keeps packages in.
 */
export async function litePackageFolder(): Promise<URL> {
  const resolved = import.meta.resolve("@supabase/lite");
  // Newer Denos name the file (`<package>/dist/index.js`), older ones say `npm:<name>@<version>`.
  if (resolved.startsWith("file:")) return new URL("../", resolved);
  const [name, version] = splitSpecifier(resolved);
  const cache = await npmCache();
  for await (const registry of Deno.readDir(cache)) {
    const folder = `${cache}/${registry.name}/${name}/${version}/`;
    if (await exists(folder)) return new URL(`file://${folder}`);
  }
  throw new Error(`Cannot find the files of ${resolved} under ${cache}`);
}

function splitSpecifier(specifier: string): [name: string, version: string] {
  const { name, version } = /^npm:\/?(?<name>@?[^@]+)@(?<version>[^/]+)/.exec(specifier)?.groups ??
    {};
  if (name === undefined || version === undefined) {
    throw new Error(`Cannot tell the package's version from ${specifier}`);
  }
  return [name, version];
}

async function npmCache(): Promise<string> {
  // Without the lock file, which older Denos cannot read.
  const args = ["info", "--json", "--no-lock"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args }).output();
  return (JSON.parse(new TextDecoder().decode(stdout)) as { npmCache: string }).npmCache;
}

async function exists(folder: string): Promise<boolean> {
  try {
    return (await Deno.stat(folder)).isDirectory;
  } catch {
    return false;
  }
}
