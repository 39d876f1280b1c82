// The Supabase project, once the CLI has found it: asks for it, and for a login where there is none.

import type { Check } from "./ask.ts";
import type { DatabaseAddress } from "./database_address.ts";
import { projectRef } from "./keys.ts";
import type { Stage } from "./stage.ts";
import { type SupabaseCli, SupabaseCliError } from "./supabase_cli.ts";
import { openProject, type SupabaseProject } from "./supabase_project.ts";
import { type Source, values } from "./values.ts";

const noLogin = "AccessTokenRequiredError";

/**
 * @throws {UsageError} nobody says which project, or logs in.
 * @throws {Error} Supabase does not let us in.
 */
export async function findProject(
  source: Source,
  { cli, stage, database }: { cli: SupabaseCli; stage: Stage; database: DatabaseAddress | null },
): Promise<SupabaseProject> {
  let project: SupabaseProject | undefined;
  let isLoggedIn = true;
  const open = async (ref: string, token: string | null): Promise<string | null> => {
    try {
      const env: Record<string, string> = token === null ? {} : { SUPABASE_ACCESS_TOKEN: token };
      project = await openProject(cli, { ref, stage, database, env });
      return null;
    } catch (error) {
      if (!(error instanceof SupabaseCliError)) throw error;
      isLoggedIn = error.code !== noLogin;
      return error.message;
    }
  };
  const check: Check = async (text) => {
    const problem = await open(projectRef(text) ?? "", source.given(values.supabaseToken));
    // Then it is not the ref that is wrong.
    return isLoggedIn ? problem : null;
  };
  const shape = (text: string) =>
    projectRef(text) === null ? "it is no project's ref, which is 20 lower-case letters" : null;
  const ref = projectRef(await source.take(values.projectRef, check, shape)) ?? "";
  if (!isLoggedIn) await source.take(values.supabaseToken, (token) => open(ref, token));
  if (project === undefined) throw new Error(`Supabase did not open ${ref}`);
  return project;
}
