// Who is asked about: the word of the command line -> a Stripe id or an e-mail address. Pure.

import { UsageError } from "../run_command.ts";

export type Question =
  | { readonly kind: "id"; readonly id: string }
  | { readonly kind: "email"; readonly email: string };

/** @throws {UsageError} it is not one word, or neither a Stripe id nor an e-mail address. */
export function readQuestion(words: readonly string[]): Question {
  const [word, ...more] = words.map((one) => one.trim());
  if (!word || more.length > 0) {
    throw new UsageError("Say who is meant, once: a Stripe id or an e-mail address. See --help.");
  }
  if (/^(sub|pi|cs|in|evt|cus|ch)_\w+$/.test(word)) return { kind: "id", id: word };
  if (/^[^\s@]+@[^\s@]+$/.test(word)) return { kind: "email", email: word };
  throw new UsageError(
    `Neither an e-mail address nor an id of Stripe's (sub_…, pi_…, cs_…, in_…, evt_…, cus_…): ${word}`,
  );
}
