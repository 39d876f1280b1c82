// The lives a purchase can have, and the licenses each must end in: told in order, shuffled, doubled,
// and with a crash after every event. Real function, real PostgreSQL, Cryptlex's sandbox.

import { strict as assert } from "node:assert";
import type { SandboxLicense } from "../../tools/cryptlex_sandbox/sandbox.ts";
import type { StripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../tools/stripe_sandbox/subscription.ts";
import { DAY, later } from "../../tools/stripe_sandbox/unix_time.ts";
import { livesTest } from "./lives/live.ts";
import { billedLives } from "./lives/billed_lives.ts";
import { type Life, plans, prices } from "./lives/life.ts";
import {
  ada,
  basicUntil,
  forever,
  inDays,
  opened,
  renewed,
  startedAt,
  subscribe,
} from "./lives/sales.ts";

const paused = (sub: Subscription, days: number) => {
  const { updated, paused } = sub.paused({ at: inDays(days) });
  return [updated, paused];
};

function toSuite(
  sub: Subscription,
  days: number,
  prorationBehavior: "always_invoice" | "create_prorations" = "create_prorations",
) {
  const { updated, invoicePaid = null } = sub.changePlan({
    to: prices.suite,
    at: inDays(days),
    prorationBehavior,
  });
  return { updated, invoicePaid };
}
const oneIsValid = (licenses: readonly SandboxLicense[]) =>
  assert.equal(licenses.filter(({ revoked }) => !revoked).length, 1);

const order = (shop: StripeShop) =>
  shop.buy({
    ...ada,
    amount: 24900,
    product: "prod_forever",
    paymentStatus: "paid",
    metadata: { CRYPTLEX_PRODUCT_ID: "product-forever" },
    at: startedAt,
  });
function paidInParts(shop: StripeShop) {
  const metadata = { CRYPTLEX_PRODUCT_ID: "product-forever" };
  const lines = [{ amount: 24900, product: "prod_forever" }];
  const billed = shop.invoice({ ...ada, lines, metadata, at: startedAt });
  const [first, second] = billed.partPayments([10000, 14900]);
  assert.ok(first && second);
  return { billed, first, second };
}

const lives: readonly Life[] = [
  {
    name: "a month, and another",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [...opened(sub), ...renewed(sub, 1)],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "an invoice paid after thirty days",
    tell(shop) {
      const sub = subscribe(shop, { collectionMethod: "send_invoice", daysUntilDue: 30 });
      return {
        happens: [sub.subscriptionCreated(), sub.firstInvoicePaid({ paidAt: inDays(29) })],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
      };
    },
  },
  {
    name: "a set named by the subscription, whose license its session has made",
    plans: null,
    tell(shop) {
      const subscriptionMetadata = {
        CRYPTLEX_PRODUCT_ID: "product-app",
        CRYPTLEX_ENTITLEMENT_SET_ID: "set-basic",
      };
      const sub = subscribe(shop, { subscriptionMetadata });
      return {
        happens: [sub.checkoutCompleted(), sub.firstInvoicePaid()],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
      };
    },
  },
  {
    name: "such a set, refused with the first date, and set with what comes next",
    plans: null,
    tell(shop) {
      const subscriptionMetadata = {
        CRYPTLEX_PRODUCT_ID: "product-app",
        CRYPTLEX_ENTITLEMENT_SET_ID: "set-basic",
      };
      const sub = subscribe(shop, { subscriptionMetadata });
      return {
        happens: [
          sub.checkoutCompleted(),
          (sandbox) =>
            sandbox.fault({
              kind: "status_before",
              method: "PATCH",
              path: /^\/v3\/licenses\/[^/]+$/,
              status: 400,
            }),
          sub.firstInvoicePaid(),
          sub.renewalPaid(1),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a debit that fails",
    tell(shop) {
      const sub = subscribe(shop, { paymentStatus: "unpaid" });
      return {
        happens: [
          sub.checkoutCompleted(),
          sub.subscriptionCreated({ status: "incomplete" }),
          sub.paymentFailed(0),
          sub.asyncPaymentFailed(),
          sub.updated({ at: inDays(1), status: "incomplete_expired" }),
        ],
        ends: [],
        made: 0,
      };
    },
  },
  {
    name: "a free trial that converts",
    tell(shop) {
      const sub = subscribe(shop, { trialDays: 14 });
      return {
        happens: [
          ...opened(sub),
          sub.updated({ at: inDays(14), status: "active" }),
          sub.renewalPaid(1),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "a free trial that ends unpaid",
    tell(shop) {
      const sub = subscribe(shop, { trialDays: 14 });
      return {
        happens: [...opened(sub), ...paused(sub, 14)],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "a free trial that is cancelled",
    tell(shop) {
      const sub = subscribe(shop, { trialDays: 14 });
      return {
        happens: [...opened(sub), sub.canceled({ at: inDays(3) })],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "an upgrade at once",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated, invoicePaid } = sub.changePlan({
        to: prices.pro,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), updated, invoicePaid],
        ends: [{ ...basicUntil(sub.periodEnd(0)), entitlementSet: "set-pro" }],
        made: 1,
      };
    },
  },
  {
    name: "an upgrade billed with the next invoice",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated } = sub.changePlan({
        to: prices.pro,
        at: inDays(10),
        prorationBehavior: "create_prorations",
      });
      return {
        happens: [...opened(sub), updated, ...renewed(sub, 1)],
        ends: [{ ...basicUntil(sub.periodEnd(1)), entitlementSet: "set-pro" }],
        made: 1,
      };
    },
  },
  {
    name: "an upgrade to another product: the new license first, then the old one ends",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated, invoicePaid } = sub.changePlan({
        to: prices.suite,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), updated, invoicePaid],
        ends: [{ product: "product-pro", paidThrough: sub.periodEnd(0) }],
        made: 2,
      };
    },
  },
  {
    name: "to another product while unpaid: the old license is suspended until it is paid",
    tell(shop) {
      const sub = subscribe(shop);
      const unpaid = sub.updated({ at: inDays(5), status: "unpaid" });
      const { updated } = sub.changePlan({
        to: prices.suite,
        at: inDays(6),
        prorationBehavior: "create_prorations",
      });
      return {
        happens: [...opened(sub), unpaid, updated],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => !revoked)),
      };
    },
  },
  {
    name: "to another product while unpaid, then paid: the new license takes the old one's place",
    tell(shop) {
      const sub = subscribe(shop);
      const unpaid = sub.updated({ at: inDays(5), status: "unpaid" });
      const { updated } = toSuite(sub, 6);
      return {
        happens: [
          ...opened(sub),
          unpaid,
          updated,
          sub.renewalPaid(1),
          sub.updated({ at: inDays(31), status: "active" }),
        ],
        ends: [{ product: "product-pro", paidThrough: sub.periodEnd(1) }],
        made: 2,
        also: oneIsValid,
      };
    },
  },
  {
    name: "to another product while disputed: the old license waits, suspended",
    tell(shop) {
      const sub = subscribe(shop);
      const payment = sub.payment(0);
      return {
        happens: [
          ...opened(sub),
          payment.invoicePaymentPaid(),
          () => {},
          payment.dispute({ at: inDays(5) }).created(),
          toSuite(sub, 6).updated,
        ],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.some(({ revoked }) => !revoked)),
      };
    },
  },
  {
    name: "to another product while disputed, and the dispute is won",
    tell(shop) {
      const sub = subscribe(shop);
      const payment = sub.payment(0);
      const dispute = payment.dispute({ at: inDays(5) });
      return {
        happens: [
          ...opened(sub),
          payment.invoicePaymentPaid(),
          dispute.created(),
          toSuite(sub, 6).updated,
          dispute.closed({ status: "won", at: inDays(20) }),
        ],
        ends: [{ product: "product-pro", paidThrough: sub.periodEnd(0) }],
        made: 2,
        also: oneIsValid,
      };
    },
  },
  {
    name: "to another product that Cryptlex refuses: the old license lives on",
    plans: { ...plans, price_suite: "product-nobody-knows" },
    tell(shop) {
      const sub = subscribe(shop);
      const { updated, invoicePaid } = toSuite(sub, 10, "always_invoice");
      return {
        happens: [...opened(sub), () => {}, updated, invoicePaid],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
        needsPerson: true,
      };
    },
  },
  {
    name:
      "to another product, refused at first: what comes next makes it, and only then ends the old",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated } = toSuite(sub, 10);
      return {
        happens: [
          ...opened(sub),
          (sandbox) =>
            sandbox.fault({
              kind: "status_before",
              method: "POST",
              path: /^\/v3\/licenses$/,
              status: 400,
            }),
          updated,
          () => {},
          ...renewed(sub, 1),
        ],
        ends: [{ product: "product-pro", paidThrough: sub.periodEnd(1) }],
        made: 2,
        also: oneIsValid,
      };
    },
  },
  {
    name: "to another product and back: the first key is valid again",
    tell(shop) {
      const sub = subscribe(shop);
      const there = sub.changePlan({
        to: prices.suite,
        at: inDays(5),
        prorationBehavior: "create_prorations",
      });
      const back = sub.changePlan({
        to: prices.basic,
        at: inDays(10),
        prorationBehavior: "create_prorations",
      });
      return {
        happens: [...opened(sub), there.updated, back.updated],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 2,
      };
    },
  },
  {
    name: "monthly to yearly: the same key, renewed by the year from then on",
    tell(shop) {
      const sub = subscribe(shop);
      const { updated, invoicePaid } = sub.changePlan({
        to: prices.yearly,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), updated, invoicePaid],
        ends: [basicUntil(later(new Date("2027-06-20T10:00:00Z"), 0))],
        made: 1,
        also: (licenses) => {
          for (const one of licenses.filter(({ revoked }) => !revoked)) {
            // Told backwards it is made of the new price from the start.
            assert.equal(one.subscriptionInterval, "P1Y");
          }
        },
      };
    },
  },
  {
    name: "monthly to yearly and back: what was paid is served",
    tell(shop) {
      const sub = subscribe(shop);
      const there = sub.changePlan({
        to: prices.yearly,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      const back = sub.changePlan({
        to: prices.basic,
        at: inDays(20),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [...opened(sub), there.updated, there.invoicePaid, back.updated, back.invoicePaid],
        ends: [basicUntil(new Date("2027-06-20T10:00:00Z"))],
        made: 1,
      };
    },
  },
  {
    name: "seats 3-5-3, as activations",
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.seats, quantity: 3 } });
      const more = seats(sub, 5, 5);
      const fewer = seats(sub, 3, 10);
      return {
        happens: [...opened(sub), more, fewer],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0), activations: 6 }],
        made: 1,
      };
    },
  },
  {
    name: "seats 3-5, as floating clients",
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.clients, quantity: 3 } });
      return {
        happens: [...opened(sub), seats(sub, 5, 5)],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0), floatingClients: 5 }],
        made: 1,
      };
    },
  },
  {
    name: "seats 3-5-3-4, as licenses: the fourth is taken up again",
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.boxes, quantity: 3 } });
      const has = { product: "product-app", paidThrough: sub.periodEnd(0) };
      return {
        happens: [...opened(sub), seats(sub, 5, 5), seats(sub, 3, 10), seats(sub, 4, 15)],
        ends: [has, has, has, has],
        made: 5,
      };
    },
  },
  {
    name: "no seats left",
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.seats, quantity: 3 } });
      return { happens: [...opened(sub), seats(sub, 0, 5)], ends: [], made: 1 };
    },
  },
  {
    name: "an add-on, added and removed",
    tell(shop) {
      const sub = subscribe(shop);
      const added = sub.addItem({
        price: prices.addon,
        at: inDays(5),
        prorationBehavior: "always_invoice",
      });
      const removed = sub.removeItem({
        item: 1,
        at: inDays(15),
        prorationBehavior: "create_prorations",
      });
      return {
        happens: [...opened(sub), added.updated, added.invoicePaid, removed.updated],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 2,
      };
    },
  },
  {
    name: "an add-on that stays",
    tell(shop) {
      const sub = subscribe(shop);
      const added = sub.addItem({
        price: prices.addon,
        at: inDays(5),
        prorationBehavior: "create_prorations",
      });
      return {
        happens: [...opened(sub), added.updated],
        ends: [
          basicUntil(sub.periodEnd(0)),
          { product: "product-a", paidThrough: sub.periodEnd(0) },
        ],
        made: 2,
      };
    },
  },
  {
    name: "collection paused: it runs out with what was paid",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.updated({ at: inDays(5), pauseCollection: { behavior: "void" } }),
        ],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
      };
    },
  },
  {
    name: "paused and resumed: the same key",
    tell(shop) {
      const sub = subscribe(shop);
      const pause = paused(sub, 5);
      const { updated, resumed } = sub.resumed({
        at: inDays(9),
        billingCycleAnchor: "unchanged",
      });
      return {
        happens: [...opened(sub), ...pause, resumed, updated],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
      };
    },
  },
  {
    name: "paused for good",
    tell(shop) {
      const sub = subscribe(shop);
      return { happens: [...opened(sub), ...paused(sub, 5)], ends: [], made: 1 };
    },
  },
  {
    name: "dunning, recovered",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.renewed(1),
          sub.paymentFailed(1),
          sub.updated({ at: inDays(31), status: "past_due" }),
          sub.renewalPaid(1, { paidAt: inDays(35) }),
          sub.updated({ at: inDays(35), status: "active" }),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "dunning, not recovered: unpaid",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.renewed(1),
          sub.paymentFailed(1),
          sub.updated({ at: inDays(31), status: "past_due" }),
          sub.updated({ at: inDays(45), status: "unpaid" }),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "dunning, not recovered: cancelled, and the paid time runs out where that is the policy",
    policy: { onCancel: "expire" },
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.renewed(1),
          sub.paymentFailed(1),
          sub.canceled({ at: inDays(45) }),
        ],
        ends: [basicUntil(sub.periodEnd(0))],
        made: 1,
      };
    },
  },
  {
    name: "cancelled to the period's end, and undone",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.updated({ at: inDays(5), cancelAtPeriodEnd: true }),
          sub.updated({ at: inDays(9), cancelAtPeriodEnd: false }),
          ...renewed(sub, 1),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "cancelled to the period's end",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          sub.updated({ at: inDays(5), cancelAtPeriodEnd: true }),
          sub.canceled({ at: sub.periodEnd(0) }),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "cancelled, where a cancelled license is suspended",
    policy: { onCancel: "suspend" },
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [...opened(sub), sub.canceled({ at: inDays(5) })],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => !revoked)),
      };
    },
  },
  {
    name: "an order refunded in two parts",
    tell(shop) {
      const bought = order(shop);
      const first = bought.payment().refund({ amount: 10000, at: inDays(1) });
      const second = bought.payment().refund({ at: inDays(2) });
      return {
        happens: [
          bought.completed(),
          first.created(),
          first.chargeRefunded(),
          second.created(),
          second.chargeRefunded(),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "an order refunded in part",
    tell(shop) {
      const bought = order(shop);
      const part = bought.payment().refund({ amount: 10000, at: inDays(1) });
      return {
        happens: [bought.completed(), part.created(), part.chargeRefunded()],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "a refund that fails",
    tell(shop) {
      const bought = order(shop);
      const refund = bought.payment().refund({ at: inDays(1) });
      return {
        happens: [
          bought.completed(),
          refund.created(),
          refund.chargeRefunded(),
          refund.failed({ at: inDays(6) }),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "an order refunded where refunds are ignored",
    policy: { onRefund: "ignore" },
    tell(shop) {
      const bought = order(shop);
      const refund = bought.payment().refund({ at: inDays(1) });
      return {
        happens: [bought.completed(), refund.created(), refund.chargeRefunded()],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "an inquiry changes nothing",
    tell(shop) {
      const bought = order(shop);
      const inquiry = bought.payment().dispute({
        at: inDays(5),
        status: "warning_needs_response",
      });
      return {
        happens: [
          bought.completed(),
          inquiry.created(),
          inquiry.closed({ status: "warning_closed", at: inDays(30) }),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "a dispute, open",
    tell(shop) {
      const bought = order(shop);
      const dispute = bought.payment().dispute({ at: inDays(5) });
      return {
        happens: [bought.completed(), dispute.created(), dispute.fundsWithdrawn()],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => !revoked)),
      };
    },
  },
  {
    name: "a dispute, won",
    tell(shop) {
      const bought = order(shop);
      const dispute = bought.payment().dispute({ at: inDays(5) });
      return {
        happens: [
          bought.completed(),
          dispute.created(),
          dispute.fundsWithdrawn(),
          dispute.closed({ status: "won", at: inDays(20) }),
          dispute.fundsReinstated({ at: inDays(20) }),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "two disputes at once, one won and one lost",
    tell(shop) {
      const bought = order(shop);
      const first = bought.payment().dispute({ at: inDays(5), amount: 100 });
      const second = bought.payment().dispute({ at: inDays(6), amount: 200 });
      return {
        happens: [
          bought.completed(),
          first.created(),
          second.created(),
          first.closed({ status: "won", at: inDays(20) }),
          second.closed({ status: "lost", at: inDays(21) }),
        ],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => revoked)),
      };
    },
  },
  {
    name: "two disputes at once, both won",
    tell(shop) {
      const bought = order(shop);
      const first = bought.payment().dispute({ at: inDays(5), amount: 100 });
      const second = bought.payment().dispute({ at: inDays(6), amount: 200 });
      return {
        happens: [
          bought.completed(),
          first.created(),
          second.created(),
          first.closed({ status: "won", at: inDays(20) }),
          second.closed({ status: "won", at: inDays(21) }),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "a subscription's dispute, lost, and nothing paid since",
    tell(shop) {
      const sub = subscribe(shop);
      const payment = sub.payment(0);
      const dispute = payment.dispute({ at: inDays(5) });
      return {
        happens: [
          ...opened(sub),
          payment.invoicePaymentPaid(),
          dispute.created(),
          dispute.closed({ status: "lost", at: inDays(20) }),
        ],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => !revoked)),
      };
    },
  },
  {
    name: "a subscription's dispute, lost, and the next month paid",
    tell(shop) {
      const sub = subscribe(shop);
      const payment = sub.payment(0);
      const dispute = payment.dispute({ at: inDays(5) });
      return {
        happens: [
          ...opened(sub),
          payment.invoicePaymentPaid(),
          dispute.created(),
          dispute.closed({ status: "lost", at: inDays(20) }),
          ...renewed(sub, 1),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "before Basil a subscription's dispute finds it by the charge",
    shape: "acacia",
    tell(shop) {
      const sub = subscribe(shop);
      const dispute = sub.payment(0).dispute({ at: inDays(5) });
      return { happens: [...opened(sub), dispute.created()], ends: [], made: 1 };
    },
  },
  {
    name: "a subscription's dispute, of which Stripe tells the invoice when asked",
    needsStripe: true,
    tell(shop) {
      const sub = subscribe(shop);
      const dispute = sub.payment(0).dispute({ at: inDays(5) });
      return { happens: [...opened(sub), dispute.created()], ends: [], made: 1 };
    },
  },
  {
    name: "an invoice written by hand, refunded before it is told that it was paid",
    needsStripe: true,
    tell(shop) {
      const lines = [{ amount: 24900, product: "prod_forever" }];
      const billed = shop.invoice({ ...ada, lines, at: startedAt });
      const refund = billed.payment().refund({ at: inDays(3) });
      return {
        happens: [refund.created(), refund.chargeRefunded(), billed.paid()],
        ends: [],
        made: 0,
      };
    },
  },
  {
    name: "the same, and nobody ever tells that it was paid",
    needsStripe: true,
    tell(shop) {
      const lines = [{ amount: 24900, product: "prod_forever" }];
      const refund = shop.invoice({ ...ada, lines, at: startedAt }).payment()
        .refund({ at: inDays(3) });
      return { happens: [refund.created(), refund.chargeRefunded()], ends: [], made: 0 };
    },
  },
  {
    name: "an invoice paid in two parts, of which one is refunded",
    tell(shop) {
      const { billed, first, second } = paidInParts(shop);
      const refund = first.refund({ at: inDays(3) });
      return {
        happens: [
          first.invoicePaymentPaid(),
          second.invoicePaymentPaid(),
          billed.paid(),
          refund.created(),
          refund.chargeRefunded(),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "the same, and nobody ever tells of the other part",
    tell(shop) {
      const { billed, first } = paidInParts(shop);
      const refund = first.refund({ at: inDays(3) });
      return {
        happens: [
          first.invoicePaymentPaid(),
          billed.paid(),
          refund.created(),
          refund.chargeRefunded(),
        ],
        ends: [forever],
        made: 1,
      };
    },
  },
  {
    name: "an invoice paid in two parts, both refunded",
    tell(shop) {
      const { billed, first, second } = paidInParts(shop);
      const refunds = [first, second].map((payment) => payment.refund({ at: inDays(3) }));
      return {
        happens: [
          first.invoicePaymentPaid(),
          second.invoicePaymentPaid(),
          billed.paid(),
          ...refunds.flatMap((refund) => [refund.created(), refund.chargeRefunded()]),
        ],
        ends: [],
        made: 1,
        also: (licenses) => assert.ok(licenses.every(({ revoked }) => revoked)),
      };
    },
  },
  {
    name: "an order by plan: Stripe tells what it sold when asked",
    needsStripe: true,
    tell(shop) {
      const lines = [
        { amount: 24900, product: "prod_forever" },
        { amount: 900, price: "price_packs", quantity: 3 },
      ];
      const bought = shop.buy({ ...ada, lines, paymentStatus: "paid", at: startedAt });
      return {
        happens: [bought.completed()],
        ends: [forever, forever, forever, forever],
        made: 4,
      };
    },
  },
  {
    name: "what the product's metadata says, which only Stripe tells",
    needsStripe: true,
    tell(shop) {
      const productMetadata = { CRYPTLEX_PRODUCT_ID: "product-m" };
      const sub = subscribe(shop, { price: { ...prices.basic, productMetadata } });
      return {
        happens: opened(sub),
        ends: [{ product: "product-m", paidThrough: sub.periodEnd(0) }],
        made: 1,
      };
    },
  },
  {
    name: "an accidental second renewal, refunded",
    tell(shop) {
      const sub = subscribe(shop);
      const payment = sub.payment(1);
      const refund = payment.refund({ at: inDays(31) });
      return {
        happens: [
          ...opened(sub),
          ...renewed(sub, 1),
          payment.invoicePaymentPaid(),
          refund.created(),
          refund.chargeRefunded(),
        ],
        ends: [basicUntil(sub.periodEnd(1))],
        made: 1,
      };
    },
  },
  {
    name: "fraud revoked by hand stays revoked, whatever is paid",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          (sandbox) => {
            for (const { id } of sandbox.licenses()) sandbox.change(id, { revoked: true });
          },
          ...renewed(sub, 1),
          sub.updated({ at: inDays(35), status: "past_due" }),
          sub.updated({ at: inDays(36), status: "unpaid" }),
          sub.updated({ at: inDays(37), status: "active" }),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "suspended by hand stays suspended when our reason is gone",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          (sandbox) => {
            for (const { id } of sandbox.licenses()) sandbox.change(id, { suspended: true });
          },
          sub.updated({ at: inDays(5), status: "unpaid" }),
          sub.updated({ at: inDays(6), status: "active" }),
        ],
        ends: [],
        made: 1,
      };
    },
  },
  {
    name: "a date extended by hand stays as long as less is paid",
    tell(shop) {
      const sub = subscribe(shop);
      const farther = new Date("2027-09-01T00:00:00Z");
      const { updated, invoicePaid } = sub.changePlan({
        to: prices.yearly,
        at: inDays(10),
        prorationBehavior: "always_invoice",
      });
      return {
        happens: [
          ...opened(sub),
          (sandbox) => {
            for (const { id } of sandbox.licenses()) {
              sandbox.change(id, { expiresAt: farther.toISOString() });
            }
          },
          updated,
          invoicePaid,
        ],
        ends: [basicUntil(later(farther, -3 * DAY))],
        made: 1,
      };
    },
  },
  {
    name: "more activations given by hand stay",
    tell(shop) {
      const sub = subscribe(shop, { price: { ...prices.seats, quantity: 3 } });
      return {
        happens: [
          ...opened(sub),
          (sandbox) => {
            for (const { id } of sandbox.licenses()) {
              sandbox.change(id, { allowedActivations: 50 });
            }
          },
          seats(sub, 5, 5),
        ],
        ends: [{ product: "product-app", paidThrough: sub.periodEnd(0), activations: 50 }],
        made: 1,
      };
    },
  },
  {
    name: "a license deleted by hand is not made again",
    tell(shop) {
      const sub = subscribe(shop);
      return {
        happens: [
          ...opened(sub),
          (sandbox) => {
            for (const { id } of sandbox.licenses()) sandbox.remove(id);
          },
          ...renewed(sub, 1),
        ],
        ends: [],
        made: 0,
      };
    },
  },
];

function seats(sub: Subscription, quantity: number, days: number) {
  const change = { quantity, at: inDays(days), prorationBehavior: "create_prorations" } as const;
  return sub.changeQuantity(change).updated;
}

livesTest("the lives of a purchase", [...lives, ...billedLives]);
