// The function's HTTP contract, asked of the real process.

import { strict as assert } from "node:assert";
import { deliver, signatureHeader } from "../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { bridgeTest, cronSecret, webhookSecret } from "./bridge.ts";

const settings = { STRIPE_WEBHOOK_SECRET: `whsec_of_another_endpoint, ${webhookSecret}` };

bridgeTest("the door lets Stripe in and nobody else", { settings }, async (bridge, t) => {
  const shop = createStripeShop({ seed: 500, now: new Date() });
  const endpoint = `${bridge.function.url}/stripe-cryptlex`;
  const recorded = async () =>
    (await bridge.lite.query<{ n: number }>(
      "select count(*)::int as n from licensing.stripe_events",
    ))[0]?.n;

  await t.step(
    "refuses what is not signed, is signed by another, is old, or was changed",
    async () => {
      const event = shop.other("product.created");
      const body = JSON.stringify(event);
      const tenMinutes = 10 * 60 * 1000;
      const refusals = [
        fetch(endpoint, { method: "POST", body }),
        deliver(endpoint, event, { secret: "whsec_wrong" }),
        deliver(endpoint, event, { secret: webhookSecret, at: new Date(Date.now() - tenMinutes) }),
        deliver(endpoint, event, { secret: webhookSecret, at: new Date(Date.now() + tenMinutes) }),
        fetch(endpoint, {
          method: "POST",
          headers: { "stripe-signature": await signatureHeader(body, { secret: webhookSecret }) },
          body: body.replace("product.created", "product.deleted"),
        }),
        deliver(endpoint, "this is no event", { secret: webhookSecret }),
      ];
      for (const response of await Promise.all(refusals)) {
        assert.equal(response.status, 400);
        await response.body?.cancel();
      }
      assert.equal(await recorded(), 0);
    },
  );

  await t.step("takes a delivery signed for either endpoint", async () => {
    for (const secret of ["whsec_of_another_endpoint", webhookSecret]) {
      const response = await deliver(endpoint, shop.other("product.created"), { secret });
      assert.equal(response.status, 200);
      await response.body?.cancel();
    }
    assert.equal(await recorded(), 2);
  });

  await t.step("ignores what says nothing about licenses, with a reason", async () => {
    const thin = shop.thin("v1.customer.created");
    const other = shop.other("charge.succeeded");
    await bridge.send(thin, other);
    const rows = await bridge.rows(thin, other);
    assert.deepEqual(rows.map((row) => row.status), ["ignored", "ignored"]);
    assert.match(rows[0]?.outcome ?? "", /thin event/);
  });

  await t.step("parks a handled type it cannot understand, naming the field", async () => {
    const sale = shop.subscribe({
      email: "f@example.com",
      price: { amount: 1, interval: "month" },
    });
    const event = sale.firstInvoicePaid();
    delete event.data.object["lines"];
    await bridge.send(event);
    const [row] = await bridge.rows(event);
    assert.equal(row?.status, "parked");
    assert.match(row?.last_error ?? "", /lines/);
  });

  await t.step("reads an event again that is set back to pending", async () => {
    const sale = shop.subscribe({
      email: "g@example.com",
      price: { amount: 1, interval: "month" },
    });
    const event = sale.firstInvoicePaid();
    const whole = event.data.object["lines"];
    delete event.data.object["lines"];
    await bridge.send(event);
    await bridge.lite.query(
      `update licensing.stripe_events set status = 'pending',
         payload = jsonb_set(payload, '{data,object,lines}', $2::text::jsonb) where event_id = $1`,
      [event.id, JSON.stringify(whole)],
    );
    const [row] = await bridge.settled(event);
    assert.equal(row?.status, "applied");
    assert.equal(bridge.usable(sale.id).length, 1);
  });

  await t.step("answers 413 to more than a mebibyte before it is sent", async () => {
    const { hostname, port } = new URL(endpoint);
    const connection = await Deno.connect({ hostname, port: Number(port) });
    const head =
      `POST /stripe-cryptlex HTTP/1.1\r\nhost: ${hostname}\r\ncontent-length: 1048577\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    const answer = new Uint8Array(1024);
    const length = await connection.read(answer);
    connection.close();
    assert.match(new TextDecoder().decode(answer.subarray(0, length ?? 0)), /^HTTP\/1.1 413 /);
  });

  await t.step("answers 405 to other methods and 404 to other paths", async () => {
    for (
      const [method, path, status] of [
        ["GET", "", 405],
        ["PUT", "", 405],
        ["GET", "/drain", 405],
        ["POST", "/health", 405],
        ["POST", "/elsewhere", 404],
      ] as const
    ) {
      const response = await fetch(`${endpoint}${path}`, { method });
      assert.equal(response.status, status);
      await response.body?.cancel();
    }
  });

  await t.step("answers 503 while nothing can be recorded, and takes the resend", async () => {
    const order = shop.buy({ email: "h@example.com", amount: 100, paymentStatus: "paid" });
    bridge.databaseDown(true);
    const refused = await bridge.post(order.completed());
    assert.equal(refused.status, 503);
    await refused.body?.cancel();
    bridge.databaseDown(false);
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal(bridge.usable(order.id).length, 1);
  });

  await t.step("tells anybody that it lives, and figures to who has the secret", async () => {
    const open = await fetch(`${endpoint}/health`);
    assert.deepEqual(await open.json(), { status: "ok" });
    for (const authorization of ["Bearer wrong", "Basic x", `Bearer ${cronSecret}x`]) {
      const refused = await fetch(`${endpoint}/health`, { headers: { authorization } });
      assert.equal(refused.status, 401);
      await refused.body?.cancel();
    }
    const figures = await fetch(`${endpoint}/health`, {
      headers: { authorization: `Bearer ${cronSecret}` },
    });
    const { pending, parked, oldest_pending, retrying, paused_until } = await figures.json();
    assert.deepEqual([pending, retrying, oldest_pending, paused_until], [0, 0, null, null]);
    assert.equal(parked, 1);
  });

  await t.step("drains for who has the secret only", async () => {
    for (const headers of [{}, { authorization: "Bearer wrong" }]) {
      const refused = await fetch(`${endpoint}/drain`, { method: "POST", headers });
      assert.equal(refused.status, 401);
      await refused.body?.cancel();
    }
    assert.deepEqual(await bridge.drain(), { settled: 0, retrying: 0, parked: 0, pending: 0 });
  });

  await t.step("writes no secret, e-mail or payload into its log", () => {
    const output = bridge.function.output();
    assert.match(output, /"action":"record"/);
    for (const secret of [webhookSecret, cronSecret, "@example.com", "sandbox-access-token"]) {
      assert.ok(!output.includes(secret), secret);
    }
  });
});
