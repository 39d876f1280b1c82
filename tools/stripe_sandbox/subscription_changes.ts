// Changes of a subscription that can cost money: of its items, of its trial, of a pause. Each is
// told as Stripe does, with the invoice it brings.
import type { PlannedInvoice } from "./invoice_draft.ts";
import { invoicePaid } from "./invoice_events.ts";
import type { Payment } from "./payment.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import type { Billing, ProrationBehavior } from "./subscription_billing.ts";
import {
  applyItemAddition,
  applyItemRemoval,
  applyPriceChange,
  applyQuantityChange,
  type ItemAdditionOptions,
  type ItemRemovalOptions,
  type PriceChangeOptions,
  type QuantityChangeOptions,
  restartCycles,
} from "./subscription_change.ts";
import {
  inTrial,
  isMetered,
  type ItemChange,
  type SubscriptionTerms,
  wholeLine,
} from "./subscription_lines.ts";
import type { SubscriptionState } from "./subscription_state.ts";
import type { SubscriptionTeller } from "./subscription_teller.ts";
import { wholeSecond } from "./unix_time.ts";

/** What a change brings. */
export type Changed = {
  /** `customer.subscription.updated` with the subscription as it is from then on. */
  updated: StripeEvent;
  /** `invoice.paid` with `subscription_update`; null when Stripe bills nothing at once. */
  invoicePaid: StripeEvent | null;
  /** What was paid at once; null when nothing was due. */
  payment: Payment | null;
};

/** Each change is made at the first call of those options; a later one is a resend. */
export type SubscriptionChanges = {
  /**
   * `create_prorations` leaves its lines to the next renewal, `none` has none. A change of interval
   * is billed at once whatever the behaviour, without lines left over from before: those stay with
   * the renewal. Errors: see `applyPriceChange`.
   */
  changePlan(change: PriceChangeOptions): Changed;
  /** In a trial nothing is billed; so it is with added and removed items. */
  changeQuantity(change: QuantityChangeOptions): Changed;
  addItem(change: ItemAdditionOptions): Changed;
  removeItem(change: ItemRemovalOptions): Changed;
  /** Ends the trial at `at` and bills a whole period from then on. */
  endTrial(change: { at: Date }): Changed;
  /**
   * Ends the status `paused`: by default with a new billing cycle, billed at once, as Stripe's.
   */
  resumed(change: {
    at: Date;
    billingCycleAnchor?: "now" | "unchanged";
  }): Changed & { resumed: StripeEvent };
};

export type ChangeContext = {
  terms: SubscriptionTerms;
  teller: SubscriptionTeller;
  billing: Billing;
  /** The payment of an invoice; null when nothing was due. */
  paymentOf(invoice: PlannedInvoice): Payment | null;
};

export function createSubscriptionChanges(
  account: StripeAccount,
  { terms, teller, billing, paymentOf }: ChangeContext,
): SubscriptionChanges {
  const made = new Map<string, PlannedInvoice | null>();

  function tell(what: string, at: Date, make: () => PlannedInvoice | null): Changed {
    const updated = teller.change(what, wholeSecond(at), () => {
      made.set(what, make());
    });
    const invoice = made.get(what) ?? null;
    return {
      updated,
      invoicePaid: invoice && invoicePaid(account, invoice),
      payment: invoice && paymentOf(invoice),
    };
  }

  /** Every item from `at` on in a whole period of its own, with the state it brings. */
  function beginAnew(at: Date, state: Partial<SubscriptionState>): PlannedInvoice {
    const changes = restartCycles(terms, { at, anchor: at });
    terms.state.change(at, state);
    const lines = changes.flatMap(({ item, to }) =>
      to && !isMetered(to.price) ? [wholeLine(terms, { item, version: to })] : []
    );
    return billing.extra(at, lines);
  }

  const bill = (
    change: ItemChange,
    { prorationBehavior }: { prorationBehavior: ProrationBehavior },
  ) => billing.change(change, prorationBehavior);

  return {
    changePlan: (change) =>
      tell(
        `plan ${JSON.stringify(change)}`,
        change.at,
        () => bill(applyPriceChange(account, { terms, change }), change),
      ),
    changeQuantity: (change) =>
      tell(
        `quantity ${JSON.stringify(change)}`,
        change.at,
        () => bill(applyQuantityChange({ terms, change }), change),
      ),
    addItem: (change) =>
      tell(
        `new item ${JSON.stringify(change)}`,
        change.at,
        () => bill(applyItemAddition(account, { terms, change }), change),
      ),
    removeItem: (change) =>
      tell(
        `removal ${JSON.stringify(change)}`,
        change.at,
        () => bill(applyItemRemoval({ terms, change }), change),
      ),
    endTrial(change) {
      const at = wholeSecond(change.at);
      return tell(`trial end ${at.toISOString()}`, at, () => {
        if (!inTrial(terms, at)) throw new TypeError("Cannot end a trial: there is none");
        return beginAnew(at, { status: "active", trialEnd: at });
      });
    },
    resumed({ at: moment, billingCycleAnchor = "now" }) {
      const at = wholeSecond(moment);
      const changed = tell(`resumed ${at.toISOString()}`, at, () => {
        if (billingCycleAnchor === "now") return beginAnew(at, { status: "active" });
        terms.state.change(at, { status: "active" });
        return null;
      });
      return { ...changed, resumed: teller.fact("resumed", at) };
    },
  };
}
