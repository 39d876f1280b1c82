// Ids that look like Stripe's, derived from a seed and a name: the same name gives the same id,
// whatever else was asked for before. Knows the shapes of ids, not what they stand for.
import { createHash } from "node:crypto";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SHORT = new Set(["cus", "prod", "si"]);
const PAYMENTS = new Set(["ch", "pi"]);

const PREFIXES = new Map([
  ["account", "acct"],
  ["charge", "ch"],
  ["customer", "cus"],
  ["dispute", "du"],
  ["invoice", "in"],
  ["payment_intent", "pi"],
  ["product", "prod"],
  ["refund", "re"],
  ["session", "cs"],
  ["subscription", "sub"],
]);

/** What ids of that kind of object begin with, without the underscore: `in` for `invoice`. */
export function idPrefix(object: string): string {
  return PREFIXES.get(object) ?? object;
}

/** Makes the ids of one Stripe account. */
export type Ids = {
  /** An id such as `sub_1SVC89HOQNg4XnOMoa93kOB2`; `prefix` without the underscore. */
  of(prefix: string, name: string): string;
  /** The id of a v2 event: `evt_test_65…`. */
  thinEvent(name: string): string;
};

/**
 * Ids of the account the seed stands for; every long id carries the account's ten letters, as at
 * Stripe.
 */
export function createIds(options: { seed: number; livemode: boolean }): Ids {
  function letters(name: string, length: number): string {
    const digest = createHash("sha512").update(`${options.seed} ${name}`).digest();
    return Array.from(digest.subarray(0, length), (byte) => ALPHABET.charAt(byte % 62)).join("");
  }
  const account = letters("account", 10);

  return {
    of(prefix, name) {
      const random = letters(`${prefix} ${name}`, 64);
      if (prefix === "cs") {
        return `cs_${options.livemode ? "live" : "test"}_a1${random.slice(0, 56)}`;
      }
      if (SHORT.has(prefix)) return `${prefix}_${random.slice(0, 14)}`;
      const lead = PAYMENTS.has(prefix) ? "3" : "1";
      return `${prefix}_${lead}${random.slice(0, 5)}${account}${random.slice(5, 13)}`;
    },
    thinEvent(name) {
      return `evt_${options.livemode ? "" : "test_"}65${letters(`v2 ${name}`, 44)}`;
    },
  };
}
