// Runs named commands one after the other, and says how each went and how long it took.

import { duration, print, terminalStyle } from "../terminal.ts";

/** A command of a check. */
export type CheckStep = {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Besides the environment's own. */
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * Runs every step, each to its end even if one before it failed, and returns whether all went well.
 * A step's output is shown when it failed, or as it comes with `stream`.
 */
export async function runSteps(
  steps: readonly CheckStep[],
  options: { stream?: boolean } = {},
): Promise<boolean> {
  const style = terminalStyle();
  let isWell = true;
  for (const { name, command: [program, ...args], env = {} } of steps) {
    const started = performance.now();
    const stdio = options.stream ? "inherit" : "piped";
    const output = await new Deno.Command(program, {
      args,
      env: { ...env },
      stdin: "null",
      stdout: stdio,
      stderr: stdio,
    }).output();
    const took = duration(performance.now() - started);
    print(
      `${output.success ? style.green("ok    ") : style.red("FAILED")} ${name} ${style.dim(took)}`,
    );
    if (output.success) continue;
    isWell = false;
    if (!options.stream) {
      const text = new TextDecoder();
      print(`${text.decode(output.stdout)}${text.decode(output.stderr)}`);
    }
  }
  return isWell;
}
