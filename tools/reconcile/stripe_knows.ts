// Whether there is something of that id in the account.

import type { StripeLists } from "./stripe_lists.ts";

/** Whether Stripe knows the purchase of that id. */
export async function stripeKnows(lists: StripeLists, id: string): Promise<boolean> {
  switch (id.slice(0, id.indexOf("_"))) {
    case "sub":
      return await lists.subscription(id) !== null;
    case "pi":
      return await lists.paymentIntent(id) !== null;
    case "cs":
      return await lists.session(id) !== null;
    default:
      return await lists.invoice(id) !== null;
  }
}
