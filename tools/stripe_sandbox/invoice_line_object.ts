// Writes a line of an invoice as Stripe's `line_item` object. Here: what both payload shapes share.
import type Stripe from "stripe";
import { acaciaLineFields } from "./invoice_acacia.ts";
import { basilLineFields } from "./invoice_basil.ts";
import { discountId, type InvoiceFacts, type InvoiceLine } from "./invoice_facts.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

/** The line in the account's payload shape. */
export function invoiceLineObject(
  account: StripeAccount,
  { line, invoice }: { line: InvoiceLine; invoice: InvoiceFacts },
): Record<string, unknown> {
  return {
    ...sharedLineFields(account, { line, invoice }),
    ...(account.shape === "basil" ? basilLineFields(line) : acaciaLineFields(account, line)),
  };
}

function sharedLineFields(
  account: StripeAccount,
  { line, invoice }: { line: InvoiceLine; invoice: InvoiceFacts },
): Wire<Stripe.InvoiceLineItem> {
  return {
    id: line.id,
    object: "line_item",
    amount: line.amount,
    currency: "usd",
    description: line.description,
    discount_amounts: line.discount > 0
      ? [{ amount: line.discount, discount: discountId(invoice) }]
      : [],
    // A proration already is an amount after discounts.
    discountable: !line.item?.proration,
    discounts: [],
    invoice: invoice.id,
    livemode: account.livemode,
    metadata: line.metadata,
    period: { end: unixTime(line.period.end), start: unixTime(line.period.start) },
    pretax_credit_amounts: [],
    quantity: line.quantity,
  };
}
