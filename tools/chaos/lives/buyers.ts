// Who buys: guests, and customers whose names and addresses change meanwhile.

import type { Customer } from "../../stripe_sandbox/customer.ts";
import type { StripeEvent } from "../../stripe_sandbox/stripe_event.ts";
import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { later } from "../../stripe_sandbox/unix_time.ts";
import type { UserBefore } from "../compare_users.ts";
import type { SeededRandom } from "../seeded_random.ts";

/** A customer of the shop, or a guest of that e-mail address. */
export type Buyer = { email: string; name: string } | { customer: Customer };

export type Buyers = {
  /** Few enough that most buy more than once, at the same moment too. */
  next(shop: StripeShop): Buyer;
  /** What is told of each customer besides what was bought. */
  told(): StripeEvent[][];
};

type Known = { readonly customer: Customer; readonly told: StripeEvent[] };

const emailOf = (nth: number) => `buyer-${nth}@chaos.example`;

/** Some of the buyers are users of Cryptlex before they buy, under names of their own. */
export function usersBefore(count: number): UserBefore[] {
  return Array.from({ length: Math.ceil(count / 20) }, (_, nth) => ({
    email: emailOf(nth * 10),
    firstName: `Known ${nth}`,
  }));
}

/** `count` is how many purchases there will be. */
export function createBuyers(
  { random, count, now }: { random: SeededRandom; count: number; now: Date },
): Buyers {
  const mostBuyers = Math.ceil(count / 2);
  const known = new Map<StripeShop, Map<number, Known>>();

  function customerOf(shop: StripeShop, nth: number): Known {
    const ofShop = known.get(shop) ?? new Map<number, Known>();
    known.set(shop, ofShop);
    let one = ofShop.get(nth);
    if (one === undefined) {
      const customer = shop.customer({ email: emailOf(nth), name: `Chaosname${nth} Example` });
      one = { customer, told: random.chance(0.5) ? [customer.created()] : [] };
      ofShop.set(nth, one);
    }
    return one;
  }

  /** Another name, another address: a new one, or one that is somebody else's. */
  function change(customer: Customer, nth: number): StripeEvent {
    const address = random.pick([`moved-${nth}@chaos.example`, emailOf(random.below(mostBuyers))]);
    return customer.updated({
      at: later(now, random.below(1000)),
      ...(random.chance(0.7) && { name: `Chaosname${nth} Renamed` }),
      ...(random.chance(0.5) && { email: address }),
    });
  }

  return {
    next(shop) {
      const nth = random.below(mostBuyers);
      if (random.chance(0.4)) {
        const email = random.chance(0.3) ? emailOf(nth).toUpperCase() : emailOf(nth);
        return { email, name: `Chaosname${nth} Example` };
      }
      const { customer, told } = customerOf(shop, nth);
      if (random.chance(0.15)) told.push(change(customer, nth));
      return { customer };
    },
    told: () =>
      [...known.values()].flatMap((ofShop) => [...ofShop.values()].map(({ told }) => told))
        .filter((told) => told.length > 0),
  };
}
