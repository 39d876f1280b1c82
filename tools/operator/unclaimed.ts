// A purchase as a claim would describe it, taken by nobody.

import { z } from "zod";
import { claimSchema } from "../../functions/stripe-cryptlex/claim.ts";

/** A claim in all but the right to work: it has no token. */
export const unclaimed = z.looseObject({}).transform((row) => ({ ...row, token: "" }))
  .pipe(claimSchema);
