// The Cryptlex user of a buyer. Creating is safe to repeat, as an e-mail is unique there; a user
// that exists is used as it is. No e-mail address of a user is ever changed: buyers type their own.

import type { Cryptlex } from "./cryptlex.ts";
import type { User } from "./cryptlex_payloads.ts";
import { CryptlexAnsweredError } from "./cryptlex_errors.ts";

/** Cryptlex says the e-mail is taken and does not list it: its list is behind; try again. */
export class UserNotListedError extends Error {
  override readonly name = "UserNotListedError";
  readonly retryable = true;

  constructor() {
    super("Cryptlex says the buyer's e-mail is taken, but does not list a user with it yet");
  }
}

/** Longest first name or company, UTF-16 units (UserRequestModel in Cryptlex's OpenAPI document). */
const longestName = 256;

/** Who is to have a license. */
export type Buyer = {
  readonly email: string;
  readonly name: string | null;
  readonly company: string | null;
};

/**
 * The user with this e-mail, made if there is none. `wroteName`: the first name we gave it; null: it
 * was there before, and nothing of it was changed.
 *
 * @throws {CryptlexAnsweredError} the e-mail or name is refused, and no user has it.
 * @throws {UserNotListedError}
 */
export async function ensureUser(
  cryptlex: Cryptlex,
  buyer: Buyer,
): Promise<{ userId: string; wroteName: string | null }> {
  const email = buyer.email.trim().toLowerCase();
  try {
    const wroteName = firstName(buyer.name, email);
    const company = buyer.company === null ? null : cut(buyer.company);
    const user = await cryptlex.createUser({ email, firstName: wroteName, company });
    return { userId: user.id, wroteName };
  } catch (error) {
    // Which status a taken e-mail gets is not documented: any refusal may be that.
    if (!(error instanceof CryptlexAnsweredError) || error.retryable) throw error;
    const user = await findUser(cryptlex, { email, typed: buyer.email.trim() });
    if (user !== undefined) return { userId: user.id, wroteName: null };
    const { status, code } = error.answer;
    if (status === 409 || code === "DUPLICATE_FIELD_VALUE") throw new UserNotListedError();
    throw error;
  }
}

/** Looks for the address in any case: whether Cryptlex's filter minds it is not documented. */
async function findUser(
  cryptlex: Cryptlex,
  { email, typed }: { email: string; typed: string },
): Promise<User | undefined> {
  const isBuyer = (user: User) => user.email.toLowerCase() === email;
  const exact = await cryptlex.findUsers({ email: [...new Set([email, typed])] });
  return exact.find(isBuyer) ?? (await cryptlex.findUsers({ search: email })).find(isBuyer);
}

/** The buyer's name cut to what Cryptlex takes; of a blank one, the local part of the e-mail. */
export function firstName(name: string | null, email: string): string {
  return cut(name?.trim() || email.split("@")[0] || email);
}

/** By whole characters: half of one is no text. */
function cut(text: string): string {
  let taken = "";
  for (const character of text) {
    if (taken.length + character.length > longestName) break;
    taken += character;
  }
  return taken;
}
