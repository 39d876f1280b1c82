// Whole lives, drawn at random: a subscription or an order, and everything that may befall it.

import fc from "fast-check";
import type { Purchase } from "../../../functions/stripe-cryptlex/purchase.ts";
import type { Payment } from "../../../tools/stripe_sandbox/payment.ts";
import type { StripeEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import { DAY, HOUR, later } from "../../../tools/stripe_sandbox/unix_time.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { wholePrices } from "./whole_catalog.ts";

/** What is told of one purchase, in its natural order: facts, and the events they are of. */
export type WholeLife = {
  readonly purchaseId: string;
  readonly facts: readonly Purchase[];
  readonly events: readonly StripeEvent[];
};

const startedAt = new Date("2026-01-31T10:00:00Z");
/** Changed for each other: what one of a product leaves to the template, all of it do. */
const priceGroups = [["basic", "pro", "suite"], ["seats", "suite"], ["boxes", "suite"]] as const;
type PriceName = typeof priceGroups[number][number];

/** One license for the whole; its set is named, as a set that was given stays where none is. */
const whole = { CRYPTLEX_PRODUCT_ID: "product-app", CRYPTLEX_ENTITLEMENT_SET_ID: "set-basic" };

const happenings = [
  "renewal",
  "plan",
  "quantity",
  "often",
  "addon",
  "own_addon",
  "removal",
  "past_due",
  "unpaid",
  "active",
  "pause",
  "cancel_at_end",
  "refund",
  "part_refund",
  "failed_refund",
  "dispute",
  "dispute_won",
  "dispute_lost",
  "inquiry",
  "end",
] as const;
type Happening = {
  readonly what: typeof happenings[number];
  readonly price: PriceName;
  readonly quantity: number;
};

const happening = (prices: readonly PriceName[]): fc.Arbitrary<Happening> =>
  fc.record({
    what: fc.constantFrom(...happenings),
    price: fc.constantFrom(...prices),
    quantity: fc.integer({ min: 1, max: 4 }),
  });

const shop = fc.record({ shape: fc.constantFrom("basil", "acacia"), seed: fc.nat(999) })
  .map(createStripeShop);

const subscription: fc.Arbitrary<WholeLife> = fc.constantFrom(...priceGroups).chain((prices) =>
  fc.record({
    shop,
    price: fc.constantFrom<PriceName>(...prices),
    quantity: fc.integer({ min: 1, max: 4 }),
    trialDays: fc.constantFrom(0, 0, 14),
    happenings: fc.array(happening(prices), { maxLength: 7 }),
    // What is counted by plan before a late session names the whole stays counted.
    whole: fc.constantFrom(
      {},
      {},
      { subscriptionMetadata: whole },
      ...(prices === priceGroups[0] ? [{ sessionMetadata: whole }] : []),
    ),
  })
).map(({ shop, price, quantity, trialDays, happenings, whole }) => {
  const sub = shop.subscribe({
    price: { ...wholePrices[price], quantity },
    trialDays,
    startedAt,
    email: "ada@example.com",
    ...whole,
  });
  const teller = createTeller(sub, trialDays > 0);
  for (const happening of happenings) teller.tell(happening);
  return lifeOf(sub.id, [
    sub.checkoutCompleted(),
    sub.subscriptionCreated(),
    sub.firstInvoicePaid(),
    ...teller.events,
  ]);
});

const order: fc.Arbitrary<WholeLife> = fc.record({
  shop,
  happenings: fc.array(happening(priceGroups[0]), { maxLength: 4 }),
}).map(({ shop, happenings }) => {
  const bought = shop.buy({
    email: "ada@example.com",
    amount: 9900,
    paymentStatus: "paid",
    metadata: { CRYPTLEX_PRODUCT_ID: "product-app" },
    at: startedAt,
  });
  let day = 1;
  const events = happenings.flatMap(({ what }) =>
    moneyEvents(bought.payment(), { what, at: later(startedAt, day++ * DAY), part: 100 })
  );
  return lifeOf(bought.id, [bought.completed(), ...events]);
});

export const anyWholeLife: fc.Arbitrary<WholeLife> = fc.oneof(
  { weight: 3, arbitrary: subscription },
  { weight: 1, arbitrary: order },
);

/** Tells what happens to a subscription, a few days after each other; what cannot be is left out. */
function createTeller(sub: Subscription, hasTrial: boolean) {
  const events: StripeEvent[] = [];
  let at = later(startedAt, 2 * DAY);
  let renewals = 0;
  let isOver = false;
  let items = 1;

  function happen({ what, price, quantity }: Happening): (StripeEvent | null)[] {
    switch (what) {
      case "renewal": {
        renewals++;
        at = later(sub.periodEnd(renewals - 1), DAY);
        return [sub.renewed(renewals), sub.renewalPaid(renewals)];
      }
      case "plan": {
        const change = { to: { ...wholePrices[price], quantity }, at } as const;
        const { updated, invoicePaid } = sub.changePlan({
          ...change,
          prorationBehavior: "always_invoice",
        });
        return [updated, invoicePaid];
      }
      case "quantity":
        return [sub.changeQuantity({ quantity, at, prorationBehavior: "none" }).updated];
      // More lines on the next invoice than an event lists.
      case "often": {
        const changes = Array.from({ length: 6 }, (_, n) =>
          sub.changeQuantity({
            quantity: (quantity + n) % 4 + 1,
            at: later(at, n * HOUR),
            prorationBehavior: "create_prorations",
          }).updated);
        return [...changes, ...happen({ what: "renewal", price, quantity })];
      }
      case "addon": {
        items++;
        const added = { price: wholePrices.addon, at, prorationBehavior: "none" } as const;
        return [sub.addItem(added).updated];
      }
      case "own_addon": {
        items++;
        const itemMetadata = { CRYPTLEX_PRODUCT_ID: "product-suite" };
        // Its invoices do not tell that, and its plan says otherwise.
        const price = { ...wholePrices.addon, itemMetadata };
        return [sub.addItem({ price, at, prorationBehavior: "none" }).updated];
      }
      case "removal": {
        if (items < 2) return [];
        items--;
        return [sub.removeItem({ item: items, at, prorationBehavior: "none" }).updated];
      }
      case "past_due":
      case "unpaid":
      case "active":
        return [sub.updated({ at, status: what })];
      case "pause": {
        const { updated, paused } = sub.paused({ at });
        return [updated, paused];
      }
      case "cancel_at_end":
        return [sub.updated({ at, cancelAtPeriodEnd: true })];
      case "end":
        isOver = true;
        return [sub.canceled({ at })];
      default:
        return hasTrial && renewals === 0
          ? []
          : moneyEvents(sub.payment(renewals), { what, at, part: 50 });
    }
  }

  return {
    events,
    tell(happening: Happening) {
      if (isOver) return;
      at = later(at, DAY);
      try {
        events.push(...happen(happening).filter((event) => event !== null));
      } catch (error) {
        // Stripe would refuse it too: a price during a trial, an item twice.
        if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
      }
    },
  };
}

function moneyEvents(
  payment: Payment,
  { what, at, part }: { what: Happening["what"]; at: Date; part: number },
): StripeEvent[] {
  try {
    switch (what) {
      case "refund":
      case "part_refund":
      case "failed_refund": {
        const refund = payment.refund({ at, ...(what === "part_refund" ? { amount: part } : {}) });
        const failed = what === "failed_refund" ? [refund.failed({ at: later(at, DAY) })] : [];
        return [refund.created(), refund.chargeRefunded(), ...failed];
      }
      case "inquiry":
        return [payment.dispute({ at, status: "warning_needs_response" }).created()];
      case "dispute":
        return [payment.dispute({ at }).created()];
      case "dispute_won":
      case "dispute_lost": {
        const dispute = payment.dispute({ at });
        const status = what === "dispute_won" ? "won" : "lost";
        return [dispute.created(), dispute.closed({ at: later(at, DAY), status })];
      }
      default:
        return [];
    }
  } catch (error) {
    // All of it went back already.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

function lifeOf(purchaseId: string, told: readonly StripeEvent[]): WholeLife {
  const read = told.map((event) => ({ event, reading: readEvent(event).reading }));
  const withFacts = read.flatMap(({ event, reading }) =>
    reading.kind === "facts" ? [{ event, facts: reading.facts }] : []
  );
  return {
    purchaseId,
    events: withFacts.map(({ event }) => event),
    facts: withFacts.map(({ facts }) => facts),
  };
}
