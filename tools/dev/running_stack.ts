// How another process reaches the running development stack: a small file in its data folder.

import { readFileIfThere, replaceFile } from "../replace_file.ts";
import type { DataFolder } from "./data_folder.ts";

export type RunningStack = {
  readonly webhookUrl: string;
  /** Signs what is sent there. */
  readonly signingSecret: string;
  /** Opens its drain. */
  readonly drainSecret: string;
  readonly tableViewerUrl: string;
  /** Null: the real Cryptlex is called. */
  readonly sandboxUrl: string | null;
  /** What a one-time purchase names in its metadata; null: nothing, it is mapped otherwise. */
  readonly oneTimeProductId: string | null;
  /** Of what the function runs with: its database, and what it decides by. */
  readonly settings: Readonly<Record<string, string>>;
};

/** Tells of the stack; resolves to a function that takes it back. */
export async function announceStack(
  folder: DataFolder,
  stack: RunningStack,
): Promise<() => Promise<void>> {
  await replaceFile(folder.running, `${JSON.stringify(stack, null, 2)}\n`);
  return () => Deno.remove(folder.running);
}

/** @throws {Error} no stack runs on this folder. */
export async function findStack(folder: DataFolder): Promise<RunningStack> {
  const text = await readFileIfThere(folder.running);
  if (text === null) {
    throw new Error(
      `No development stack runs on ${folder.path}: start one with "deno task dev"` +
        " in another terminal",
    );
  }
  return JSON.parse(text) as RunningStack;
}
