// What is to be looked at: the project the environment names, else the running development stack.

import { resolve } from "node:path";
import { dataFolder, defaultDataFolder } from "../dev/data_folder.ts";
import { givenSettings } from "../dev/function_settings.ts";
import { findStack } from "../dev/running_stack.ts";
import { databaseNames } from "../operator/operator_settings.ts";
import { nameProject } from "../operator/setting_problems.ts";
import { UsageError } from "../run_command.ts";
import { sandboxAccessToken } from "../sample_account.ts";
import type { Patient } from "./run_doctor.ts";

type Env = Readonly<Record<string, string | undefined>>;

/**
 * @throws {UsageError} both a project and a folder are named, or the address is none.
 * @throws {Error} neither is there.
 */
export async function findPatient(
  env: Env,
  said: { folder: string | undefined; functionUrl: string | undefined },
): Promise<Patient & { whose: string }> {
  const { folder, functionUrl = null } = said;
  if (functionUrl !== null && !/^https?:\/\/[^\s@]+$/.test(functionUrl)) {
    throw new UsageError("--function-url is not an http(s) URL");
  }
  const named = databaseNames.find((name) => env[name]?.trim());
  if (named === undefined) return await ofStack(env, { folder, functionUrl });
  if (folder !== undefined) {
    throw new UsageError(`--data-folder is a development stack's, ${named} a project's: not both`);
  }
  return { env, functionUrl, whose: "the project" };
}

async function ofStack(
  env: Env,
  { folder = defaultDataFolder, functionUrl }: {
    folder: string | undefined;
    functionUrl: string | null;
  },
): Promise<Patient & { whose: string }> {
  try {
    const stack = await findStack(dataFolder(resolve(folder)));
    const ofSandbox = stack.sandboxUrl === null ? {} : {
      CRYPTLEX_ACCESS_TOKEN: sandboxAccessToken,
      CRYPTLEX_WEB_API_BASE_URL: stack.sandboxUrl,
    };
    return {
      env: {
        ...givenSettings(env),
        ...ofSandbox,
        ...stack.settings,
        STRIPE_WEBHOOK_SECRET: stack.signingSecret,
        CRON_SECRET: stack.drainSecret,
      },
      functionUrl: functionUrl ?? stack.webhookUrl,
      whose: "the development stack",
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}; ${nameProject}`, {
      cause: error,
    });
  }
}
