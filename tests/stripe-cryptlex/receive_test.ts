import assert from "node:assert/strict";
import { createBackground } from "../../functions/stripe-cryptlex/background.ts";
import { NotAnEventError } from "../../functions/stripe-cryptlex/read_event.ts";
import { receive } from "../../functions/stripe-cryptlex/receive.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";
import { worldWith } from "./builders/world_with.ts";

const shop = createStripeShop();
const customer = shop.customer({ email: "ada@example.com", name: "Ada Lovelace" });

Deno.test("an event is recorded as it came, and logged by its ids alone", async () => {
  const ledger = createFakeLedger();
  const world = worldWith({ ledger });
  await receive(customer.created(), world, createBackground(assert.ifError));
  assert.deepEqual(ledger.recorded[0]?.payload, customer.created());
  const { ms: _, ...entry } = world.logged[0] ?? { action: "" };
  assert.deepEqual(entry, {
    action: "record",
    event_id: customer.created().id,
    event_type: "customer.created",
    status: "pending",
  });
  assert.doesNotMatch(JSON.stringify(world.logged), /ada|Lovelace/i);
});

Deno.test("what says nothing about licenses is logged with the reason", async () => {
  const world = worldWith();
  await receive(shop.other("product.created"), world, createBackground(assert.ifError));
  const [entry] = world.logged;
  assert.equal(entry?.status, "ignored");
  assert.match(String(entry?.outcome), /says nothing about licenses/);
});

Deno.test("a purchase that is free is worked on in the background", async () => {
  const record = () => Promise.resolve({ duplicate: false, claim: claimOf() });
  const ledger = createFakeLedger({ record });
  const background = createBackground(assert.ifError);
  const world = worldWith({ ledger });
  await receive(customer.created(), world, background);
  await background.idle();
  assert.equal(ledger.settled[0]?.claim.purchaseId, "sub_1");
  assert.equal(world.logged[0]?.purchase_id, "sub_1");
});

Deno.test("what is no event is refused before the ledger hears of it", async () => {
  const ledger = createFakeLedger();
  const received = receive({ id: 5 }, worldWith({ ledger }), createBackground(assert.ifError));
  await assert.rejects(received, NotAnEventError);
  assert.deepEqual(ledger.recorded, []);
});
