// The Cryptlex sandbox with its records in a file: what it answered is written down before.

import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type SandboxOptions,
  type SandboxState,
} from "../cryptlex_sandbox/sandbox.ts";
import { createQueueOfOne } from "../local_stack/queue_of_one.ts";
import { readFileIfThere, replaceFile } from "../replace_file.ts";

/**
 * A sandbox with the records of `file`, if there is one.
 *
 * @throws {Error} the file does not hold a sandbox's records.
 */
export async function openKeptSandbox(
  file: string,
  options: SandboxOptions,
): Promise<CryptlexSandbox> {
  const sandbox = createCryptlexSandbox(options);
  const kept = await readFileIfThere(file);
  if (kept !== null) load(sandbox, { file, kept });

  const inTurn = createQueueOfOne();
  const save = () => inTurn(() => replaceFile(file, JSON.stringify(sandbox.dump(), null, 2)));
  return {
    ...sandbox,
    async fetch(input, init) {
      const response = await sandbox.fetch(input, init);
      // It runs for days: the list of calls is for tests.
      const wrote = sandbox.calls().some((call) => call.wrote);
      sandbox.forgetCalls();
      if (wrote) await save();
      return response;
    },
  };
}

function load(sandbox: CryptlexSandbox, { file, kept }: { file: string; kept: string }): void {
  try {
    sandbox.load(JSON.parse(kept) as SandboxState);
  } catch (cause) {
    throw new Error(`Cannot read ${file}: delete it, or start with --fresh`, { cause });
  }
}
