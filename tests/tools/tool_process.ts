// Runs our tools as a person would: as processes, told apart by what they print and their exit code.

import assert from "node:assert/strict";
import { readLines } from "../../tools/local_stack/read_lines.ts";

export type ToolResult = { code: number; stdout: string; stderr: string };

export type ToolProcess = {
  /** The first match in its standard output, awaited; fails when the process ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** Its standard output so far. */
  output(): string;
  /** Sends the signal and resolves to the exit code. */
  end(signal: Deno.Signal): Promise<number>;
};

export type ToolOptions = { env?: Record<string, string> };

/** Nothing else of our environment reaches it: it may hold settings of a real function. */
const kept = ["PATH", "HOME", "XDG_CACHE_HOME", "DENO_DIR", "DENO_TLS_CA_STORE"];

/** Runs a file of tools/ or, as a URL, any other, to its end. */
export async function runTool(
  tool: string | URL,
  args: string[] = [],
  options: ToolOptions = {},
): Promise<ToolResult> {
  const { code, stdout, stderr } = await command(tool, args, options).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** Runs one, likewise, whose standard output nobody reads. */
export async function runUnread(
  tool: string | URL,
  args: string[] = [],
  options: ToolOptions = {},
): Promise<Omit<ToolResult, "stdout">> {
  const child = command(tool, args, options).spawn();
  await child.stdout.cancel();
  const [{ code }, stderr] = await Promise.all([child.status, new Response(child.stderr).text()]);
  return { code, stderr };
}

/** Starts one, likewise, that ends when told to. */
export function startTool(
  tool: string | URL,
  args: string[],
  options: ToolOptions = {},
): ToolProcess {
  const child = command(tool, args, options).spawn();
  let output = "";
  let errors = "";
  let wake = () => {};
  let hasEnded = false;
  const ended = Promise.all([
    readLines(child.stdout, (line) => {
      output += `${line}\n`;
      wake();
    }),
    readLines(child.stderr, (line) => void (errors += `${line}\n`)),
    child.status,
  ]).then(([_out, _err, status]) => {
    hasEnded = true;
    wake();
    return status.code;
  });

  return {
    output: () => output,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output);
        if (match !== null) return match;
        assert.ok(!hasEnded, `It ended without printing ${pattern}:\n${output}${errors}`);
        await new Promise<void>((resolve) => wake = resolve);
      }
    },
    async end(signal) {
      if (!hasEnded) child.kill(signal);
      return await ended;
    },
  };
}

function command(tool: string | URL, args: string[], { env }: ToolOptions): Deno.Command {
  const file = tool instanceof URL ? tool : new URL(`../../tools/${tool}`, import.meta.url);
  const found = kept.flatMap((name) => {
    const value = Deno.env.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return new Deno.Command(Deno.execPath(), {
    // Quiet: where the cache is empty Deno would tell what it downloads, between what the tool says.
    args: ["run", "-A", "--quiet", ...lockArguments(), file.href, ...args],
    clearEnv: true,
    env: { ...Object.fromEntries(found), ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Denos before 2.3 stop at a lock file of version 5. */
function lockArguments(): string[] {
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  return major > 2 || minor >= 3 ? [] : ["--no-lock"];
}
