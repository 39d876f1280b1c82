// The user bodies the Web API accepts, transcribed from its OpenAPI document. Rules and types only.

import type { SandboxUser } from "./dto.ts";
import * as rule from "./field_rules.ts";
import type { FieldRules } from "./validate.ts";

/** UserUpdateRequestModel. */
export const USER_PATCH: FieldRules = {
  email: rule.nullable(rule.email),
  firstName: rule.nullable(rule.text(1, 256)),
  lastName: rule.nullable(rule.text(0, 256)),
  company: rule.nullable(rule.text(0, 256)),
  role: rule.nullable(rule.text(1, 256)),
  organizationId: rule.id,
  resellerId: rule.id,
  allowCustomerPortalAccess: rule.flag,
  metadata: rule.metadata(20),
  tags: rule.texts(5),
};

/** UserRequestModel. */
export const USER: FieldRules = {
  ...USER_PATCH,
  email: { ...rule.email, required: true },
  firstName: { ...rule.text(1, 256), required: true },
  password: { ...rule.text(8, 256), required: true },
};

/** A body that passed `USER_PATCH`: some of a user's fields, those the rules let through. */
export type UserPatch = rule.Nullable<
  Omit<SandboxUser, "metadata"> & { readonly metadata: readonly rule.MetadataRequest[] }
>;

/** A body that passed `USER`; the password is checked and forgotten. */
export type UserRequest = UserPatch & { readonly email: string; readonly firstName: string };
