// Takes the fields of one license that are written by PATCH to what is wanted. What is about to be
// written is written down first: else, after a death or a lost answer, nobody could tell our change
// from an operator's.

import type { Cryptlex } from "./cryptlex.ts";
import type { License } from "./cryptlex_payloads.ts";
import { markUnheard } from "./mark_unheard.ts";
import { asSeen, type KnownLicense } from "./known_license.ts";
import { isAnnounced, planFields, type WantedFields } from "./license_fields.ts";
import { fieldsSet } from "./outcome.ts";
import type { Work } from "./settlement.ts";

/** What setting fields needs; `work` keeps what came of it. */
export type FieldsContext = {
  readonly cryptlex: Cryptlex;
  readonly work: Pick<Work, "licenses" | "outcomes" | "isFresh">;
};

/**
 * Sets the fields. `announced`: nothing was called; the change is to be settled as what is about to
 * be written, then this is to be called again. Before either the license is read, unless it was just
 * read: an operator may have changed it.
 */
export async function setFields(
  license: KnownLicense,
  { wanted, reason }: { wanted: WantedFields; reason: string | null },
  { cryptlex, work }: FieldsContext,
): Promise<"done" | "announced"> {
  const { licenseId } = license;
  let known = license;
  let plan = planFields(known, wanted);
  if (!isEmpty(plan.patch) && !work.isFresh(licenseId)) {
    known = lookedAt(known, await cryptlex.getLicense(licenseId));
    work.licenses.set(licenseId, known);
    plan = planFields(known, wanted);
  }
  if (!isEmpty(plan.patch) && !isAnnounced(plan.patch, known.writing)) {
    work.licenses.set(licenseId, { ...known, writing: { ...known.writing, ...plan.patch } });
    return "announced";
  }
  if (isEmpty(plan.patch)) {
    work.licenses.set(licenseId, { ...known, wrote: plan.wrote });
    return "done";
  }
  const answer = await markUnheard(cryptlex.setFields(licenseId, plan.patch));
  work.licenses.set(licenseId, {
    ...asSeen(known, answer),
    wrote: { ...plan.wrote, ...plan.patch },
  });
  work.outcomes.push(`license ${licenseId}: ${fieldsSet(plan.patch, reason)}`);
  return "done";
}

/**
 * What was announced and is so was somebody else: had we called since, all would have been read
 * before anything else.
 */
function lookedAt(known: KnownLicense, answer: License): KnownLicense {
  const { writing } = asSeen(known, answer);
  return { ...asSeen({ ...known, writing: null }, answer), writing };
}

function isEmpty(patch: WantedFields): boolean {
  return Object.keys(patch).length === 0;
}
