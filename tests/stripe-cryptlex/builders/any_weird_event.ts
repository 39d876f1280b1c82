// Events as only a Stripe gone mad would send them: real ones with anything in any place.

import fc from "fast-check";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { bent, pathsIn } from "./bent.ts";
import { buyer } from "./door.ts";

type Event = { id: string; type: string; data: { object: Record<string, unknown> } };

const later = new Date("2026-11-05T10:00:00Z");

const realEvents: readonly Event[] = (["basil", "acacia"] as const).flatMap((shape) => {
  const shop = createStripeShop({ shape });
  const metadata = { CRYPTLEX_PRODUCT_ID: "product-a" };
  const price = { amount: 1000, interval: "month", metadata, quantity: 2 } as const;
  const terms = { ...buyer, price };
  const subscription = shop.subscribe({ ...terms, subscriptionMetadata: metadata });
  const order = shop.buy({ ...buyer, amount: 9900, paymentStatus: "unpaid", metadata });
  const trial = shop.subscribe({ ...terms, trialDays: 14 });
  const payment = subscription.payment(0);
  const paid = shop.buy({ ...buyer, amount: 9900, paymentStatus: "paid", metadata }).payment();
  const [refund, dispute] = [payment.refund({ at: later }), paid.dispute({ at: later })];
  const customer = shop.customer(buyer);
  const invoice = shop.invoice({ ...buyer, metadata, lines: [{ amount: 700 }] });
  return [
    subscription.checkoutCompleted(),
    subscription.firstInvoicePaid(),
    subscription.renewalPaid(1),
    order.completed(),
    order.asyncPaymentSucceeded(),
    order.asyncPaymentFailed(),
    invoice.paid(),
    customer.created(),
    customer.updated({ at: later, businessName: "Canary Ltd" }),
    shop.setup().completed(),
    trial.subscriptionCreated(),
    trial.paymentFailed(1),
    trial.canceled({ at: later }),
    refund.created(),
    refund.chargeRefunded(),
    refund.failed({ at: later }),
    dispute.created(),
    dispute.fundsReinstated({ at: later }),
    paid.earlyFraudWarning({ at: later }),
    payment.invoicePaymentPaid(),
  ].filter((event) => event !== null);
});

/** What no database, calendar or program likes. */
const nasty = fc.constantFrom<unknown>(
  undefined,
  null,
  "",
  " ",
  "\0",
  "\uD800",
  "__proto__",
  "constructor",
  "toString",
  { "__proto__": null },
  JSON.parse('{"__proto__":{"id":"sub_1"},"id":"__proto__"}'),
  buyer.email,
  { [buyer.email]: { [buyer.email]: [buyer.email] } },
  "x".repeat(5000),
  "sub_" + "x".repeat(5000),
  "sub_1",
  "pi_1",
  "cus_1",
  "cus_" + "x".repeat(5000),
  "acct_1",
  0,
  -1,
  1.5,
  1e15,
  1e300,
  -1e15,
  Number.MAX_SAFE_INTEGER,
  253_402_300_800,
  [],
  {},
  [[]],
  Array(1000).fill({}),
  "canceled",
  "funds_reinstated",
);
const anything = fc.oneof(nasty, nasty, fc.jsonValue({ stringUnit: "binary" }));

/** One field bent, or put where none is. */
const bentOnce = (event: Event): fc.Arbitrary<(event: Event) => Event> =>
  fc.record({
    path: fc.constantFrom(...pathsIn(event.data.object), "__proto__", "metadata.x", "lines"),
    value: anything,
  }).map(({ path, value }) => (one) => {
    try {
      return bent(one, path, value);
    } catch {
      // An earlier bend took its parent away.
      return one;
    }
  });

const bentObject = fc.oneof(
  ...realEvents.map((event) =>
    fc.array(bentOnce(event), { minLength: 1, maxLength: 4 })
      .map((bends): Record<string, unknown> => bends.reduce((one, bend) => bend(one), event))
  ),
);

const bentEnvelope = fc.record({
  event: fc.constantFrom(...realEvents),
  changed: fc.record({
    object: anything,
    created: anything,
    livemode: anything,
    api_version: anything,
    data: fc.oneof(anything, anything.map((object) => ({ object }))),
    request: anything,
  }, { requiredKeys: [] }),
}).map(({ event, changed }): Record<string, unknown> => ({ ...event, ...changed }));

const otherType = fc.record({
  type: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom("__proto__", "invoice.created")),
  data: anything,
}).map(({ type, data }): Record<string, unknown> => ({ type, data }));

/** JSON of an event; its id is one of Stripe's, and its type a text. */
export const anyWeirdEvent: fc.Arbitrary<string> = fc.record({
  event: fc.oneof({ weight: 4, arbitrary: bentObject }, bentEnvelope, otherType),
  id: fc.uuid().map((uuid) => `evt_${uuid.replaceAll("-", "")}`),
}).map(({ event, id }) => JSON.stringify({ ...event, id }));
