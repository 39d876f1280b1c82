// Runs the Edge Function as a process of its own, as the platform does: nothing of our environment
// reaches it but what it needs to find its packages.

import { onFreePort } from "./free_port.ts";
import { readLines } from "./read_lines.ts";

export type FunctionProcess = {
  /** `http://127.0.0.1:<port>`; the function answers under `/stripe-cryptlex`. */
  url: string;
  pid: number;
  /** All it has printed so far, standard output and standard error as they came. */
  output(): string;
  /** Sends the signal, by default SIGKILL, waits for the end and returns the exit code. */
  kill(signal?: Deno.Signal): Promise<number>;
  /** SIGTERM, and SIGKILL for a process that does not end within two seconds. */
  stop(): Promise<void>;
};

export type FunctionProcessOptions = {
  /** The function's environment; `PORT` is set by us. */
  env: Record<string, string>;
  /** Default: any free one. */
  port?: number;
  /** The Deno to run it with. Default: the one we run in. */
  deno?: string;
  /** Default: the function of this repository. */
  entrypoint?: URL;
  /** How often it is asked whether it answers yet, milliseconds. Default 25. */
  pollMs?: number;
  onLine?: (line: string) => void;
};

const ENTRYPOINT = new URL("../../functions/stripe-cryptlex/index.ts", import.meta.url);

/** Where Deno finds its package cache and the certificates to fill it with. */
const KEPT = ["PATH", "HOME", "XDG_CACHE_HOME", "DENO_DIR", "DENO_TLS_CA_STORE"];

const POLL_MS = 25;
const START_MS = 30_000;
const STOP_MS = 2000;

/**
 * Starts the function and resolves once `GET /stripe-cryptlex/health` answers 200.
 * @throws {Error} with all it printed, if it ends before that or takes longer than half a minute.
 */
export async function startFunction(options: FunctionProcessOptions): Promise<FunctionProcess> {
  const { port } = options;
  if (port !== undefined) return await startOn(port, options);
  return await onFreePort((free) => startOn(free, options));
}

async function startOn(
  port: number,
  options: FunctionProcessOptions,
): Promise<FunctionProcess> {
  const url = `http://127.0.0.1:${port}`;
  const deno = options.deno ?? Deno.execPath();
  const entrypoint = options.entrypoint ?? ENTRYPOINT;
  const child = new Deno.Command(deno, {
    args: [
      "run",
      "--no-prompt",
      "--allow-net",
      "--allow-env",
      ...(await readsOurLock(deno) ? [] : ["--no-lock"]),
      entrypoint.href,
    ],
    clearEnv: true,
    env: { ...keptEnvironment(), ...options.env, PORT: String(port) },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();

  let output = "";
  let running = true;
  function take(line: string) {
    output += `${line}\n`;
    options.onLine?.(line);
  }
  const ended = Promise.all([
    readLines(child.stdout, take),
    readLines(child.stderr, take),
    child.status.finally(() => running = false),
  ]);

  async function kill(signal: Deno.Signal = "SIGKILL"): Promise<number> {
    if (running) child.kill(signal);
    const [, , { code }] = await ended;
    return code;
  }

  async function stop(): Promise<void> {
    const deadline = setTimeout(() => running && child.kill("SIGKILL"), STOP_MS);
    await kill("SIGTERM").finally(() => clearTimeout(deadline));
  }

  const giveUpAt = performance.now() + START_MS;
  while (running && performance.now() < giveUpAt) {
    if (await isHealthy(url)) return { url, pid: child.pid, output: () => output, kill, stop };
    await new Promise((resolve) => setTimeout(resolve, options.pollMs ?? POLL_MS));
  }
  const reason = running ? "did not answer in time" : "ended at once";
  await kill();
  throw new Error(`The function ${reason}:\n${output}`);
}

async function isHealthy(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/stripe-cryptlex/health`, {
      signal: AbortSignal.timeout(2000),
    });
    await response.body?.cancel();
    return response.status === 200;
  } catch {
    return false;
  }
}

function keptEnvironment(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = Deno.env.get(name);
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Lock files of version 5, which newer Denos write, stop a Deno older than 2.3. */
async function readsOurLock(deno: string): Promise<boolean> {
  const { stdout } = await new Deno.Command(deno, { args: ["--version"] }).output();
  const version = /^deno (?<major>\d+)\.(?<minor>\d+)/.exec(new TextDecoder().decode(stdout));
  const { major, minor } = version?.groups ?? {};
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 3);
}
