// What one event tells, in the words of the model. Types only.

/** What one event tells of a purchase, under the ids it knows it by. */
export type Told = {
  readonly stripeIds: readonly string[];
  readonly buyer: ToldBuyer;
  readonly session?: ToldSession;
  readonly invoice?: ToldInvoice;
  readonly snapshot?: ToldSnapshot;
  readonly charge?: ToldCharge;
  readonly refund?: ToldRefund;
  readonly dispute?: ToldDispute;
};

export type ToldBuyer = {
  readonly customerId: string | null;
  readonly email: string | null;
  readonly name: string | null;
};

/** A license named by metadata. */
export type ToldTerms = {
  readonly productId: string;
  readonly templateId: string | null;
  readonly entitlementSetId: string | null;
};

export type ToldSession = {
  readonly isPaid: boolean;
  /** In cents; null: not said. */
  readonly total: number | null;
  readonly terms: ToldTerms | null;
};

/** Of an invoice that was paid. */
export type ToldInvoice = {
  readonly id: string;
  /** It bills no subscription. */
  readonly isOneOff: boolean;
  /** In cents. */
  readonly paid: number;
  /** The subscription's metadata, else its own. */
  readonly terms: ToldTerms | null;
  /** Its event lists the first lines only: what begins here is paid, shown or not. Else null. */
  readonly cutAt: number | null;
  /** Credits are left out. */
  readonly lines: readonly ToldLine[];
};

export type ToldItem = {
  readonly itemId: string;
  readonly priceId: string;
  readonly productId: string;
  /** Null: it does not count. */
  readonly quantity: number | null;
  /** It came into the subscription later than that began; absent: nobody showed that. */
  readonly isAdded?: boolean;
};

/** A line that was paid for. Moments are Unix seconds, here and below. */
export type ToldLine = ToldItem & {
  /** Null: it buys no period. */
  readonly from: number | null;
  readonly until: number | null;
  /** Until when use was billed; null: it is billed in advance. */
  readonly usedUntil: number | null;
  /** When it was billed. */
  readonly billedAt: number;
};

/** A subscription as it was at one moment. */
export type ToldSnapshot = {
  readonly at: number;
  readonly eventId: string;
  readonly status: string;
  readonly isOver: boolean;
  /** Null: no trial runs. */
  readonly trialEnd: number | null;
  readonly terms: ToldTerms | null;
  readonly items: readonly ToldSnapshotItem[];
};

export type ToldSnapshotItem = ToldItem & {
  readonly periodStart: number;
  readonly periodEnd: number;
  /** Its first period, and what is used in it is billed when it is over. */
  readonly opensUse: boolean;
};

export type ToldCharge = { readonly captured: number; readonly refunded: number };

export type ToldRefund = {
  readonly id: string;
  readonly amount: number;
  readonly status: "pending" | "succeeded" | "failed";
};

export type ToldDispute = {
  readonly id: string;
  /** Stripe's, or `funds_reinstated`. */
  readonly status: string;
  readonly createdAt: number;
};
