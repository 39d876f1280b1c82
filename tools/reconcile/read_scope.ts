// Which purchases are meant: the words of the command line -> a scope. Pure.

import { readSince } from "../replay/read_selection.ts";
import { UsageError } from "../run_command.ts";

/** What is held against each other: all, what Stripe has of a time or a customer, or some purchases. */
export type Scope =
  | { readonly kind: "all" }
  | { readonly kind: "since"; readonly since: Date }
  | { readonly kind: "customer"; readonly customerId: string }
  | { readonly kind: "purchases"; readonly ids: readonly string[] };

/**
 * The scope these words make; `now` is what a duration counts back from.
 *
 * @throws {UsageError} there is more than one, or it is written otherwise.
 */
export function readScope(
  words: {
    since: string | undefined;
    customer: string | undefined;
    purchase: readonly string[] | undefined;
  },
  now: Date,
): Scope {
  const { since, customer, purchase } = words;
  const given = [since, customer, purchase].filter((word) => word !== undefined);
  if (given.length > 1) {
    throw new UsageError("Say --since, --customer or --purchase: one of the three. See --help.");
  }
  if (since !== undefined) return { kind: "since", since: readSince(since, now) };
  if (customer !== undefined) {
    if (!/^cus_\w+$/.test(customer)) {
      throw new UsageError(`Not the id of a Stripe customer, cus_…: ${customer}`);
    }
    return { kind: "customer", customerId: customer };
  }
  if (purchase === undefined) return { kind: "all" };
  const wrong = purchase.find((id) => !/^(sub|pi|cs|in)_\w+$/.test(id));
  if (wrong !== undefined) {
    throw new UsageError(`Not the id of a purchase, sub_…, pi_…, cs_… or in_…: ${wrong}`);
  }
  return { kind: "purchases", ids: [...new Set(purchase)] };
}
