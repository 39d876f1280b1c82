import assert from "node:assert/strict";
import fc from "fast-check";
import { decide, type DecisionContext } from "../../functions/stripe-cryptlex/decide.ts";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { ignoredSeats } from "../../functions/stripe-cryptlex/seats.ts";
import { anyLife, type Life, prices } from "./builders/any_life.ts";
import { anyPurchase } from "./builders/any_purchase.ts";
import { asStored } from "./builders/as_stored.ts";
import { anyDelivery, mergedInBatches, mergedInOrder } from "./builders/merged.ts";
import { policyWith } from "./builders/policy_with.ts";
import {
  itemWith,
  lineWith,
  purchaseWith,
  said,
  saidAt,
  sessionWith,
  termsOf,
} from "./builders/purchase_with.ts";

Deno.test("merging does not mind which of two comes first", () => {
  fc.assert(fc.property(anyPurchase, anyPurchase, (a, b) => {
    assert.deepEqual(merge(a, b), merge(b, a));
  }));
});

Deno.test("merging does not mind how three are grouped", () => {
  fc.assert(fc.property(anyPurchase, anyPurchase, anyPurchase, (a, b, c) => {
    assert.deepEqual(merge(merge(a, b), c), merge(a, merge(b, c)));
  }));
});

Deno.test("merging what is already known changes nothing", () => {
  fc.assert(fc.property(anyPurchase, anyPurchase, (a, b) => {
    assert.deepEqual(merge(a, a), a);
    assert.deepEqual(merge(merge(a, b), b), merge(a, b));
  }));
});

Deno.test("once erased, no e-mail, name or company comes back, whatever is merged in whatever order", () => {
  const erasure = purchaseWith({ erased: true });
  const delivery = fc.array(anyPurchase, { minLength: 1, maxLength: 5 }).chain((known) =>
    fc.record({
      facts: anyDelivery([...known, erasure]),
      picks: fc.array(fc.nat(99), { minLength: 1 }),
    })
  );
  fc.assert(fc.property(delivery, ({ facts, picks }) => {
    for (const merged of [mergedInOrder(facts), mergedInBatches(facts, picks)]) {
      const { erased, email, name, company } = merged;
      assert.deepEqual([erased, email, name, company], [true, null, null, null]);
    }
  }));
});

Deno.test("what a buyer is called goes before what an invoice calls it, whichever is newer", () => {
  const called = purchaseWith({ name: said("Ada", { at: saidAt }) });
  const billed = purchaseWith({
    name: { ...said("Engines Ltd", { at: saidAt + 1 }), billed: true },
  });
  assert.equal(merge(called, billed).name?.value, "Ada");
  assert.equal(merge(billed, called).name?.value, "Ada");
  const later = purchaseWith({ name: said("Ada Lovelace", { at: saidAt + 2 }) });
  assert.equal(merge(merge(billed, later), called).name?.value, "Ada Lovelace");
  assert.equal(merge(billed, purchaseWith()).name?.value, "Engines Ltd");
});

Deno.test("an erasure takes nothing but e-mail, name and company", () => {
  fc.assert(fc.property(anyPurchase, (a) => {
    const expected = { ...a, erased: true, email: null, name: null, company: null };
    assert.deepEqual(merge(a, purchaseWith({ erased: true })), expected);
  }));
});

Deno.test("a function of before erasures were known keeps one for the next", () => {
  const { erased: _, ...before } = nothing;
  const older = merge(before as Purchase, purchaseWith({ erased: true }));
  assert.equal(older.erased, true);
});

Deno.test("merging with nothing changes nothing", () => {
  fc.assert(fc.property(anyPurchase, (a) => {
    assert.deepEqual(merge(a, nothing), a);
    assert.deepEqual(merge(nothing, a), a);
  }));
});

Deno.test("what was stored, its keys in another order, merges to the same text as what was not", () => {
  fc.assert(fc.property(anyPurchase, anyPurchase, (a, b) => {
    const merged = JSON.stringify(asStored(merge(a, b)));
    assert.equal(JSON.stringify(asStored(merge(asStored(a), b))), merged);
    assert.equal(JSON.stringify(asStored(merge(asStored(b), asStored(a)))), merged);
  }));
});

Deno.test("what a newer release knows of a purchase is kept, whichever comes first", () => {
  const newer = { ...nothing, credits: { cn_1: 5 } };
  const newest = { ...nothing, credits: { cn_1: 7 } };
  const session = { ...sessionWith(), currency: "usd" };
  const known = purchaseWith({ sessions: { cs_1: sessionWith() } });
  const said = purchaseWith({ sessions: { cs_1: session } });
  for (const merged of [merge(newer, known), merge(known, newer)]) {
    assert.deepEqual(merged, { ...newer, sessions: known.sessions });
  }
  assert.deepEqual(merge(newer, newest), newest);
  assert.deepEqual(merge(newest, newer), newest);
  assert.deepEqual(merge(known, said), said);
});

