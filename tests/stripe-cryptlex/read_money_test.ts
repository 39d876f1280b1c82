// Money that goes back, or is disputed: charges, refunds, disputes, and what ties them to invoices.

import assert from "node:assert/strict";
import { isRefunded, mergeCharge } from "../../functions/stripe-cryptlex/charges.ts";
import { disputeStatuses } from "../../functions/stripe-cryptlex/disputes.ts";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";
import { subscribeWith } from "./builders/subscribe_with.ts";

const unasked = { asked: null, payments: 1, invoiced: null };

const at = new Date("2026-11-05T10:00:00Z");

function orderIn(shape: "basil" | "acacia") {
  const order = createStripeShop({ shape })
    .buy({ amount: 9900, paymentStatus: "paid", withInvoice: true, email: "ada@example.com" });
  return { ...order, paid: order.payment() };
}

for (const shape of ["basil", "acacia"] as const) {
  Deno.test(`a refund is told by itself and by its charge, under the payment (${shape})`, () => {
    const { id, paid, customer, invoiceId } = orderIn(shape);
    const refund = paid.refund({ at, amount: 4000 });
    assert.deepEqual(factsOf(refund.created()), {
      kind: "facts",
      stripeIds: [id],
      customerId: null,
      opensSale: false,
      facts: {
        ...nothing,
        charges: {
          [id]: {
            captured: null,
            refunded: 0,
            refunds: { [refund.id]: { amount: 4000, status: "succeeded" } },
          },
        },
      },
    });
    const charged = refund.chargeRefunded();
    const said = { at: charged.created, by: charged.id };
    assert.deepEqual(factsOf(charged), {
      kind: "facts",
      // Only before Basil a charge names its invoice.
      stripeIds: shape === "basil" ? [id] : [id, invoiceId],
      customerId: customer?.id,
      opensSale: false,
      facts: {
        ...nothing,
        customerId: { value: customer?.id, ...said },
        charges: { [id]: { captured: 9900, refunded: 4000, refunds: {} } },
      },
    });
  });

  Deno.test(`all that is told of a refund in two parts makes it full (${shape})`, () => {
    const { id, paid } = orderIn(shape);
    const parts = [paid.refund({ at, amount: 4000 }), paid.refund({ at })];
    const events = parts.flatMap((refund) => [refund.chargeRefunded(), refund.created()]);
    const charges = events.map((event) => factsOf(event).facts.charges[id]).filter((charge) =>
      charge !== undefined
    );
    assert.equal(charges.length, 4);
    assert.equal(isRefunded([charges.reduce(mergeCharge)], unasked), true);
    assert.equal(isRefunded([charges.slice(0, 2).reduce(mergeCharge)], unasked), false);
  });

  Deno.test(`a payment and its invoice are one purchase (${shape})`, () => {
    const { id, invoiceId, paid } = orderIn(shape);
    const event = paid.invoicePaymentPaid();
    if (event === null) return assert.equal(shape, "acacia");
    const links = { kind: "facts", stripeIds: [id, invoiceId], customerId: null, opensSale: false };
    assert.deepEqual(factsOf(event), { ...links, facts: nothing });
  });

  Deno.test(`a dispute is told under the payment, its course by its status (${shape})`, () => {
    const { id, paid } = orderIn(shape);
    const dispute = paid.dispute({ at });
    assert.deepEqual(factsOf(dispute.created()), {
      kind: "facts",
      stripeIds: [id],
      customerId: null,
      opensSale: false,
      facts: {
        ...nothing,
        disputes: { [dispute.id]: { status: "needs_response", createdAt: at.getTime() / 1000 } },
      },
    });
    const statusOf = (event: unknown) => factsOf(event).facts.disputes[dispute.id]?.status;
    assert.equal(statusOf(dispute.fundsWithdrawn()), "needs_response");
    assert.equal(statusOf(dispute.updated({ status: "under_review", at })), "under_review");
    assert.equal(statusOf(dispute.closed({ status: "lost", at })), "lost");
    assert.equal(statusOf(dispute.fundsReinstated({ at })), "funds_reinstated");
  });
}

