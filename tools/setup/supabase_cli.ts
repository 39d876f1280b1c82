// Runs the pinned Supabase CLI, from npm, and reads its JSON. No secret is among its arguments.

import { z } from "zod";
import { ForeseenError } from "../run_command.ts";
import { parseJson } from "../../functions/stripe-cryptlex/parse_json.ts";

/** The version whose commands the README gives. */
export const supabasePackage = "supabase@3.1.0";

/** The CLI said no; `code` is its own name for the reason, empty when it gave none. */
export class SupabaseCliError extends ForeseenError {
  override readonly name = "SupabaseCliError";

  constructor(message: string, readonly code: string) {
    super(message);
  }
}

/** Runs a command where nobody is asked anything, and returns its JSON; rejects with the above. */
export type SupabaseCli = (args: readonly string[], options: CliOptions) => Promise<unknown>;

export type CliOptions = {
  /** A folder that holds `supabase/`. */
  readonly cwd: string;
  /** Besides the environment's own. */
  readonly env?: Readonly<Record<string, string>>;
};

/** Ours are none of its business. */
const kept = (name: string) => !/^(STRIPE|CRYPTLEX)_|^CRON_SECRET$|^ALERT_WEBHOOK_URL$/.test(name);

const failure = z.object({
  error: z.object({
    code: z.string().catch(""),
    message: z.string(),
    suggestion: z.string().optional(),
  }),
});

/** The CLI in this environment. `executable`: see `findSupabase`. */
export function createSupabaseCli(
  executable: string,
  environment: Readonly<Record<string, string>>,
): SupabaseCli {
  const base = Object.fromEntries(Object.entries(environment).filter(([name]) => kept(name)));
  return async (args, { cwd, env = {} }) => {
    const { success, stdout, stderr } = await new Deno.Command(executable, {
      args: [...args, "--yes", "--output-format", "json"],
      cwd,
      clearEnv: true,
      env: { ...base, NO_COLOR: "1", ...env },
      stdin: "null",
    }).output();
    const [said, complained] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
    const body = parseJson(said?.trim() ?? "");
    if (success) return body;
    const { error } = failure.safeParse(body).data ?? {};
    const reason = error === undefined
      ? complained?.trim().split("\n").at(-1)
      : [error.message, error.suggestion ?? ""].join(" ").trim();
    throw new SupabaseCliError(`supabase ${commandOf(args)}: ${reason}`, error?.code ?? "");
  };
}

function commandOf(args: readonly string[]): string {
  return args.filter((arg, index) => index < 2 && !arg.startsWith("-")).join(" ");
}

/**
 * Where npm keeps the CLI; npm downloads it the first time, as the machine has it set up.
 * @throws {Error} npm has none.
 */
export async function findSupabase(): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("npx", {
    args: ["--yes", `--package=${supabasePackage}`, "-c", "command -v supabase"],
    stdin: "null",
  }).output().catch((cause) => {
    throw new Error(`Cannot run npx, which provides ${supabasePackage}: is Node installed?`, {
      cause,
    });
  });
  if (!success) {
    throw new Error(`npm has no ${supabasePackage}: ${new TextDecoder().decode(stderr)}`);
  }
  return new TextDecoder().decode(stdout).trim();
}
