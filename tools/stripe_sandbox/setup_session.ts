// A Checkout Session in setup mode: a card is saved, nothing is bought.
import { createCheckout } from "./checkout.ts";
import type { Customer } from "./customer.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { wholeSecond } from "./unix_time.ts";

export type SetupOptions = {
  customer?: Customer;
  email?: string | null;
  name?: string | null;
  metadata?: Record<string, string>;
  /** Default the account's now. */
  at?: Date;
};

export type SetupSession = {
  /** `seti_…`. */
  readonly id: string;
  readonly sessionId: string;
  /** `checkout.session.completed` with mode `setup`. */
  completed(): StripeEvent;
};

export function createSetupSession(
  account: StripeAccount,
  options: SetupOptions = {},
): SetupSession {
  const name = account.nextName("setup");
  const id = account.ids.of("seti", name);
  const { completed, sessionId } = createCheckout(account, {
    sessionId: account.ids.of("cs", name),
    mode: "setup",
    completedAt: wholeSecond(options.at ?? account.now),
    paymentStatus: "no_payment_required",
    amounts: null,
    customer: options.customer?.id ?? null,
    email: options.email ?? options.customer?.email ?? null,
    name: options.name ?? options.customer?.name ?? null,
    businessName: null,
    individualName: null,
    metadata: options.metadata ?? {},
    invoice: null,
    paymentIntent: null,
    setupIntent: id,
    subscription: null,
  });
  return { id, sessionId, completed };
}
