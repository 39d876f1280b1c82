// Ctrl-C, and what else asks a process to end.

const signals: Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/** Resolves at the first such signal; a second one ends the process as if nobody had listened. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    function stop() {
      for (const signal of signals) Deno.removeSignalListener(signal, stop);
      resolve();
    }
    for (const signal of signals) Deno.addSignalListener(signal, stop);
  });
}
