// The buyer's key over HTTP, of the real process: pay, wait, key; and everybody who tries without.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { type Bridge, bridgeTest, product } from "./bridge.ts";

const now = new Date();
const origin = "https://shop.example.com";
const settings = {
  PUBLIC_ORIGIN: `${origin}, http://localhost:8000`,
  // Thousands ask at once, and nobody here is to give up on Cryptlex for that.
  CRYPTLEX_TIMEOUT_MS: "20000",
};
const price = { price: "price_app", product: "prod_app", amount: 1900, interval: "month" } as const;

function asking(bridge: Bridge) {
  const ask = async (sessionId: string, headers: Record<string, string> = { origin }) => {
    const query = `?session_id=${encodeURIComponent(sessionId)}`;
    const url = `${bridge.function.url}/stripe-cryptlex/license${query}`;
    const response = await fetch(url, { headers });
    const { date: _date, ...told } = Object.fromEntries(response.headers);
    return { status: response.status, text: await response.text(), headers: told };
  };
  /** The keys once they are there. */
  const keys = (sessionId: string): Promise<string[]> =>
    eventually(async () => {
      const { status, text } = await ask(sessionId);
      if (status === 200) {
        const { licenses } = JSON.parse(text) as { licenses: { key: string }[] };
        return licenses.map(({ key }) => key);
      }
      assert.equal(status, 202, text);
      return null;
    });
  /** How long this session has been left alone, as seen from the database. */
  const rested = (seconds: number) =>
    bridge.lite.query(
      "update licensing.key_requests set asked_at = asked_at - $1::int * interval '1 second'",
      [seconds],
    );
  return { ask, keys, rested };
}

bridgeTest("a buyer sees the key of what they paid for", { settings }, async (bridge, t) => {
  const { ask, keys, rested } = asking(bridge);
  let seed = 4200;
  const subscribe = () => {
    seed++;
    const email = `buyer-${seed}@example.com`;
    return createStripeShop({ seed, now }).subscribe({ email, price, startedAt: now });
  };
  const known = (stripeId: string) => bridge.usable(stripeId).map(({ key }) => key);

  await t.step("nothing is known before the event, and the key is there after it", async () => {
    const sale = subscribe();
    const before = await ask(sale.sessionId);
    assert.deepEqual([before.status, before.text], [404, '{"message":"not found"}']);
    await bridge.send(sale.checkoutCompleted());
    const shown = await keys(sale.sessionId);
    assert.equal(shown.length, 1);
    assert.deepEqual(shown, known(sale.id));
    const [license] = bridge.usable(sale.id);
    await rested(60);
    const { text, headers } = await ask(sale.sessionId);
    const [first] = JSON.parse(text).licenses;
    assert.equal(first.product, product.id);
    assert.equal(Date.parse(first.expiresAt), Date.parse(license?.expiresAt ?? ""));
    assert.deepEqual([headers["access-control-allow-origin"], headers["cache-control"]], [
      origin,
      "no-store",
    ]);
  });

  await t.step("it costs one round trip and one call, and nothing of it is kept", async () => {
    const sale = subscribe();
    await bridge.send(sale.checkoutCompleted());
    await bridge.settled(sale.checkoutCompleted());
    bridge.forget();
    const [key] = await keys(sale.sessionId);
    assert.deepEqual(bridge.databaseCalls(), ["claim_license_keys"]);
    assert.deepEqual(
      bridge.sandbox.calls().map(({ method, path }) => `${method} ${path.replace(/[^/]*$/, "")}`),
      ["GET /v3/licenses/"],
    );
    const tables = await bridge.lite.query<{ name: string }>(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'licensing'",
    );
    assert.ok(tables.length > 8);
    for (const { name } of tables) {
      const [found] = await bridge.lite.query<{ n: number }>(
        `select count(*)::int as n from ${name} r where r::text like '%' || $1 || '%'`,
        [key],
      );
      assert.equal(found?.n, 0, name);
    }
    assert.ok(!bridge.function.output().includes(String(key)));
    assert.ok(!bridge.function.output().includes(sale.sessionId));
  });

  await t.step("a license suspended or revoked in Cryptlex is as good as none", async () => {
    for (const change of [{ suspended: true }, { revoked: true }]) {
      const sale = subscribe();
      await bridge.send(sale.checkoutCompleted());
      await keys(sale.sessionId);
      const [license] = bridge.usable(sale.id);
      const response = await fetch(
        `${bridge.settings["CRYPTLEX_WEB_API_BASE_URL"]}/v3/licenses/${license?.id}`,
        {
          method: "PATCH",
          headers: {
            authorization: `Bearer ${bridge.settings["CRYPTLEX_ACCESS_TOKEN"]}`,
            "content-type": "application/json",
          },
          body: JSON.stringify(change),
        },
      );
      assert.equal(response.status, 200, await response.text());
      assert.equal((await ask(sale.sessionId)).status, 404);
    }
  });

  await t.step("a debit shows nothing until the money is there", async () => {
    const order = createStripeShop({ seed: ++seed, now })
      .buy({ email: "debit@example.com", amount: 100, paymentStatus: "unpaid" });
    await bridge.send(order.completed());
    await bridge.settled(order.completed());
    assert.equal((await ask(order.sessionId)).status, 404);
    await bridge.send(order.asyncPaymentSucceeded());
    assert.deepEqual(await keys(order.sessionId), known(order.id));
  });

  await t.step("every key of an order is shown", async () => {
    await bridge.lite.query(
      `insert into licensing.plans (stripe_id, cryptlex_product_id, seats)
       values ($1, $2, 'licenses')`,
      [price.price, product.id],
    );
    const sale = createStripeShop({ seed: ++seed, now }).subscribe({
      email: "team@example.com",
      price: { ...price, quantity: 3 },
      startedAt: now,
    });
    await bridge.send(sale.checkoutCompleted());
    await bridge.settled(sale.checkoutCompleted());
    const waiting = await ask(sale.sessionId);
    assert.deepEqual([waiting.status, waiting.headers["retry-after"]], [202, "2"]);
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    bridge.forget();
    const shown = await keys(sale.sessionId);
    assert.equal(new Set(shown).size, 3);
    assert.deepEqual([...shown].sort(), known(sale.id).sort());
    assert.equal(bridge.sandbox.calls().length, 1);
    await bridge.lite.query("delete from licensing.plans");
  });
});

