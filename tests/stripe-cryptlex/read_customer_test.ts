import assert from "node:assert/strict";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bent } from "./builders/bent.ts";
import { factsOf, reasonOf } from "./builders/facts_of.ts";

const shop = createStripeShop();
const later = new Date("2026-11-03T10:00:00Z");

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
      wantsUser: true,
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

Deno.test("a business is the company, and its person the name", () => {
  const named = { email: "ada@example.com", name: "Engines Ltd", businessName: "Engines Ltd" };
  const { facts } = factsOf(shop.customer({ ...named, individualName: "Ada" }).created());
  assert.deepEqual([facts.name?.value, facts.company?.value], ["Ada", "Engines Ltd"]);
  const nobody = factsOf(shop.customer(named).created()).facts;
  assert.deepEqual([nobody.name?.value, nobody.company?.value], ["Engines Ltd", "Engines Ltd"]);
});

Deno.test("a changed customer is known as it is now, and is made no user for it", () => {
  const customer = shop.customer({ email: "ada@example.com", name: "Ada" });
  const event = customer.updated({ at: later, name: "Ada Lovelace", businessName: "Engines Ltd" });
  const { at, by } = { at: event.created, by: event.id };
  assert.deepEqual(factsOf(event), {
    kind: "facts",
    stripeIds: [customer.id],
    customerId: customer.id,
    opensSale: false,
    facts: {
      ...nothing,
      customerId: { value: customer.id, at, by },
      email: { value: "ada@example.com", at, by },
      name: { value: "Ada Lovelace", at, by },
      company: { value: "Engines Ltd", at, by },
    },
  });
});

Deno.test("a name may change without an e-mail", () => {
  const { facts } = factsOf(shop.customer().updated({ at: later, name: "Ada" }));
  assert.deepEqual([facts.email, facts.name?.value], [null, "Ada"]);
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
  const [basil, acacia] = (["basil", "acacia"] as const).map((shape) => {
    const customer = createStripeShop({ shape }).customer({ email: "ada@example.com" });
    return [customer.created(), customer.updated({ at: later, name: "Ada" })].map(factsOf);
  });
  assert.deepEqual(basil, acacia);
});
