// How many purchases a drain works on at once. Pure.

import type { CallRate } from "./ledger.ts";

/** As few are always at hand, when one call hangs the others go on. */
const fewest = 8;

/** More would only wait for the database's connections. */
const most = 50;

/** Enough at once to make the calls Cryptlex allows, though each takes a second to be answered. */
export function sideBySide({ calls, seconds }: CallRate): number {
  return Math.min(Math.max(Math.ceil(calls / seconds), fewest), most);
}
