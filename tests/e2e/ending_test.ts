// Beginning and end of a process: SIGTERM in the middle of the work, and a database that is not
// there at the start.

import { strict as assert } from "node:assert";
import { freePort } from "../../tools/local_stack/free_port.ts";
import type { FunctionProcess } from "../../tools/local_stack/function_process.ts";
import { deliver } from "../../tools/stripe_sandbox/sign.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { type Bridge, bridgeTest, webhookSecret } from "./bridge.ts";

const licenses = /^\/v3\/licenses$/;
const shop = createStripeShop({ seed: 1500, now: new Date() });
const subscribe = (email: string) =>
  shop.subscribe({ email, price: { amount: 1900, interval: "month" }, startedAt: new Date() });

async function statusOf(process: FunctionProcess, event: StripeEvent): Promise<number> {
  const response = await deliver(`${process.url}/stripe-cryptlex`, event, {
    secret: webhookSecret,
  });
  await response.body?.cancel();
  return response.status;
}

bridgeTest(
  "a process asked to end finishes what it can and leaves the rest to its lease",
  { sandbox: { latencyMs: 300 } },
  async (bridge, t) => {
    await t.step("what was just acknowledged is finished first", async () => {
      const process = await bridge.startAnother({});
      const event = subscribe("finished@example.com").firstInvoicePaid();
      assert.equal(await statusOf(process, event), 200);
      assert.equal(await process.kill("SIGTERM"), 0, process.output());
      assert.equal((await bridge.rows(event))[0]?.status, "applied");
      assert.match(process.output(), /nothing is left/);
    });

    await t.step("nothing new is taken in meanwhile", async () => {
      const process = await bridge.startAnother({});
      assert.equal(await statusOf(process, subscribe("in@example.com").firstInvoicePaid()), 200);
      const ended = process.kill("SIGTERM");
      await eventually(() => process.output().includes('"end"'));
      const late = subscribe("late@example.com").firstInvoicePaid();
      await assert.rejects(statusOf(process, late), TypeError);
      assert.equal(await ended, 0);
      assert.deepEqual(await bridge.rows(late), []);
    });

    await t.step("a call that hangs is given up, and another process ends it right", async () => {
      const sale = subscribe("hangs@example.com");
      bridge.sandbox.fault({ kind: "hang", method: "POST", path: licenses });
      bridge.forget();
      const process = await bridge.startAnother({ CRYPTLEX_TIMEOUT_MS: "2000" });
      assert.equal(await statusOf(process, sale.firstInvoicePaid()), 200);
      await createIsOut(bridge);
      assert.equal(await process.kill("SIGTERM"), 0, process.output());
      assert.equal((await bridge.rows(sale.firstInvoicePaid()))[0]?.status, "pending");
      await bridge.settled(sale.firstInvoicePaid());
      assert.equal(bridge.usable(sale.id).length, 1);
    });

    await t.step("one that may hang for longer is left to its lease", async () => {
      const [sale, process] = await hanging(bridge, "left@example.com");
      assert.equal(await process.kill("SIGTERM"), 0, process.output());
      assert.match(process.output(), /is left to its lease/);
      await leaseRunsOut(bridge, sale.id);
      await bridge.settled(sale.firstInvoicePaid());
      assert.equal(bridge.usable(sale.id).length, 1);
    });

    await t.step("asked twice it ends at once, and the rest is left all the same", async () => {
      const [sale, process] = await hanging(bridge, "twice@example.com");
      const ended = process.kill("SIGTERM");
      await eventually(() => process.output().includes('"end"'));
      assert.equal(await process.kill("SIGTERM"), 143, process.output());
      await ended;
      assert.doesNotMatch(process.output(), /"ended"/);
      await leaseRunsOut(bridge, sale.id);
      await bridge.settled(sale.firstInvoicePaid());
      assert.equal(bridge.usable(sale.id).length, 1);
    });
  },
);

bridgeTest("a process starts without its database", {}, async (bridge, t) => {
  const port = freePort();
  // Nobody listens there yet.
  const process = await bridge.startAnother({ SUPABASE_URL: `http://127.0.0.1:${port}` });
  const sale = subscribe("early@example.com");

  await t.step("it lives, and takes nothing it could lose", async () => {
    const health = await fetch(`${process.url}/stripe-cryptlex/health`);
    assert.deepEqual([health.status, await health.json()], [200, { status: "ok" }]);
    assert.equal(await statusOf(process, sale.firstInvoicePaid()), 503);
  });

  await t.step("once the database is back it works", async () => {
    const database = Deno.serve(
      { hostname: "127.0.0.1", port, onListen: () => {} },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const { method, headers } = request;
        const body = await request.arrayBuffer();
        const url = `${bridge.lite.url}${pathname}${search}`;
        return await bridge.lite.fetch(new Request(url, { method, headers, body }));
      },
    );
    assert.equal(await statusOf(process, sale.firstInvoicePaid()), 200);
    await bridge.settled(sale.firstInvoicePaid());
    assert.equal(bridge.usable(sale.id).length, 1);
    await process.stop();
    await database.shutdown();
  });
});

/** A sale, and the process that waits for the answer to its create, far longer than it may. */
async function hanging(bridge: Bridge, email: string) {
  bridge.sandbox.clearFaults();
  bridge.sandbox.fault({ kind: "hang", method: "POST", path: licenses });
  bridge.forget();
  const sale = subscribe(email);
  const process = await bridge.startAnother({ CRYPTLEX_TIMEOUT_MS: "60000" });
  assert.equal(await statusOf(process, sale.firstInvoicePaid()), 200);
  await createIsOut(bridge);
  return [sale, process] as const;
}

/** Nobody may touch it before; then somebody has to read first. */
async function leaseRunsOut(bridge: Bridge, purchaseId: string): Promise<void> {
  await bridge.drain({ ignore_backoff: true });
  const leased = await bridge.lite.query(
    `update licensing.purchases set lease_until = now()
     where purchase_id = $1 and lease_until > now() returning purchase_id`,
    [purchaseId],
  );
  assert.equal(leased.length, 1);
}

async function createIsOut(bridge: Bridge): Promise<void> {
  await eventually(() =>
    bridge.sandbox.calls().some((call) => call.status === null && licenses.test(call.path))
  );
}