const { paid } = orderIn("basil");
const refunded = paid.refund({ at });

Deno.test("every status of a refund counts as one of three, and another is parked", () => {
  const counted = { requires_action: "pending", canceled: "failed", succeeded: "succeeded" };
  const statusOf = (status: unknown) => {
    const { charges } = factsOf(bent(refunded.created(), "status", status)).facts;
    return charges[paid.paymentIntent]?.refunds[refunded.id]?.status;
  };
  for (const [status, as] of Object.entries({ ...counted, failed: "failed", pending: "pending" })) {
    assert.equal(statusOf(status), as);
  }
  assert.equal(statusOf(null), "pending");
  assert.match(
    reasonOf(bent(refunded.created(), "status", "lost in the post"), "parked"),
    /: status/,
  );
});

Deno.test("a refund that failed, and one told the older way, are told like any", () => {
  const failed = factsOf(refunded.failed({ at })).facts.charges[paid.paymentIntent];
  assert.equal(failed?.refunds[refunded.id]?.status, "failed");
  const older = { ...refunded.created(), type: "charge.refund.updated" };
  assert.deepEqual(factsOf(older), factsOf(refunded.created()));
  const updated = factsOf(refunded.updated({ status: "pending", at }));
  assert.deepEqual(updated.stripeIds, [paid.paymentIntent]);
});

Deno.test("refunds that a charge lists are known, as before API version 2022-11-15", () => {
  const listed = { data: [{ id: "re_1", amount: 400, status: "succeeded", object: "refund" }] };
  const { charges } = factsOf(bent(refunded.chargeRefunded(), "refunds", listed)).facts;
  assert.deepEqual(charges[paid.paymentIntent]?.refunds, {
    re_1: { amount: 400, status: "succeeded" },
  });
});

Deno.test("a charge without a payment intent is known by itself, under its invoice", () => {
  const event = bent(
    orderIn("acacia").paid.refund({ at }).chargeRefunded(),
    "payment_intent",
    null,
  );
  const { stripeIds, facts } = factsOf(event);
  assert.deepEqual(stripeIds, [event.data.object.invoice]);
  assert.deepEqual(Object.keys(facts.charges), [event.data.object.id]);
});

Deno.test("money of no payment intent or invoice belongs to nothing sold here", () => {
  const belongsNowhere = [
    bent(refunded.chargeRefunded(), "payment_intent", null),
    bent(refunded.created(), "payment_intent", null),
    bent(paid.dispute({ at }).created(), "payment_intent", null),
  ];
  for (const event of belongsNowhere) {
    assert.match(reasonOf(event, "ignored"), /belongs to no payment intent/);
  }
});

Deno.test("an invoice paid without a payment intent is tied to nothing", () => {
  const event = paid.invoicePaymentPaid();
  assert.ok(event !== null);
  for (const payment of [null, undefined, { type: "payment_record" }]) {
    assert.match(reasonOf(bent(event, "payment", payment), "ignored"), /without a payment intent/);
  }
});

Deno.test("a subscription's payment is refunded and disputed like any", () => {
  const payment = subscribeWith().payment(0);
  const ids = factsOf(payment.refund({ at }).chargeRefunded()).stripeIds;
  assert.deepEqual(ids, [payment.paymentIntent]);
});

Deno.test("every status of a dispute is known, and another is parked, naming the field", () => {
  const event = paid.dispute({ at }).created();
  for (const status of disputeStatuses) {
    if (status === "funds_reinstated") continue;
    const [dispute] = Object.values(factsOf(bent(event, "status", status)).facts.disputes);
    assert.equal(dispute?.status, status);
  }
  for (const status of ["pending", "funds_reinstated"]) {
    assert.match(reasonOf(bent(event, "status", status), "parked"), /: status/);
  }
});
