// The frame around a tool: its options, its help, its exit code. Knows no tool.

import { parseArgs, type ParseArgsConfig } from "node:util";
import { print, printError } from "./terminal.ts";

/** One whose message is enough: where it comes from helps nobody. */
export class ForeseenError extends Error {
  override readonly name: string = "ForeseenError";
}

/** It was called in a way it does not understand. */
export class UsageError extends ForeseenError {
  override readonly name = "UsageError";
}

/** A command of ours: its help, its options, and what it does, which gives its exit code. */
export type Command<Options extends CommandOptions> = {
  readonly help: string;
  readonly options: Options;
  /** Without it every word that is no option is a mistake. */
  readonly takesNames?: boolean;
  run(given: Given<Options>): Promise<number>;
};

type CommandOptions = NonNullable<ParseArgsConfig["options"]>;

/** The options and words it was called with. */
export type Given<Options extends CommandOptions> = ReturnType<
  typeof parseArgs<{ options: Options; allowPositionals: true; strict: true }>
>;

/** What a shell says of a program that ended by writing to nobody: 128 and SIGPIPE. */
const brokenPipe = 141;

/**
 * Runs the command with these arguments and returns the exit code: its own, 1 when it fails and 2
 * when it was called wrongly, both with the reason on standard error. `--help` prints its help.
 */
export async function runCommand<Options extends CommandOptions>(
  command: Command<Options>,
  args: string[],
): Promise<number> {
  try {
    if (args.includes("--help") || args.includes("-h")) {
      print(command.help);
      return 0;
    }
    const given = read(command.options, args);
    const [stray] = given.positionals;
    if (stray !== undefined && !command.takesNames) {
      throw new UsageError(`Unexpected argument '${stray}'. See --help.`);
    }
    return await command.run(given);
  } catch (error) {
    // Whoever read has gone, as `head` does: nobody is left to be told.
    if (error instanceof Deno.errors.BrokenPipe) return brokenPipe;
    printError(reasonOf(error));
    return error instanceof UsageError ? 2 : 1;
  }
}

function read<Options extends CommandOptions>(options: Options, args: string[]): Given<Options> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const { message } = error as Error;
    throw new UsageError(`${message}\nSee --help.`, { cause: error });
  }
}

/** A message is enough for what was foreseen; what was not needs its place. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // The function's own errors say so of themselves whether trying again may do.
  const foreseen = error instanceof ForeseenError || error.constructor === Error ||
    "retryable" in error;
  return foreseen ? error.message : error.stack ?? error.message;
}