Deno.test("a payment only gets further: unpaid, failed, paid", () => {
  const after = (...payments: ("unpaid" | "failed" | "paid")[]) =>
    payments.map((payment) => purchaseWith({ sessions: { cs_1: sessionWith({ payment }) } }))
      .reduce(merge).sessions.cs_1?.payment;
  assert.equal(after("unpaid", "failed"), "failed");
  assert.equal(after("paid", "failed"), "paid");
  assert.equal(after("paid", "unpaid"), "paid");
});

Deno.test("a completed session stays completed", () => {
  const session = (completed: boolean) =>
    purchaseWith({ sessions: { cs_1: sessionWith({ completed }) } });
  assert.equal(merge(session(true), session(false)).sessions.cs_1?.completed, true);
});

Deno.test("what ended stays ended, and who is to be a user stays so", () => {
  const merged = merge(purchaseWith({ ended: true, wantsUser: true }), nothing);
  assert.deepEqual([merged.ended, merged.wantsUser], [true, true]);
});

Deno.test("what a session sold is known once somebody asked", () => {
  const asked = sessionWith({
    payment: "unpaid",
    completed: false,
    lines: { li_1: said(lineWith()) },
  });
  const known = purchaseWith({
    sessions: { cs_1: sessionWith({ terms: said(termsOf("product-a")) }) },
  });
  const merged = merge(
    known,
    purchaseWith({ sessions: { cs_1: { ...asked, terms: { value: null, at: 0, by: "" } } } }),
  );
  assert.deepEqual(merged.sessions.cs_1, { ...known.sessions.cs_1, lines: asked.lines });
});

Deno.test("the longest trial counts", () => {
  const trial = (trialThrough: number | null) => purchaseWith({ trialThrough });
  assert.equal(merge(trial(100), trial(200)).trialThrough, 200);
  assert.equal(merge(trial(100), trial(null)).trialThrough, 100);
});

Deno.test("the latest paid period counts, the newest line names the price", () => {
  const early = itemWith({ priceId: "price_new" }, { paidThrough: 100, paidFrom: 50 });
  const late = itemWith({ priceId: "price_old" }, { paidThrough: 200, paidFrom: 150 });
  const merged = merge(
    purchaseWith({ items: { si_1: { ...early, line: { ...early.line, at: 20 } } } }),
    purchaseWith({ items: { si_1: { ...late, line: { ...late.line, at: 10 } } } }),
  );
  assert.equal(merged.items.si_1?.paidThrough, 200);
  assert.equal(merged.items.si_1?.paidFrom, 150);
  assert.equal(merged.items.si_1?.line.value.priceId, "price_new");
});

Deno.test("an item is an item, whatever it is called", () => {
  for (const id of ["constructor", "__proto__", "toString"]) {
    const items = Object.fromEntries([[id, itemWith()]]);
    for (const before of [nothing, purchaseWith({ items })]) {
      assert.deepEqual(Object.entries(merge(before, purchaseWith({ items })).items), [
        [id, itemWith()],
      ]);
    }
  }
});

Deno.test("what Stripe dated last counts, whatever came last", () => {
  const older = purchaseWith({ email: said("old@example.com", { at: 10, by: "evt_9" }) });
  const newer = purchaseWith({ email: said("new@example.com", { at: 20, by: "evt_1" }) });
  assert.equal(merge(newer, older).email?.value, "new@example.com");
  assert.equal(merge(older, newer).email?.value, "new@example.com");
});

Deno.test("of one second the event with the higher id counts", () => {
  const terms = (productId: string, by: string) =>
    purchaseWith({ subscriptionTerms: said(termsOf(productId), { by }) });
  const merged = merge(terms("product-b", "evt_2"), terms("product-a", "evt_1"));
  assert.equal(merged.subscriptionTerms?.value?.productId, "product-b");
});

const setting = { plans: [], hasPlans: false, productId: "product-setting" };
const planned = {
  plans: prices.map((stripeId) => ({
    stripeId,
    cryptlexProductId: `product-${stripeId}`,
    licenseTemplateId: null,
    entitlementSetId: null,
    seats: ignoredSeats,
  })),
  hasPlans: true,
  productId: null,
};

/** What is decided, without its words for people. */
function wanted(purchase: Purchase, context: DecisionContext) {
  const { reason: _words, ...wanted } = { reason: null, ...decide(purchase, context) };
  return wanted;
}

Deno.test("however Stripe delivers a life, the same licenses are wanted in the end", () => {
  const delivered = anyLife.chain((life: Life) =>
    fc.record({
      life: fc.constant(life),
      delivery: anyDelivery(life.facts),
      picks: fc.array(fc.nat(1000), { minLength: 1 }),
    })
  );
  fc.assert(fc.property(delivered, ({ life, delivery, picks }) => {
    const natural = mergedInOrder(life.facts);
    const otherwise = mergedInBatches(delivery, picks);
    assert.deepEqual(asStored(otherwise), asStored(natural));
    for (const catalog of [setting, planned]) {
      const context = {
        purchaseId: life.purchaseId,
        catalog,
        policy: policyWith(),
        known: [],
        hasUser: false,
      };
      assert.deepEqual(wanted(otherwise, context), wanted(natural, context));
    }
  }));
});
