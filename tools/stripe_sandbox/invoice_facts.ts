// What an invoice says, before it is written in one payload shape or the other. Pure.
import type { BillingPeriod } from "./billing_period.ts";
import type { Customer } from "./customer.ts";
import type { Price } from "./price.ts";

export type InvoiceLine = {
  id: string;
  /** Cents before discounts; negative for a credit. */
  amount: number;
  discount: number;
  description: string;
  period: BillingPeriod;
  price: Price;
  quantity: number;
  metadata: Record<string, string>;
  /**
   * The subscription item it bills, `proration` when for a change in mid-period; null for an item
   * sold on its own.
   */
  item: { subscription: string; subscriptionItem: string; proration: boolean } | null;
};

export type BillingReason =
  | "manual"
  | "subscription_create"
  | "subscription_cycle"
  | "subscription_update";

/** How far the money came: it is there, or the last of some attempts to charge it failed. */
export type Collection =
  | { status: "paid"; paidAt: Date }
  | { status: "open"; attempts: number; nextAttempt: Date | null };

export type InvoiceFacts = {
  id: string;
  billingReason: BillingReason;
  created: Date;
  finalizedAt: Date;
  collection: Collection;
  /** Until when an invoice sent to the customer is to be paid; null when it is charged by itself. */
  dueDate: Date | null;
  /**
   * The time in which invoice items could join it: of a renewal the period *before* the one its
   * lines pay.
   */
  period: BillingPeriod;
  customer: Customer;
  metadata: Record<string, string>;
  subscription: { id: string; metadata: Record<string, string> } | null;
  /** `pi_…`; null when nothing had to be paid. */
  paymentIntent: string | null;
  lines: InvoiceLine[];
};

export type InvoiceTotals = { subtotal: number; discount: number; total: number; due: number };

/**
 * Sums in cents. A negative total is not paid out but kept as the customer's credit: nothing is
 * due.
 */
export function invoiceTotals(lines: Pick<InvoiceLine, "amount" | "discount">[]): InvoiceTotals {
  const subtotal = lines.reduce((sum, line) => sum + line.amount, 0);
  const discount = lines.reduce((sum, line) => sum + line.discount, 0);
  const total = subtotal - discount;
  return { subtotal, discount, total, due: Math.max(0, total) };
}

/**
 * The invoice item (`ii_…`) behind a line that has one: prorations and things sold on their own do.
 */
export function invoiceItemId(line: InvoiceLine): string {
  return line.id.replace(/^il_/, "ii_");
}

/** The discount (`di_…`) on an invoice: the subscription's, else its own. */
export function discountId(invoice: InvoiceFacts): string {
  return `di_${(invoice.subscription?.id ?? invoice.id).replace(/^\w+?_/, "")}`;
}
