// Writes a file so that nobody ever reads half of it.

/**
 * Writes beside the file and renames: another process reads the old text or the new. Only its owner
 * may read it. The folder must exist.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${crypto.randomUUID()}`;
  await Deno.writeTextFile(draft, text, { mode: 0o600 });
  await Deno.rename(draft, path);
}

/** The file's text; null when there is no such file. */
export async function readFileIfThere(path: string): Promise<string | null> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
