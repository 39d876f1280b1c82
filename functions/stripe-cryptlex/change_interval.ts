// Changes by how much one license is renewed. Whether that moves its date is not documented: then the
// date is put back, also after a death or a lost answer.

import { markUnheard } from "./mark_unheard.ts";
import { dateToPutBack, type IntervalChange, isSameChange } from "./interval_change.ts";
import { asSeen, type KnownLicense } from "./known_license.ts";
import { type MoveContext, setExpiresAt } from "./move_expiry.ts";

/**
 * Changes the interval. `announced`: nothing was called; the change, and the date to be kept, is to be
 * written down, then this is to be called again. Reads first, unless the license was just read.
 */
export async function changeInterval(
  license: KnownLicense,
  interval: string,
  context: MoveContext,
): Promise<"done" | "announced"> {
  const { cryptlex, work } = context;
  const { licenseId } = license;
  const before = work.isFresh(licenseId)
    ? license
    : asSeen(license, await cryptlex.getLicense(licenseId));
  const expiresAt = before.wroteExpiresAt === null ? null : before.expiresAt;
  const intervalChange: IntervalChange = { interval, expiresAt };
  if (!isSameChange(before.intervalChange, intervalChange)) {
    work.licenses.set(licenseId, { ...before, intervalChange });
    return "announced";
  }
  const changed = asSeen(before, await markUnheard(cryptlex.setInterval(licenseId, interval)));
  work.licenses.set(licenseId, changed);
  work.outcomes.push(`license ${licenseId} is renewed by ${interval}`);
  const kept = dateToPutBack(changed);
  if (kept !== null) await setExpiresAt(changed, kept, context);
  return "done";
}

/**
 * Puts the date back that a change of ours moved. `announced`: somebody moved it since; by what is
 * there now is to be decided anew.
 */
export async function putBackExpiry(
  license: KnownLicense,
  expiresAt: Date,
  context: MoveContext,
): Promise<"done" | "announced"> {
  const { cryptlex, work } = context;
  const { licenseId } = license;
  const seen = work.isFresh(licenseId)
    ? license
    : asSeen(license, await cryptlex.getLicense(licenseId));
  if (seen.expiresAt?.getTime() !== license.expiresAt?.getTime()) {
    work.licenses.set(licenseId, { ...seen, intervalChange: null });
    return "announced";
  }
  await setExpiresAt(seen, expiresAt, context);
  return "done";
}
