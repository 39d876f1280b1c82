// Any fields of a license, from so few values that they often agree.

import fc from "fast-check";
import type {
  LicenseFields,
  WantedFields,
} from "../../../functions/stripe-cryptlex/license_fields.ts";

const plain = { noNullPrototype: true } as const;

/** 0 and -1: unlimited. */
const count = fc.constantFrom(null, -1, 0, 1, 2, 3);

export const anyFields: fc.Arbitrary<LicenseFields> = fc.record({
  revoked: fc.boolean(),
  suspended: fc.boolean(),
  entitlementSetId: fc.constantFrom(null, "set-a", "set-b"),
  allowedActivations: count,
  allowedFloatingClients: count,
}, plain);

const wantedCount = fc.constantFrom(1, 2, 3);

/** As we want them: never unlimited. */
export const anyWanted: fc.Arbitrary<WantedFields> = fc.record({
  revoked: fc.boolean(),
  suspended: fc.boolean(),
  entitlementSetId: fc.constantFrom(null, "set-a", "set-b"),
  allowedActivations: wantedCount,
  allowedFloatingClients: wantedCount,
}, { ...plain, requiredKeys: [] });
