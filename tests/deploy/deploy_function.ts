// Deploys from a fresh checkout, as the README says, and returns what reached the API.

import { createCheckout } from "./checkout.ts";
import { serveManagementApi, type Upload } from "./management_api.ts";
import { runSupabase } from "./supabase_cli.ts";

export const FUNCTION_FOLDER = "functions/stripe-cryptlex";

export type Deployment = {
  uploads: readonly Upload[];
  /** All files of the function's folder, sorted. */
  ownFiles: string[];
};

/**
 * Links and deploys; `--yes` as there is no terminal.
 * @throws {Error} with what the CLI printed, when it fails.
 */
export async function deployFunction(flags: string[] = []): Promise<Deployment> {
  const checkout = await createCheckout();
  const api = serveManagementApi();
  try {
    const options = { cwd: checkout.path, api };
    await runSupabase(["link", api.projectRef], options);
    await runSupabase(["functions", "deploy", "--yes", ...flags], options);
    const ownFiles = checkout.files.filter((file) => file.startsWith(`${FUNCTION_FOLDER}/`));
    return { uploads: api.uploads, ownFiles };
  } finally {
    await api.shutdown();
    await checkout.remove();
  }
}
