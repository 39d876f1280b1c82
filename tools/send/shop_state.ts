// What was sold last, so that a renewal has something to renew. A shop's seed brings all of it back.

import { readFileIfThere, replaceFile } from "../replace_file.ts";
import type { PayloadShape, StripeEvent } from "../stripe_sandbox/stripe_event.ts";
import type { ThinEvent } from "../stripe_sandbox/thin_event.ts";

/** Somebody who buys; null: without leaving an e-mail. */
export type Buyer = { readonly email: string | null; readonly name: string };

/** What fixes a purchase and all its events. */
export type Order = {
  readonly seed: number;
  /** When it was made, ISO. */
  readonly at: string;
  readonly shape: PayloadShape;
  readonly buyer: Buyer;
};

/** A subscription and how often it was renewed. */
export type Sale = Order & { readonly renewals: number; readonly trialDays: number };

export type ShopState = {
  readonly sale: Sale | null;
  /** The last order by a debit. */
  readonly unpaid: Order | null;
  readonly lastEvent: StripeEvent | ThinEvent | null;
};

/** @throws {Error} the file holds something else. */
export async function readShopState(file: string): Promise<ShopState> {
  const nothing: ShopState = { sale: null, unpaid: null, lastEvent: null };
  const text = await readFileIfThere(file);
  if (text === null) return nothing;
  try {
    return { ...nothing, ...JSON.parse(text) as Partial<ShopState> };
  } catch (cause) {
    throw new Error(`Cannot read ${file}: delete it`, { cause });
  }
}

export async function writeShopState(file: string, state: ShopState): Promise<void> {
  await replaceFile(file, `${JSON.stringify(state, null, 2)}\n`);
}
