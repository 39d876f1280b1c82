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

/** Something that happened to a subscription apart from renewals. */
export type SaleChange = {
  readonly kind: "upgrade" | "seats" | "pause" | "resume" | "new-name" | "cancel";
  /** ISO. */
  readonly at: string;
};

/** A subscription, how often it was renewed and what else happened to it. */
export type Sale = Order & {
  readonly renewals: number;
  readonly trialDays: number;
  readonly changes: readonly SaleChange[];
};

/** A one-time purchase whose money came, at once or later. */
export type PaidOrder = Order & {
  readonly paidLater: boolean;
  readonly disputed: boolean;
};

export type ShopState = {
  readonly sale: Sale | null;
  /** The last order by a debit. */
  readonly unpaid: Order | null;
  readonly paid: PaidOrder | null;
  readonly lastEvent: StripeEvent | ThinEvent | null;
};

/** Nothing was sold yet. */
export const nothingSold: ShopState = { sale: null, unpaid: null, paid: null, lastEvent: null };

/** @throws {Error} the file holds something else. */
export async function readShopState(file: string): Promise<ShopState> {
  const text = await readFileIfThere(file);
  if (text === null) return nothingSold;
  try {
    const { sale = null, ...kept } = JSON.parse(text) as Partial<ShopState>;
    // Once changes were not kept.
    return { ...nothingSold, ...kept, sale: sale && { ...sale, changes: sale.changes ?? [] } };
  } catch (cause) {
    throw new Error(`Cannot read ${file}: delete it`, { cause });
  }
}

export async function writeShopState(file: string, state: ShopState): Promise<void> {
  await replaceFile(file, `${JSON.stringify(state, null, 2)}\n`);
}
