// The shop of development: a pretended payment leads to the success page, and its events follow.

import assert from "node:assert/strict";
import { join } from "node:path";
import { openShop, type Shop } from "../../../tools/dev/shop.ts";
import { readShopState } from "../../../tools/send/shop_state.ts";
import { eventually } from "../../eventually.ts";

type Delivered = { type: string; data: { object: Record<string, unknown> } };

/** A shop whose webhook answers so. */
async function withShop(
  status: number,
  use: (
    shop: Shop,
    seen: { events: Delivered[]; troubles: string[]; file: string },
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "shop-" });
  const events: Delivered[] = [];
  const troubles: string[] = [];
  const webhook = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    assert.match(request.headers.get("stripe-signature") ?? "", /^t=\d+,v1=/);
    events.push(await request.json());
    return new Response("said", { status });
  });
  const file = join(folder, "shop.json");
  const shop = openShop({
    port: 0,
    webhookUrl: `http://127.0.0.1:${webhook.addr.port}/stripe-cryptlex`,
    signingSecret: "whsec_1",
    stateFile: file,
    oneTimeProductId: "product-forever",
    products: { "product-app": "App" },
    newsAfterMs: 0,
    onTrouble: (message) => void troubles.push(message),
  });
  try {
    await use(shop, { events, troubles, file });
  } finally {
    await shop.stop();
    await webhook.shutdown();
    await Deno.remove(folder, { recursive: true });
  }
}

async function pay(shop: Shop, what: string): Promise<string> {
  const response = await fetch(`${shop.url}/${what}`, { method: "POST", redirect: "manual" });
  await response.body?.cancel();
  assert.equal(response.status, 303);
  const location = new URL(response.headers.get("location") ?? "", shop.url);
  assert.equal(location.pathname, "/success.html");
  return location.searchParams.get("session_id") ?? "";
}

Deno.test("every purchase leads to its own session, and is told in Stripe's events", async () => {
  const sold = {
    "sale": ["checkout.session.completed", "invoice.paid"],
    "one-time": ["checkout.session.completed"],
    "unpaid": ["checkout.session.completed"],
  };
  await withShop(200, async (shop, { events, troubles }) => {
    for (const [what, types] of Object.entries(sold)) {
      events.length = 0;
      const session = await pay(shop, what);
      assert.match(session, /^cs_test_\w{20,}$/);
      await eventually(() => events.length === types.length);
      assert.deepEqual(events.map(({ type }) => type), types);
      assert.equal(events[0]?.data.object["id"], session);
    }
    assert.deepEqual(troubles, []);
  });
});

Deno.test("what was sold is what the next sample event follows", async () => {
  await withShop(200, async (shop, { events, file }) => {
    await pay(shop, "sale");
    await eventually(() => events.length === 2);
    const { sale, lastEvent } = await readShopState(file);
    assert.ok(sale);
    assert.equal(lastEvent?.type, "invoice.paid");
  });
});

Deno.test("both pages are served, the merchant's with the shop's values", async () => {
  await withShop(200, async (shop) => {
    const checkout = await (await fetch(shop.url)).text();
    for (const what of ["sale", "one-time", "unpaid"]) {
      assert.ok(checkout.includes(`action="/${what}"`), what);
    }
    const success = await (await fetch(`${shop.url}/success.html`)).text();
    assert.match(success, /"license":"http:\/\/127\.0\.0\.1:\d+\/stripe-cryptlex\/license"/);
    for (const init of [{ method: "GET" }, { method: "POST" }]) {
      const other = await fetch(`${shop.url}/cancel`, init);
      await other.body?.cancel();
      assert.equal(other.status, 404);
    }
  });
});

Deno.test("an event that is refused is told", async () => {
  await withShop(400, async (shop, { troubles }) => {
    await pay(shop, "one-time");
    await eventually(() => troubles.length === 1);
    assert.equal(troubles[0], "The shop's event was answered 400: said");
  });
});
