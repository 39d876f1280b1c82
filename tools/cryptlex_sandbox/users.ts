// What happens to users: create, patch, delete. Bodies arrive validated; knows no HTTP but refusals.

import type { Account } from "./account.ts";
import type { SandboxUser } from "./dto.ts";
import { duplicate, Refusal } from "./refusal.ts";
import type { UserPatch, UserRequest } from "./user_request.ts";
import { fieldsToWrite, writeMetadata } from "./write_fields.ts";

const EMPTY = {
  lastName: "",
  company: null,
  organizationId: null,
  resellerId: null,
  metadata: [],
  tags: [],
};

/**
 * The user `body` describes, stored.
 *
 * @throws {Refusal} when the e-mail is taken or the plan allows no more users.
 */
export function createUser(account: Account, body: UserRequest): SandboxUser {
  const { switches } = account;
  if (account.userByEmail(body.email)) throw emailTaken(account, switches.duplicateStatus);
  if (switches.allowedUsers !== null && account.users.size >= switches.allowedUsers) {
    throw new Refusal(switches.planLimitStatus, "The number of users your plan allows is reached.");
  }
  const user = buildUser(account, body);
  account.putUser(user, "lagging");
  return user;
}

/** The user `body` describes, not stored. */
export function buildUser(account: Account, body: UserRequest): SandboxUser {
  const now = account.stamp();
  const role = body.role ?? account.switches.defaultRole;
  return {
    id: crypto.randomUUID(),
    createdAt: now,
    updatedAt: now,
    ...named(body.firstName, body.lastName ?? ""),
    email: body.email,
    role,
    roles: [role],
    company: body.company ?? null,
    twoFactorEnabled: false,
    googleSsoEnabled: false,
    lastLoginAt: null,
    lastSeenAt: null,
    allowCustomerPortalAccess: body.allowCustomerPortalAccess ?? false,
    organizationId: body.organizationId || null,
    organization: null,
    resellerId: body.resellerId || null,
    reseller: null,
    metadata: writeMetadata(account, [], body.metadata ?? []),
    tags: body.tags ?? [],
    emailPreference: { metrics: false },
  };
}

/**
 * `user` with `body` written over it, stored.
 *
 * @throws {Refusal} 400 when another user has the e-mail (PATCH declares no 409).
 */
export function patchUser(account: Account, user: SandboxUser, body: UserPatch): SandboxUser {
  const owner = account.userByEmail(body.email ?? user.email);
  if (owner && owner.id !== user.id) throw emailTaken(account, 400);
  const { metadata } = body;
  const old = account.switches.patchMetadata === "merged" ? user.metadata : [];
  const entries = { metadata: metadata && writeMetadata(account, old, metadata) };
  const patched: SandboxUser = {
    ...user,
    ...fieldsToWrite({ ...body, ...entries }, EMPTY, account.switches),
    updatedAt: account.stamp(),
  };
  const result = {
    ...patched,
    ...named(patched.firstName, patched.lastName),
    roles: [patched.role],
  };
  account.putUser(result);
  return result;
}

/**
 * Deletes `user`.
 *
 * @throws {Refusal} 409 while licences are theirs, unless the switch lets them go.
 */
export function deleteUser(account: Account, user: SandboxUser): void {
  const theirs = [...account.licenses.values()].filter(({ userId }) => userId === user.id);
  if (theirs.length > 0 && account.switches.deleteLinkedUser === "refused") {
    throw new Refusal(409, "The user has licenses.");
  }
  for (const license of theirs) account.putLicense({ ...license, userId: null });
  account.removeUser(user.id);
}

function named(firstName: string, lastName: string) {
  return { name: `${firstName} ${lastName}`.trim(), firstName, lastName };
}

function emailTaken(account: Account, status: number): Refusal {
  return duplicate(status, "Email address is already taken!", account.switches);
}
