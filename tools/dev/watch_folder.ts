// Tells when something in a folder was written. Reads nothing.

/** An editor writes a file in several strokes: one change is over after this long, milliseconds. */
const strokesMs = 100;

/**
 * Calls `onChange` once for each burst of changes in the folder or below, which is over after `quietMs`
 * milliseconds without any; returns how to stop.
 */
export function watchFolder(
  folder: string,
  onChange: () => void,
  quietMs = strokesMs,
): () => void {
  const watcher = Deno.watchFs(folder, { recursive: true });
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function watch(): Promise<void> {
    for await (const _stroke of watcher) {
      clearTimeout(timer);
      timer = setTimeout(onChange, quietMs);
    }
  }
  void watch();

  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
