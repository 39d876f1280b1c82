// Writes an invoice as Stripe's `invoice` object. Here: what both payload shapes share.
import type Stripe from "stripe";
import { acaciaInvoiceFields } from "./invoice_acacia.ts";
import { basilInvoiceFields } from "./invoice_basil.ts";
import { discountId, type InvoiceFacts, invoiceTotals } from "./invoice_facts.ts";
import { invoiceLineObject } from "./invoice_line_object.ts";
import { embeddedList } from "./list_page.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

/** The invoice in the account's payload shape. */
export function invoiceObject(
  account: StripeAccount,
  invoice: InvoiceFacts,
): Record<string, unknown> {
  return {
    ...sharedInvoiceFields(account, invoice),
    ...(account.shape === "basil"
      ? basilInvoiceFields(invoice)
      : acaciaInvoiceFields(account, invoice)),
    lines: {
      ...embeddedList(invoiceLineObjects(account, invoice), `/v1/invoices/${invoice.id}/lines`),
      total_count: invoice.lines.length,
    },
  };
}

/** All its lines. */
export function invoiceLineObjects(
  account: StripeAccount,
  invoice: InvoiceFacts,
): Record<string, unknown>[] {
  return invoice.lines.map((line) => invoiceLineObject(account, { line, invoice }));
}

function sharedInvoiceFields(account: StripeAccount, invoice: InvoiceFacts): Wire<Stripe.Invoice> {
  const { subtotal, discount, total, due } = invoiceTotals(invoice.lines);
  const finalizedAt = unixTime(invoice.finalizedAt);
  // An invoice keeps what was known of its customer when it was finalised.
  const customer = invoice.customer.stateAt(invoice.finalizedAt);
  const { collection } = invoice;
  const paidAt = collection.status === "paid" ? collection.paidAt : null;
  const nextAttempt = collection.status === "open" ? collection.nextAttempt : null;
  const hosted = `https://invoice.stripe.com/i/${account.ids.of("acct", "self")}/${invoice.id}`;
  return {
    id: invoice.id,
    object: "invoice",
    account_country: "US",
    account_name: "Sandbox Software",
    account_tax_ids: null,
    amount_due: due,
    amount_paid: paidAt ? due : 0,
    amount_remaining: paidAt ? 0 : due,
    amount_shipping: 0,
    application: null,
    attempt_count: collection.status === "open" ? collection.attempts : Math.sign(due),
    attempted: true,
    auto_advance: nextAttempt !== null,
    automatic_tax: {
      disabled_reason: null,
      enabled: false,
      liability: null,
      provider: null,
      status: null,
    },
    automatically_finalizes_at: null,
    billing_reason: invoice.billingReason,
    collection_method: invoice.dueDate ? "send_invoice" : "charge_automatically",
    created: unixTime(invoice.created),
    currency: "usd",
    custom_fields: null,
    customer: invoice.customer.id,
    customer_address: null,
    customer_email: customer.email,
    customer_name: customer.name,
    customer_phone: null,
    customer_shipping: null,
    customer_tax_exempt: "none",
    customer_tax_ids: [],
    default_payment_method: null,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: discount > 0 ? [discountId(invoice)] : [],
    due_date: invoice.dueDate && unixTime(invoice.dueDate),
    effective_at: finalizedAt,
    ending_balance: Math.min(0, total),
    footer: null,
    from_invoice: null,
    hosted_invoice_url: hosted,
    invoice_pdf: `${hosted}/pdf`,
    issuer: { type: "self" },
    last_finalization_error: null,
    latest_revision: null,
    livemode: account.livemode,
    metadata: invoice.metadata,
    next_payment_attempt: nextAttempt && unixTime(nextAttempt),
    number: `${invoice.customer.id.slice(-8).toUpperCase()}-${invoice.id.slice(-4)}`,
    on_behalf_of: null,
    payment_settings: {
      default_mandate: null,
      payment_method_options: null,
      payment_method_types: null,
    },
    period_end: unixTime(invoice.period.end),
    period_start: unixTime(invoice.period.start),
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: 0,
    statement_descriptor: null,
    status: collection.status,
    status_transitions: {
      finalized_at: finalizedAt,
      marked_uncollectible_at: null,
      paid_at: paidAt && unixTime(paidAt),
      voided_at: null,
    },
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: null,
    total,
    total_discount_amounts: discount > 0
      ? [{ amount: discount, discount: discountId(invoice) }]
      : [],
    total_excluding_tax: total,
    total_pretax_credit_amounts: [],
    webhooks_delivered_at: null,
  };
}
