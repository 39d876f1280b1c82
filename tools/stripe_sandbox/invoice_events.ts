// What becomes of an invoice, as events: paid, or an attempt to charge it failed. What was told of it
// the read API gives too.
import { type PlannedInvoice, writeDraft } from "./invoice_draft.ts";
import { publishPaidInvoice, publishUnpaidInvoice } from "./published_invoice.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { later } from "./unix_time.ts";

/** An attempt to charge that failed; `attempt` counts from 1. */
export type FailedAttempt = { attempt: number; at: Date; nextAttempt: Date | null };

/** `invoice.paid`. */
export function invoicePaid(account: StripeAccount, invoice: PlannedInvoice): StripeEvent {
  publishPaidInvoice(account, invoice);
  return account.event(`${invoice.id} paid`, () => {
    const draft = invoice.draft();
    return {
      type: "invoice.paid",
      object: writeDraft(account, { id: invoice.id, draft }),
      created: later(draft.paidAt, 2),
    };
  });
}

/** `invoice.payment_failed`. */
export function invoicePaymentFailed(
  account: StripeAccount,
  invoice: PlannedInvoice & { failure: FailedAttempt },
): StripeEvent {
  const { attempt, at, nextAttempt } = invoice.failure;
  const collection = { status: "open", attempts: attempt, nextAttempt } as const;
  publishUnpaidInvoice(account, { ...invoice, collection });
  return account.event(`${invoice.id} failed ${attempt}`, () => ({
    type: "invoice.payment_failed",
    object: writeDraft(account, {
      id: invoice.id,
      draft: invoice.draft(),
      collection,
    }),
    created: at,
  }));
}
