// Cryptlex's users against those the model allows. Pure.

import type { SandboxUser } from "../cryptlex_sandbox/sandbox.ts";
import type { ExpectedBuyer } from "./model/expected_buyers.ts";

/** Somebody Cryptlex knew before anything was sold. */
export type UserBefore = { readonly email: string; readonly firstName: string };

/** Users too many, missing or doubled, and names nobody told of them. */
export function userProblems(
  buyers: readonly ExpectedBuyer[],
  { users, before }: { users: readonly SandboxUser[]; before: readonly UserBefore[] },
): string[] {
  const emails = users.map(({ email }) => email.toLowerCase());
  const possible = buyers.filter(({ mayBeThere }) => mayBeThere);
  const allowed = new Set([
    ...possible.flatMap((buyer) => buyer.emails),
    ...before.map(({ email }) => email),
  ]);
  const missing = buyers.filter((buyer) =>
    buyer.mustBeThere && !buyer.emails.some((email) => emails.includes(email))
  );
  const tooMany = emails.filter((email, at) => !allowed.has(email) || emails.indexOf(email) !== at);
  return [
    ...missing.map(({ emails }) => `there is no user ${emails.join(" or ")}`),
    ...tooMany.map((email) => `there is a user ${email} too many`),
    ...users.filter((user) => !namesOf(user, { possible, before }).includes(user.firstName))
      .map(({ email, firstName }) => `user ${email} is named ${firstName}, as nobody told`),
  ];
}

/** The names a user may have: who was there before keeps theirs. */
function namesOf(
  user: SandboxUser,
  { possible, before }: { possible: readonly ExpectedBuyer[]; before: readonly UserBefore[] },
): string[] {
  const email = user.email.toLowerCase();
  const known = before.find((one) => one.email === email);
  if (known) return [known.firstName];
  return possible.filter(({ emails }) => emails.includes(email)).flatMap(({ names }) => names);
}
