// The fields of a license that are written by PATCH, and what is to be written of them when an
// operator may have changed them too. Pure.

/** Fields as Cryptlex has them, or as we wrote them. */
export type LicenseFields = {
  readonly revoked: boolean;
  readonly suspended: boolean;
  readonly entitlementSetId: string | null;
  /** 0 and -1 mean unlimited, and are never written by us (LicenseRequestModel). */
  readonly allowedActivations: number | null;
  readonly allowedFloatingClients: number | null;
};

/** What is to be so; absent or null: as it is. */
export type WantedFields = Partial<LicenseFields>;

/** The three values of each field: as last seen, as we last wrote it, and what we were about to write. */
export type FieldHistory = {
  readonly seen: LicenseFields;
  /** Adopted, or not written yet: as found. */
  readonly wrote: LicenseFields;
  /** Written down before the call: whether it was carried out is to be seen. Null: nothing. */
  readonly writing: WantedFields | null;
};

/** What to write, what to take for written by us, and what to tell people. */
export type FieldPlan = {
  /** Empty: no call is needed. */
  readonly patch: WantedFields;
  readonly wrote: LicenseFields;
  /** Fields somebody else changed, whose change stays. */
  readonly kept: readonly (keyof LicenseFields)[];
};

/**
 * From what is there to what is wanted. What we wrote last and want still is left, whatever became of
 * it. What is as we wrote it is written. What somebody changed stays: a flag that is set stays theirs,
 * of counts the greater wins, another entitlement set is theirs too.
 */
export function planFields({ seen, wrote }: FieldHistory, wanted: WantedFields): FieldPlan {
  const patch: Record<string, unknown> = {};
  const taken: Record<string, unknown> = {};
  const kept: (keyof LicenseFields)[] = [];
  for (const field of Object.keys(wanted) as (keyof LicenseFields)[]) {
    const want = wanted[field];
    if (want === undefined || want === null || want === wrote[field]) continue;
    if (seen[field] === want) {
      // Ours from now on, so that a later change of ours is none of theirs; but a flag they set.
      if (want !== true) taken[field] = want;
    } else if (seen[field] === wrote[field] || isMore(want, seen[field])) {
      patch[field] = want;
    } else {
      kept.push(field);
    }
  }
  return { patch, wrote: { ...wrote, ...taken }, kept };
}

/** Of what is wanted that which gives more than there is: the rest is no change to an adopted license. */
export function onlyMore(wanted: WantedFields, { seen }: FieldHistory): WantedFields {
  const fields = Object.entries(wanted);
  return Object.fromEntries(
    fields.filter(([field, value]) => isMore(value, seen[field as keyof LicenseFields])),
  );
}

/**
 * What we know once the license was read: what we were about to write and is so counts as written by
 * us, as nobody heard whether it was carried out. The rest may still be written.
 */
export function resolveWriting(history: FieldHistory, seen: LicenseFields): FieldHistory {
  const fields = Object.entries(history.writing ?? {});
  const hasLanded = ([field, value]: [string, unknown]) =>
    seen[field as keyof LicenseFields] === value;
  const landed = fields.filter(hasLanded);
  const left = fields.filter((field) => !hasLanded(field));
  return {
    seen,
    wrote: { ...history.wrote, ...Object.fromEntries(landed) },
    writing: left.length === 0 ? null : Object.fromEntries(left),
  };
}

/** Whether all of `patch` was written down as about to be written. */
export function isAnnounced(patch: WantedFields, writing: WantedFields | null): boolean {
  return writing !== null &&
    Object.entries(patch).every(([field, value]) =>
      writing[field as keyof LicenseFields] === value
    );
}

/** Whether a count is more than what is there. */
function isMore(wanted: unknown, seen: unknown): boolean {
  if (typeof wanted !== "number") return false;
  // Null: the field has no value. 0 and -1: unlimited.
  return seen === null || (typeof seen === "number" && seen > 0 && wanted > seen);
}
