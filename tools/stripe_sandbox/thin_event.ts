// Stripe's v2 "thin" events: a type and a reference, no snapshot
// (docs.stripe.com/event-destinations).
import { idPrefix } from "./ids.ts";
import type { StripeAccount } from "./stripe_account.ts";

/** A thin event as it is delivered. `created` is an ISO string here, unlike in snapshot events. */
export type ThinEvent = {
  id: string;
  object: "v2.core.event";
  type: string;
  created: string;
  livemode: boolean;
  context: string | null;
  reason: null;
  related_object: { id: string; type: string; url: string };
};

/** A thin event of that type, e.g. `v1.invoice.paid` or `v2.core.event_destination.ping`. */
export function createThinEvent(account: StripeAccount, type: string): ThinEvent {
  const name = account.nextName(type);
  const [version = "v1", ...rest] = type.split(".");
  const path = rest.slice(0, -1);
  const id = account.ids.of(idPrefix(path.at(-1) ?? type), name);
  return {
    id: account.ids.thinEvent(name),
    object: "v2.core.event",
    type,
    created: account.now.toISOString(),
    livemode: account.livemode,
    context: null,
    reason: null,
    related_object: {
      id,
      type: version === "v1" ? path.join(".") : `${version}.${path.join(".")}`,
      url: `/${version}/${path.join("/")}s/${id}`,
    },
  };
}
