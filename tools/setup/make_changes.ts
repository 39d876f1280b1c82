// Makes the changes, one after the other, and tells of each when it is done.

import { withProgress } from "../operator/progress.ts";
import { reasonOf } from "../run_command.ts";
import type { Change } from "./change.ts";
import { type ChangeLine, lineOf } from "./change_line.ts";
import { type Hands, type MadeEndpoint, makeChange } from "./make_change.ts";

/**
 * The endpoint that was made; null: none was.
 *
 * @throws {Error} one could not be made; those before it are.
 */
export async function makeChanges(
  changes: readonly Change[],
  { hands, made }: {
    hands: Hands;
    made: (line: ChangeLine, place: { number: number; of: number }) => void;
  },
): Promise<MadeEndpoint | null> {
  let endpoint: MadeEndpoint | null = null;
  for (const [index, change] of changes.entries()) {
    const line = lineOf(change);
    try {
      endpoint = await withProgress(line.part, changes.length, async (advance) => {
        advance(index);
        return await makeChange(change, hands);
      }) ?? endpoint;
    } catch (error) {
      throw new Error(
        `${reasonOf(error)}\nChange ${
          index + 1
        } of ${changes.length} (${line.part}) failed. What was done ` +
          "before it stays; called again, setup takes up from there.",
        { cause: error },
      );
    }
    made(line, { number: index + 1, of: changes.length });
  }
  return endpoint;
}
