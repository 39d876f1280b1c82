// Which of the values that a project should have it lacks, told by their digests.

import type { NamedSecret } from "./change.ts";
import { sha256 } from "./digest.ts";

/** `digests`: the project's secrets, as SHA-256. */
export async function neededSecrets(
  wanted: ReadonlyMap<string, string>,
  digests: ReadonlyMap<string, string>,
): Promise<NamedSecret[]> {
  const needed: NamedSecret[] = [];
  for (const [name, value] of wanted) {
    const digest = digests.get(name);
    if (digest === await sha256(value)) continue;
    needed.push({ name, value, isChange: digest !== undefined });
  }
  return needed;
}
