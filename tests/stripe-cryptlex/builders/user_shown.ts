// A user as Cryptlex's client gives it.

import type { User } from "../../../functions/stripe-cryptlex/cryptlex_payloads.ts";

/** Ada, with the role the bridge gives. */
export function userShown(changed: Partial<User> = {}): User {
  return { id: "user-1", email: "ada@example.com", firstName: "Ada", role: "user", ...changed };
}
