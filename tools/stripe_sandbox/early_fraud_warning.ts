// Writes a card network's warning as Stripe's `radar.early_fraud_warning` object.
import type Stripe from "stripe";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

export function earlyFraudWarningObject(
  account: StripeAccount,
  warning: { charge: string; paymentIntent: string; at: Date },
): Record<string, unknown> {
  return {
    id: account.ids.of("issfr", warning.charge),
    object: "radar.early_fraud_warning",
    actionable: true,
    charge: warning.charge,
    created: unixTime(warning.at),
    fraud_type: "made_with_stolen_card",
    livemode: account.livemode,
    payment_intent: warning.paymentIntent,
  } satisfies Wire<Stripe.Radar.EarlyFraudWarning>;
}
