// What was deployed, running as a process with the secrets that are set: from when it is first asked
// after either has changed. A set-up changes several things one after the other.

import {
  type FunctionProcess,
  startFunction,
} from "../../../tools/local_stack/function_process.ts";
import type { Upload } from "../../deploy/management_api.ts";

export type DeployedFunction = {
  /** Where it answers; null: nothing is deployed, or it does not start. */
  url(): Promise<string | null>;
  /** It runs as it was no more. */
  changed(): Promise<void>;
  stop(): Promise<void>;
};

export function createDeployedFunction(
  { upload, env }: { upload: () => Upload | undefined; env: () => Record<string, string> },
): DeployedFunction {
  let running: Promise<FunctionProcess | null> | null = null;
  let unpacked: { readonly upload: Upload; readonly folder: string } | null = null;

  /** Its folder stays while it is the newest: Deno compiles what lies elsewhere anew. */
  async function folderOf(newest: Upload): Promise<string> {
    if (unpacked?.upload === newest) return unpacked.folder;
    await remove();
    unpacked = { upload: newest, folder: await Deno.makeTempDir({ prefix: "deployed-" }) };
    for (const [path, text] of newest.files) {
      const file = `${unpacked.folder}/${path}`;
      await Deno.mkdir(file.replace(/\/[^/]*$/, ""), { recursive: true });
      await Deno.writeTextFile(file, text);
    }
    return unpacked.folder;
  }

  async function start(): Promise<FunctionProcess | null> {
    const newest = upload();
    if (newest === undefined) return null;
    const folder = await folderOf(newest);
    const entrypoint = new URL(`file://${folder}/functions/stripe-cryptlex/index.ts`);
    return await startFunction({ env: env(), entrypoint }).catch(() => null);
  }

  async function changed(): Promise<void> {
    const before = running;
    running = null;
    await (await before)?.stop();
  }

  async function remove(): Promise<void> {
    if (unpacked !== null) await Deno.remove(unpacked.folder, { recursive: true });
    unpacked = null;
  }

  return {
    url: async () => (await (running ??= start()))?.url ?? null,
    changed,
    async stop() {
      await changed();
      await remove();
    },
  };
}
