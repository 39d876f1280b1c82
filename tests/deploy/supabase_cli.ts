// Runs the real Supabase CLI, of one exact version, from npm. Nothing of this machine reaches it:
// no login, no settings, no container engine.

import { findSupabase } from "../../tools/setup/supabase_cli.ts";
import type { ManagementApi } from "./management_api.ts";

export type CliOptions = {
  /** A folder that holds `supabase/`. */
  cwd: string;
  /** Whom it asks. Default: nobody, which is enough to reach a database by its URL. */
  api?: ManagementApi;
};

/**
 * Runs `supabase <args>`, where nobody can be asked, and returns what it printed to standard
 * output and standard error, one after the other.
 * @throws {Error} with that, when it fails, or when npm cannot provide it.
 */
export async function runSupabase(args: string[], options: CliOptions): Promise<string> {
  const { success, output } = await trySupabase(args, options);
  if (!success) throw new Error(`supabase ${args.join(" ")} failed:\n${output}`);
  return output;
}

/** As `runSupabase`, for a command that may fail. */
export async function trySupabase(
  args: string[],
  { cwd, api }: CliOptions,
): Promise<{ success: boolean; output: string }> {
  executable ??= findSupabase();
  const program = await executable;
  const home = await Deno.makeTempDir({ prefix: "supabase-home-" });
  try {
    const { success, stdout, stderr } = await new Deno.Command(program, {
      args,
      cwd,
      clearEnv: true,
      env: { ...emptyMachine(home), ...(api === undefined ? {} : await asking(api, home)) },
      stdin: "null",
    }).output();
    const [out, error] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    return { success, output: `${out}${error}` };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

let executable: Promise<string> | undefined;

/** Nothing is there, and no engine: with one the CLI would bundle in a container. */
export function emptyMachine(home: string): Record<string, string> {
  return {
    PATH: Deno.env.get("PATH") ?? "",
    HOME: home,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_CACHE_HOME: `${home}/cache`,
    NO_COLOR: "1",
    SUPABASE_NO_KEYRING: "1",
    SUPABASE_TELEMETRY_DISABLED: "1",
    SUPABASE_NO_UPDATE_NOTIFIER: "1",
    SUPABASE_API_MAX_RETRIES: "0",
    DOCKER_HOST: `unix://${home}/none.sock`,
    CONTAINER_HOST: `unix://${home}/none.sock`,
    // Of its engine, which is Bun's: none of these processes lives long enough for its better code.
    BUN_JSC_useDFGJIT: "0",
  };
}

/** A profile file is how the CLI is told of another API than Supabase's own. */
export async function asking(api: ManagementApi, home: string): Promise<Record<string, string>> {
  const profile = {
    name: "loopback",
    api_url: api.url,
    dashboard_url: api.url,
    project_host: "localhost",
  };
  await Deno.writeTextFile(`${home}/profile.json`, JSON.stringify(profile));
  return { SUPABASE_PROFILE: `${home}/profile.json`, SUPABASE_ACCESS_TOKEN: api.accessToken };
}
