import assert from "node:assert/strict";
import { asSeparateEvent, createEvent } from "../../../tools/stripe_sandbox/stripe_event.ts";

const object = { id: "prod_1", object: "product", created: 1_780_000_000 };

Deno.test("an event wraps its object in Stripe's envelope", () => {
  assert.deepEqual(createEvent("product.created", object, { id: "evt_1", livemode: true }), {
    id: "evt_1",
    object: "event",
    api_version: "2025-03-31.basil",
    created: 1_780_000_000,
    data: { object },
    livemode: true,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: "product.created",
  });
});

Deno.test("the api version tells the shape, and a time given replaces the object's own", () => {
  const created = new Date("2026-01-01T00:00:00.900Z");
  const event = createEvent("product.created", object, { shape: "acacia", created });
  assert.equal(event.api_version, "2025-02-24.acacia");
  assert.equal(event.created, 1_767_225_600);
});

Deno.test("without an id of its own the same event has the same id, another one another", () => {
  const event = createEvent("product.created", object);
  assert.match(event.id, /^evt_1[0-9A-Za-z]{23}$/);
  assert.equal(createEvent("product.created", object).id, event.id);
  assert.notEqual(createEvent("product.updated", object).id, event.id);
  assert.notEqual(createEvent("product.created", { ...object, name: "x" }).id, event.id);
});

Deno.test("a separate event tells the same change under another id and shares nothing", () => {
  const event = createEvent("product.created", { ...object });
  const separate = asSeparateEvent(event, "evt_other");
  assert.deepEqual({ ...separate, id: event.id }, event);
  assert.equal(separate.id, "evt_other");
  separate.data.object.name = "changed";
  assert.equal(event.data.object.name, undefined);
});
