// What the CLI pushes and deploys, copied to a folder of its own: it links that one, so that looking
// leaves no trace here.

import { cp } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { sha256 } from "./digest.ts";

export const functionFolder = "functions/stripe-cryptlex";

export type Stage = {
  readonly path: string;
  /** Of all that is deployed: another one, another function. */
  readonly digest: string;
  remove(): Promise<void>;
};

/** `repository`: its folder. */
export async function createStage(repository: URL): Promise<Stage> {
  const path = await Deno.makeTempDir({ prefix: "stripe-cryptlex-setup-" });
  const remove = () => Deno.remove(path, { recursive: true });
  try {
    for (const folder of ["supabase", functionFolder]) {
      await cp(fileURLToPath(new URL(folder, repository)), `${path}/${folder}`, {
        recursive: true,
        // Whom the folder is linked with, and what the CLI remembers besides.
        filter: (source) => !/[/\\]supabase[/\\]\.[^/\\]*$/.test(source),
      });
    }
    return { path, digest: await digestOf(path), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function digestOf(path: string): Promise<string> {
  const files = ["supabase/config.toml"];
  for await (const { name, isFile } of Deno.readDir(`${path}/${functionFolder}`)) {
    if (isFile) files.push(`${functionFolder}/${name}`);
  }
  const lines: string[] = [];
  for (const file of files.sort()) {
    lines.push(`${file} ${await sha256(await Deno.readFile(`${path}/${file}`))}`);
  }
  return await sha256(lines.join("\n"));
}
