// How long it takes to import a module and all that it imports, in a process of its own each time.

const program = (specifiers: readonly string[]) =>
  `const startedAt = performance.now();
   await Promise.all(${JSON.stringify(specifiers)}.map((one) => import(one)));
   console.log(performance.now() - startedAt);
   Deno.exit(0);`;

/**
 * Milliseconds. `from` is the module whose imports the specifiers are: it says what bare names mean.
 *
 * @throws {Error} what Deno said, when it does not import.
 */
export async function importMs(
  specifiers: readonly string[],
  { env = {} }: { env?: Record<string, string> } = {},
): Promise<number> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", program(specifiers)],
    cwd: new URL("../..", import.meta.url),
    env: { ...env, NO_COLOR: "1" },
  }).output();
  if (!success) {
    throw new Error(`Cannot import ${specifiers}: ${new TextDecoder().decode(stderr)}`);
  }
  // Whatever the module prints itself comes before.
  return Number(new TextDecoder().decode(stdout).trimEnd().split("\n").at(-1));
}
