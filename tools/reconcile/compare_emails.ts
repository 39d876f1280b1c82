// Addresses that changed at Stripe: who has another there than as a user in Cryptlex. Pure.

/** A Stripe customer whose address is not that of its user. */
export type EmailChange = {
  readonly customerId: string;
  readonly userId: string;
  readonly stripeEmail: string;
  readonly userEmail: string;
  /** Why it is not to be changed from here; null: it may be, on somebody's word. */
  readonly hindrance: string | null;
};

type Customer = {
  readonly stripeCustomerId: string;
  readonly userId: string;
  readonly isShared: boolean;
};
type User = { readonly id: string; readonly email: string; readonly role: string | null };

/** Of these customers those whose address differs, spelling and blanks apart. */
export function compareEmails(
  customers: readonly Customer[],
  { emails, users }: {
    /** Stripe's, by customer. */
    emails: ReadonlyMap<string, string | null>;
    users: ReadonlyMap<string, User>;
  },
): EmailChange[] {
  const holders = new Map([...users.values()].map((user) => [normal(user.email), user.id]));
  return customers.flatMap(({ stripeCustomerId, userId, isShared }) => {
    const user = users.get(userId);
    const email = normal(emails.get(stripeCustomerId) ?? "");
    if (user === undefined || email === "" || email === normal(user.email)) return [];
    return [{
      customerId: stripeCustomerId,
      userId,
      stripeEmail: email,
      userEmail: user.email,
      hindrance: hindrance(user, { isShared, isTaken: holders.has(email) }),
    }];
  });
}

function hindrance(
  user: User,
  { isShared, isTaken }: { isShared: boolean; isTaken: boolean },
): string | null {
  if (user.role !== "user") return `the user is ${user.role ?? "of no role"}, and no buyer`;
  if (isTaken) return "another user in Cryptlex has that address";
  if (isShared) return "other Stripe customers have the same user";
  return null;
}

function normal(email: string): string {
  return email.trim().toLowerCase();
}
