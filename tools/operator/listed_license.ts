// A license as Cryptlex's lists show it: what the function knows of one, and whose and how used it is.

import { z } from "zod";
import { license } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";

const more = z.object({
  totalActivations: z.number().catch(0),
  user: z.object({ email: z.string() }).nullish().catch(null),
});

export const listedLicense = z.unknown().transform((shown, context) => {
  const known = license.safeParse(shown);
  const rest = more.safeParse(shown);
  if (known.success && rest.success) {
    const { totalActivations, user } = rest.data;
    return { ...known.data, totalActivations, email: user?.email.trim().toLowerCase() ?? null };
  }
  context.addIssue("not a license");
  return z.NEVER;
});

/** `email`: its user's, in lower case; null: it has none. */
export type ListedLicense = z.infer<typeof listedLicense>;
