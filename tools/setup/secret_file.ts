// Secrets on their way to the CLI: in a file that nobody else can read, for as long as it takes.

/** Writes NAME=value lines, and returns the path; to be removed at once when they are read. */
export async function writeSecretFile(secrets: ReadonlyMap<string, string>): Promise<string> {
  const lines = [...secrets].map(([name, value]) => `${name}=${quoted(name, value)}\n`);
  const path = await Deno.makeTempFile({ prefix: "stripe-cryptlex-setup-" });
  await Deno.writeTextFile(path, lines.join(""), { mode: 0o600 });
  return path;
}

/** As a .env file takes a value literally. */
function quoted(name: string, value: string): string {
  if (/[\r\n]/.test(value)) throw new Error(`${name} has more than one line`);
  if (!value.includes("'")) return `'${value}'`;
  if (/["$\\]/.test(value)) throw new Error(`${name} has both ' and one of " $ \\`);
  return `"${value}"`;
}
