// A small model of a merchant's Stripe account: sell something, and get the events Stripe would
// send about it. Every event method gives the same event at every call: calling it again is a
// resend.
import { createCustomer, type Customer, type CustomerOptions } from "./customer.ts";
import {
  createOneOffInvoice,
  type OneOffInvoice,
  type OneOffInvoiceOptions,
} from "./one_off_invoice.ts";
import { type BuyOptions, createOneTimeOrder, type OneTimeOrder } from "./one_time_order.ts";
import { createSetupSession, type SetupOptions, type SetupSession } from "./setup_session.ts";
import { createStripeAccount, type StripeAccountOptions } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { createSubscription, type Subscription } from "./subscription.ts";
import type { SubscribeOptions } from "./subscription_opening.ts";
import { createThinEvent, type ThinEvent } from "./thin_event.ts";
import { createUnmodelledEvent } from "./unmodelled_event.ts";

export type StripeShop = {
  customer(options?: CustomerOptions): Customer;
  /** A subscription bought at Checkout. */
  subscribe(options: SubscribeOptions): Subscription;
  /** A one-time purchase at Checkout. */
  buy(options: BuyOptions): OneTimeOrder;
  /** An invoice written by hand. */
  invoice(options: OneOffInvoiceOptions): OneOffInvoice;
  /** A saved card: a session in which nothing is bought. */
  setup(options?: SetupOptions): SetupSession;
  /** A new v2 event without a snapshot, e.g. `v1.customer.created`. */
  thin(type: string): ThinEvent;
  /** A new event of any other type, e.g. `product.created`, with these fields in its object. */
  other(type: string, fields?: Record<string, unknown>): StripeEvent;
  /** What the read API gives at a path such as `/v1/subscriptions/sub_…`, in today's shape. */
  read(path: string, at: Date): Record<string, unknown> | null;
  /** All the read API gives of a collection such as `subscriptions`. */
  list(collection: string, at: Date): readonly Record<string, unknown>[];
  /** All events made so far. */
  events(): StripeEvent[];
};

/** Two shops of the same options do the same things under the same ids. */
export function createStripeShop(options: StripeAccountOptions = {}): StripeShop {
  const account = createStripeAccount(options);
  return {
    customer: (details) => createCustomer(account, details),
    subscribe: (details) => createSubscription(account, details),
    buy: (details) => createOneTimeOrder(account, details),
    invoice: (details) => createOneOffInvoice(account, details),
    setup: (details) => createSetupSession(account, details),
    thin: (type) => createThinEvent(account, type),
    other: (type, fields) => createUnmodelledEvent(account, type, fields),
    read: account.read,
    list: account.list,
    events: account.events,
  };
}
