// The repository as a user clones it, in a temporary folder: what git tracks, what it would track,
// and nothing it ignores.

const REPOSITORY = new URL("../../", import.meta.url);

export type Checkout = {
  path: string;
  /** Paths relative to `path`, sorted. */
  files: readonly string[];
  remove(): Promise<void>;
};

/**
 * Makes one, as a git repository of its own: the CLI uploads nothing from outside of it.
 * @throws {Error} with what git said.
 */
export async function createCheckout(): Promise<Checkout> {
  const path = await Deno.makeTempDir({ prefix: "checkout-" });
  const remove = () => Deno.remove(path, { recursive: true });
  try {
    const listed = await git(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    const files: string[] = [];
    for (const file of listed.split("\0").filter((name) => name !== "").sort()) {
      if (await copy(file, path)) files.push(file);
    }
    await git(["init", "--quiet", path]);
    return { path, files, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** False for a file that was deleted, which git tracks until that is committed. */
async function copy(file: string, target: string): Promise<boolean> {
  try {
    const bytes = await Deno.readFile(new URL(encodeURI(file), REPOSITORY));
    await Deno.mkdir(`${target}/${file}`.replace(/\/[^/]*$/, ""), { recursive: true });
    await Deno.writeFile(`${target}/${file}`, bytes);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function git(args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("git", { args, cwd: REPOSITORY })
    .output();
  if (!success) throw new Error(`git ${args[0]} failed: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
