// The data folder of a new cluster, kept as a file: unpacking it takes a third of initdb's time.

import { fileURLToPath } from "node:url";
import { replaceFile } from "./replace_file.ts";

const CACHE = new URL("../../.dev/cache/", import.meta.url);

/** The image as a file in an ignored folder; `data` is a folder in the one that is given. */
export type ClusterImage = {
  /** False: there is none that can be used, and nothing of it is left in the folder. */
  unpack(folder: string): Promise<boolean>;
  /** A file that cannot be written costs time only. The cluster must not be running. */
  keep(folder: string): Promise<void>;
};

/** `key`: other clusters have another. */
export function clusterImage(key: string, cache: URL = CACHE): ClusterImage {
  const file = new URL(`postgres_${key.replaceAll(/[^\w.-]/g, "_")}.tar`, cache);
  return {
    async unpack(folder) {
      const isThere = await Deno.stat(file).then(() => true, () => false);
      if (!isThere) return false;
      if (await tar(["-xpf", fileURLToPath(file), "-C", folder])) return true;
      await Deno.remove(`${folder}/data`, { recursive: true }).catch(() => {});
      return false;
    },
    async keep(folder) {
      await replaceFile(file, async (draft) => {
        const packed = await tar(["-cf", fileURLToPath(draft), "-C", folder, "data"]);
        if (!packed) throw new Error("It could not be packed");
      }).catch(() => {});
    },
  };
}

/** False: it failed, or there is no such program. */
async function tar(args: string[]): Promise<boolean> {
  return await new Deno.Command("tar", { args: ["--numeric-owner", ...args], stderr: "null" })
    .output().then(({ success }) => success, () => false);
}
