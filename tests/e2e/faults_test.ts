// The main job over HTTP while Cryptlex misbehaves: every answer lost, late or refused ends in the
// one right state.

import { strict as assert } from "node:assert";
import type { Fault } from "../../tools/cryptlex_sandbox/sandbox.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { eventually } from "../eventually.ts";
import { bridgeTest, impatient } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const graceMs = 3 * 24 * 60 * 60 * 1000;
const users = /^\/v3\/users$/;
const licenses = /^\/v3\/licenses$/;
const renewals = /\/renew$/;
const options = { settings: impatient };

bridgeTest("whatever Cryptlex answers, one license is right", options, async (bridge, t) => {
  let seed = 400;
  const subscribe = () =>
    createStripeShop({ seed: seed++, now: new Date() })
      .subscribe({ email: `fault-${seed}@example.com`, name: "Ann", price, startedAt: new Date() });

  const lost: readonly [string, Omit<Fault, "method" | "path">][] = [
    ["a connection lost before the write", { kind: "lost_before" }],
    ["a connection lost after the write", { kind: "lost_after" }],
    ["a 503 before the write", { kind: "status_before", status: 503 }],
    ["a 500 after the write", { kind: "status_after", status: 500 }],
    ["a 408 after the write", { kind: "status_after", status: 408 }],
    ["an answer that breaks off after the write", { kind: "broken_body_after" }],
    ["no answer at all", { kind: "hang" }],
    ["a redirect", { kind: "status_before", status: 302 }],
    ["a plain-text 429", { kind: "plain_429", retryAfterSeconds: 1 }],
    ["a write that lands late", { kind: "late_write", lateMs: 300 }],
  ];

  // Every fault at every call that writes; the purchases side by side, as each has to wait.
  await t.step("creating the user, creating the license", async () => {
    const sales = [];
    for (const [, fault] of lost) {
      for (const path of [users, licenses]) {
        bridge.sandbox.fault({ ...fault, method: "POST", path });
        const sale = subscribe();
        await bridge.send(sale.firstInvoicePaid(), sale.checkoutCompleted());
        sales.push(sale);
      }
    }
    await bridge.settled(...sales.map((sale) => sale.firstInvoicePaid()));
    await bridge.settled(...sales.map((sale) => sale.checkoutCompleted()));
    for (const sale of sales) {
      const usable = bridge.usable(sale.id);
      assert.equal(
        usable.length,
        1,
        `${lost[Math.floor(sales.indexOf(sale) / 2)]?.[0]} ${sales.indexOf(sale) % 2} ${sale.id}\n${
          bridge.function.output().split("\n").filter((l) => l.includes(sale.id)).join("\n")
        }`,
      );
      assertNear(usable[0]?.expiresAt, sale.periodEnd(0));
    }
    const emails = bridge.sandbox.users().map((user) => user.email);
    assert.equal(new Set(emails).size, emails.length);
  });

  await t.step("renewing", async () => {
    bridge.sandbox.clearFaults();
    const sales = [];
    for (let i = 0; i < lost.length; i++) {
      const sale = subscribe();
      await bridge.send(sale.firstInvoicePaid());
      await bridge.settled(sale.firstInvoicePaid());
      sales.push(sale);
    }
    for (const [index, sale] of sales.entries()) {
      bridge.sandbox.fault({ ...lost[index]?.[1] as Fault, method: "POST", path: renewals });
      await bridge.send(sale.renewalPaid(1));
    }
    await bridge.settled(...sales.map((sale) => sale.renewalPaid(1)));
    for (const sale of sales) {
      assert.equal(bridge.usable(sale.id).length, 1);
      assertNear(bridge.usable(sale.id)[0]?.expiresAt, sale.periodEnd(1));
    }
  });

  await t.step("a date that lands late does not take a newer one back", async () => {
    const sale = subscribe();
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    const lateWrites = () => bridge.sandbox.faultCounts()["late_write"] ?? 0;
    const before = lateWrites();
    // The second before the first: the date is set, not renewed.
    bridge.sandbox.fault({ kind: "late_write", method: "PATCH", path: /expires-at$/, lateMs: 300 });
    await bridge.send(sale.renewalPaid(2));
    await eventually(() => lateWrites() > before);
    await bridge.send(sale.renewalPaid(3));
    await bridge.settled(sale.renewalPaid(2), sale.renewalPaid(3));
    await bridge.sandbox.settled();
    assertNear(bridge.usable(sale.id)[0]?.expiresAt, sale.periodEnd(3));
  });

  await t.step("every fault was met", () => {
    const counts = bridge.sandbox.faultCounts();
    for (const [, fault] of lost) assert.ok((counts[fault.kind] ?? 0) >= 3, fault.kind);
  });

  await t.step("after an unanswered create nobody calls before it must be over", async () => {
    bridge.sandbox.fault({ kind: "hang", method: "POST", path: licenses });
    const sale = subscribe();
    await bridge.send(sale.firstInvoicePaid());
    const [quiet] = await untilQuiet(sale.id);
    await bridge.drain({ ignore_backoff: true });
    assert.equal((await bridge.rows(sale.firstInvoicePaid()))[0]?.attempts, 1);
    assert.ok(quiet?.must_read);
    await bridge.settled(sale.firstInvoicePaid());
    assert.equal(bridge.usable(sale.id).length, 1);
  });

  await t.step(
    "a refusal parks the purchase with Cryptlex's reason; its next success closes it",
    async () => {
      const sale = createStripeShop({ seed: seed++, now: new Date() }).subscribe({
        email: "refused@example.com",
        price,
        startedAt: new Date(),
        subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: "no-such-product" },
      });
      await bridge.send(sale.firstInvoicePaid());
      const [row] = await bridge.settled(sale.firstInvoicePaid());
      assert.equal(row?.status, "parked");
      assert.match(row?.last_error ?? "", /refused POST \/v3\/licenses with 4\d\d/);
      assert.doesNotMatch(row?.last_error ?? "", /@/);
      await bridge.lite.query(
        `update licensing.purchases set state =
         replace(state::text, 'no-such-product', 'product-app')::jsonb where purchase_id = $1`,
        [sale.id],
      );
      await bridge.send(sale.checkoutCompleted());
      const rows = await bridge.settled(sale.firstInvoicePaid(), sale.checkoutCompleted());
      assert.deepEqual(rows.map((one) => one.status), ["applied", "applied"]);
      assert.equal(bridge.usable(sale.id).length, 1);
    },
  );

  await t.step("a license deleted in Cryptlex is not made again", async () => {
    const sale = subscribe();
    await bridge.send(sale.firstInvoicePaid());
    await bridge.settled(sale.firstInvoicePaid());
    bridge.sandbox.remove(bridge.usable(sale.id)[0]?.id ?? "");
    await bridge.send(sale.renewalPaid(1));
    const [row] = await bridge.settled(sale.renewalPaid(1));
    assert.match(row?.outcome ?? "", /was deleted in Cryptlex/);
    assert.equal(bridge.usable(sale.id).length, 0);
  });

  function untilQuiet(purchaseId: string) {
    return eventually(async () => {
      const rows = await bridge.lite.query<{ must_read: boolean }>(
        "select must_read from licensing.purchases where purchase_id = $1 and not_before > now()",
        [purchaseId],
      );
      return rows.length > 0 ? rows : null;
    });
  }
});

function assertNear(expiresAt: string | null | undefined, end: Date): void {
  const misses = Date.parse(expiresAt ?? "") - (end.getTime() + graceMs);
  assert.ok(Math.abs(misses) <= 60 * 60 * 1000, `expires ${misses / 3_600_000} hours off`);
}
