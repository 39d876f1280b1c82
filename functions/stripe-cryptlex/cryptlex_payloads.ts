// The parts of Cryptlex's payloads that matter here. Decides nothing.

import { z } from "zod";
import type { WantedFields } from "./license_fields.ts";

const date = z.string().transform((value, context) => {
  const parsed = new Date(value);
  if (Number.isNaN(parsed.getTime())) context.addIssue("not a date");
  return parsed;
});

const count = z.number().nullish().transform((value) => value ?? null);

export const license = z.object({
  id: z.string(),
  productId: z.string(),
  userId: z.string().nullish().transform((value) => value ?? null),
  entitlementSetId: z.string().nullish().transform((value) => value || null),
  expiresAt: date.nullish().transform((value) => value ?? null),
  perpetual: z.boolean(),
  suspended: z.boolean(),
  revoked: z.boolean(),
  allowedActivations: count,
  allowedFloatingClients: count,
  subscriptionInterval: z.string().nullish().transform((value) => value || null),
  createdAt: date,
  metadata: z.array(
    z.object({ key: z.string(), value: z.string().nullish().transform((value) => value ?? "") }),
  ),
}).transform((
  { revoked, suspended, entitlementSetId, allowedActivations, allowedFloatingClients, ...rest },
) => ({
  ...rest,
  fields: { revoked, suspended, entitlementSetId, allowedActivations, allowedFloatingClients },
}));
export const user = z.object({
  id: z.string(),
  email: z.string(),
  firstName: z.string().nullish().transform((value) => value ?? ""),
  role: z.string().nullish().transform((value) => value ?? null),
});

/** A license as Cryptlex shows it; its key is left where it is. */
export type License = z.infer<typeof license>;
/** A user, as far as it is needed. */
export type User = z.infer<typeof user>;
/** One entry of a license's metadata. */
export type MetadataEntry = { readonly key: string; readonly value: string };

/** A new user. */
export type NewUser = {
  readonly email: string;
  readonly firstName: string;
  readonly company: string | null;
};

/** A new license. What is null is left to the template. */
export type NewLicense = {
  readonly productId: string;
  readonly licenseTemplateId: string | null;
  readonly entitlementSetId: string | null;
  readonly userId: string;
  readonly expiresAt: Date | null;
  readonly counts: Pick<WantedFields, "allowedActivations" | "allowedFloatingClients">;
  readonly metadata: readonly MetadataEntry[];
};
