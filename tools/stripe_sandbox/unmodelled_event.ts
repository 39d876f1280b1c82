// Events about things the sandbox has no model of: a type, and the little every Stripe object has.
import { idPrefix } from "./ids.ts";
import type { StripeAccount } from "./stripe_account.ts";
import type { StripeEvent } from "./stripe_event.ts";
import { unixTime } from "./unix_time.ts";

/**
 * A new event of that type, e.g. `product.created`, about a new object with these further fields.
 */
export function createUnmodelledEvent(
  account: StripeAccount,
  type: string,
  fields: Record<string, unknown> = {},
): StripeEvent {
  const name = account.nextName(type);
  // `customer.subscription.paused` is about a subscription, `charge.refunded` about a charge.
  const object = type.split(".").at(-2) ?? type;
  return account.event(name, () => ({
    type,
    created: account.now,
    object: {
      id: account.ids.of(idPrefix(object), name),
      object,
      created: unixTime(account.now),
      livemode: account.livemode,
      metadata: {},
      ...fields,
    },
  }));
}
