// A file that several processes write and read at once.

/** Writes beside the file and renames: whoever reads has the old or the new, never half. */
export async function replaceFile(
  file: URL,
  write: (draft: URL) => Promise<unknown>,
): Promise<void> {
  await Deno.mkdir(new URL(".", file), { recursive: true });
  const draft = new URL(`${file.href}.${crypto.randomUUID()}`);
  try {
    await write(draft);
    await Deno.rename(draft, file);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}
