import assert from "node:assert/strict";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";

const shop = createStripeShop();

Deno.test("a new customer is somebody to know, and buys nothing", () => {
  const customer = shop.customer({ email: " ada@example.com ", name: "Ada" });
  const event = customer.created();
  const { at, by } = { at: event.created, by: event.id };
  assert.deepEqual(factsOf(event), {
    kind: "facts",
    stripeIds: [customer.id],
    customerId: customer.id,
    opensSale: true,
    facts: {
      ...nothing,
      customerId: { value: customer.id, at, by },
      email: { value: "ada@example.com", at, by },
      name: { value: "Ada", at, by },
    },
  });
});

Deno.test("a customer without a name is known without one", () => {
  assert.equal(factsOf(shop.customer({ email: "ada@example.com" }).created()).facts.name, null);
});

Deno.test("a customer without an e-mail is ignored: a sale will bring one", () => {
  for (const email of [null, "", "  "]) {
    assert.match(reasonOf(shop.customer({ email, name: "Ada" }).created(), "ignored"), /e-mail/);
  }
});

Deno.test("a deleted customer is to be forgotten, whatever else the event says", () => {
  const customer = shop.customer({ email: "ada@example.com", name: "Ada" });
  const event = customer.deleted();
  const deleted = {
    kind: "facts",
    stripeIds: [customer.id],
    customerId: customer.id,
    opensSale: false,
    facts: {
      ...nothing,
      customerId: { value: customer.id, at: event.created, by: event.id },
      erased: true,
    },
  };
  assert.deepEqual(factsOf(event), deleted);
  assert.deepEqual(factsOf(bent(event, "email", { of: "another type" })), deleted);
  assert.deepEqual(factsOf(bent(event, "name", undefined)), deleted);
});

Deno.test("both payload shapes of a customer say the same", () => {
  const [basil, acacia] = (["basil", "acacia"] as const).map((shape) =>
    factsOf(createStripeShop({ shape }).customer({ email: "ada@example.com" }).created())
  );
  assert.deepEqual(basil, acacia);
});
