// Whose ledger a tool works on: the project the environment names, else the running development stack's.

import { resolve } from "node:path";
import { dataFolder, defaultDataFolder } from "../dev/data_folder.ts";
import { findStack, type RunningStack } from "../dev/running_stack.ts";
import { UsageError } from "../run_command.ts";
import { databaseNames, type OperatorSettings, operatorSettings } from "./operator_settings.ts";
import { nameProject } from "./setting_problems.ts";

export type OperatorTarget = OperatorSettings & {
  /** Null: a project. */
  readonly stack: RunningStack | null;
};

/**
 * `folder` is the development stack's, when it was said which.
 *
 * @throws {UsageError} both a project and a folder are named.
 * @throws {Error} neither is there, or a setting is missing or malformed.
 */
export async function findTarget(
  env: Readonly<Record<string, string | undefined>>,
  folder: string | undefined,
): Promise<OperatorTarget> {
  const named = databaseNames.find((name) => env[name]?.trim());
  if (named === undefined) {
    const stack = await theStack(folder ?? defaultDataFolder);
    return { ...operatorSettings(stack.settings), stack };
  }
  if (folder !== undefined) {
    throw new UsageError(`--data-folder is a development stack's, ${named} a project's: not both`);
  }
  return { ...operatorSettings(env), stack: null };
}

async function theStack(folder: string): Promise<RunningStack> {
  try {
    return await findStack(dataFolder(resolve(folder)));
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${said}; ${nameProject}`, {
      cause: error,
    });
  }
}