bridgeTest("who did not pay sees nothing, and disturbs nobody", { settings }, async (bridge, t) => {
  const { ask, keys, rested } = asking(bridge);
  const shop = createStripeShop({ seed: 4300, now });
  const subscribe = (n: number) =>
    shop.subscribe({ email: `buyer-${n}@example.com`, price, startedAt: now });
  const victim = subscribe(1);
  await bridge.send(victim.checkoutCompleted());
  const [key = ""] = await keys(victim.sessionId);
  await rested(600);

  await t.step("what is near to a session of another opens nothing", async () => {
    const id = victim.sessionId;
    const { subscription, invoice } = victim.checkoutCompleted().data.object;
    const tries = [
      ...[id.slice(0, -1), `${id}x`, id.toUpperCase(), id.replace("cs_test_", "cs_live_")],
      ...[` ${id}`, `${id}\n`, `${id}%`, `${id}\0`, `${id}' or '1'='1`, `%`, "cs_test_%"],
      ...[String(subscription), String(invoice), victim.customer.id, "", "x".repeat(10_000)],
    ];
    const first = await ask("cs_test_none");
    for (const attempt of tries) assert.deepEqual(await ask(attempt), first, attempt.slice(0, 99));
  });

  await t.step("a page of another origin gets no key, though it knows the session", async () => {
    for (const foreign of ["https://evil.example.com", `${origin}.evil.com`, "null"]) {
      const { status, text, headers } = await ask(victim.sessionId, { origin: foreign });
      assert.equal(status, 404);
      assert.ok(!text.includes(key));
      assert.equal(headers["access-control-allow-origin"], undefined);
    }
  });

  await t.step("one customer's session never shows another's key", async () => {
    const sales = Array.from({ length: 6 }, (_, n) => subscribe(100 + n));
    await bridge.send(...sales.map((sale) => sale.checkoutCompleted()));
    await bridge.settled(...sales.map((sale) => sale.checkoutCompleted()));
    const shown = await Promise.all(sales.map((sale) => keys(sale.sessionId)));
    for (const [at, sale] of sales.entries()) {
      assert.deepEqual(shown[at], bridge.usable(sale.id).map((license) => license.key));
    }
  });

  await t.step("two thousand guesses cost Cryptlex nothing, and a webhook nothing", async () => {
    bridge.forget();
    const guess = () => `cs_test_a1${crypto.randomUUID().replaceAll("-", "").repeat(2)}`;
    const sale = subscribe(200);
    const answers: Promise<number>[] = [];
    for (let n = 0; n < 2000; n++) {
      answers.push(ask(guess()).then(({ status }) => status));
      if (n === 1000) await bridge.send(sale.checkoutCompleted());
      if (n % 50 === 49) await Promise.all(answers.splice(0)).then(all404);
    }
    await bridge.settled(sale.checkoutCompleted());
    const others = bridge.databaseCalls().filter((door) => door !== "claim_license_keys");
    assert.deepEqual(others, ["record_stripe_event", "settle_purchase"]);
    assert.deepEqual(bridge.sandbox.calls().map(({ method, path }) => `${method} ${path}`), [
      "POST /v3/users",
      "POST /v3/licenses",
    ]);
    const rows = await bridge.lite.query("select from licensing.key_requests");
    assert.equal(rows.length, 7, "the buyers above, and no guess");
  });

  await t.step("malformed ids do not even reach the database", async () => {
    bridge.forget();
    const answers = Array.from({ length: 500 }, (_, n) => ask(`cs_test_${n}`));
    all404((await Promise.all(answers)).map(({ status }) => status));
    assert.deepEqual(bridge.databaseCalls(), []);
  });

  await t.step("a thousand asks of one buyer are a few calls, and then they wait", async () => {
    await rested(600);
    bridge.forget();
    const statuses: number[] = [];
    for (let burst = 0; burst < 20; burst++) {
      const answers = Array.from({ length: 50 }, () => ask(victim.sessionId));
      statuses.push(...(await Promise.all(answers)).map(({ status }) => status));
    }
    assert.deepEqual([...new Set(statuses)].sort(), [200, 202]);
    const calls = bridge.sandbox.calls().length;
    assert.equal(calls, statuses.filter((status) => status === 200).length);
    assert.ok(calls <= 4, `${calls} calls`);
    await rested(60);
    assert.equal((await ask(victim.sessionId)).status, 200);
  });

  await t.step("while the database is away nothing is told apart", async () => {
    bridge.databaseDown(true);
    const [mine, guessed] = await Promise.all([
      ask(victim.sessionId),
      ask(`cs_test_a1${"x".repeat(56)}`),
    ]);
    bridge.databaseDown(false);
    assert.equal(mine.status, 503);
    assert.deepEqual(mine, guessed);
  });

  await t.step("a day later it is as if the session had never been", async () => {
    await bridge.lite.query(
      "update licensing.stripe_events set event_created_at = event_created_at - interval '1 day'",
    );
    assert.deepEqual(await ask(victim.sessionId), await ask("cs_test_none"));
  });

  await t.step("nothing of it is in the log", () => {
    for (const secret of [key, victim.sessionId]) {
      assert.ok(!bridge.function.output().includes(secret));
    }
  });
});

bridgeTest("without PUBLIC_ORIGIN there is nothing to ask", {}, async (bridge) => {
  const { ask } = asking(bridge);
  const sale = createStripeShop({ seed: 4400, now })
    .subscribe({ email: "a@example.com", price, startedAt: now });
  await bridge.send(sale.checkoutCompleted());
  await bridge.settled(sale.checkoutCompleted());
  bridge.forget();
  const { status, headers } = await ask(sale.sessionId);
  assert.equal(status, 404);
  assert.equal(headers["access-control-allow-origin"], undefined);
  assert.deepEqual(bridge.databaseCalls(), []);
});

function all404(statuses: readonly number[]): void {
  assert.ok(statuses.every((status) => status === 404), String([...new Set(statuses)]));
}
