// A part of it: of a time, of a customer, of one purchase; events that never arrived; plans edited since.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { otherProduct, product, reconcileTest } from "./stage.ts";

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { price: "price_m", product: "prod_app", amount: 1900, interval: "month" } as const;

{
  const shop = createStripeShop({ seed: 5, now: ago(100) });
  const ann = shop.customer({ email: "ann@example.com", name: "Ann" });
  const old = shop.subscribe({ customer: ann, price, startedAt: ago(70) });
  const renewed = shop.subscribe({ email: "r@example.com", price, startedAt: ago(62) });
  const canceled = shop.subscribe({ email: "c@example.com", price, startedAt: ago(50) });
  const disputed = shop.subscribe({ email: "d@example.com", price, startedAt: ago(40) });
  const fresh = shop.subscribe({ email: "f@example.com", price, startedAt: ago(2) });
  const order = shop.buy({ customer: ann, amount: 100, paymentStatus: "paid", at: ago(60) });
  const free = shop.buy({
    email: "free@example.com",
    amount: 100,
    paymentStatus: "no_payment_required",
    at: ago(1),
  });
  const billed = shop.invoice({
    email: "b@example.com",
    lines: [{ amount: 100 }],
    metadata: { CRYPTLEX_PRODUCT_ID: otherProduct.id },
    at: ago(80),
  });
  const all = [old, renewed, canceled, disputed, fresh];
  for (const one of all) one.firstInvoicePaid();
  billed.paid();
  const delivered = new Set([canceled, disputed].map((one) => one.firstInvoicePaid().id));

  reconcileTest("only what is meant is compared", {
    shops: [shop],
    isDelivered: () => true,
  }, async (stage, t) => {
    await stage.deliver(canceled.firstInvoicePaid(), disputed.firstInvoicePaid());
    renewed.renewalPaid(1);
    renewed.renewalPaid(2);
    canceled.canceled({ at: ago(1) });
    disputed.payment(0).dispute({ at: ago(1) }).created();
    const purchases = (findings: readonly { purchase_id: string | null }[]) =>
      [...new Set(findings.map(({ purchase_id }) => purchase_id))].sort();

    await t.step("--since: what was told, billed or bought since, whole", async () => {
      const { code, findings } = await stage.found("--since", "3d");
      assert.equal(code, 1);
      assert.deepEqual(
        purchases(findings),
        [renewed.id, canceled.id, disputed.id, fresh.id, free.id].sort(),
      );
    });

    await t.step("--customer: what this one bought", async () => {
      const { code, findings } = await stage.found("--customer", ann.id);
      assert.equal(code, 1);
      assert.deepEqual(purchases(findings), [old.id, order.id].sort());
    });

    await t.step("--purchase: by any of its ids", async () => {
      const { compared, findings } = await stage.found(
        ...[old.id, order.sessionId, billed.id, free.id].flatMap((id) => ["--purchase", id]),
      );
      assert.equal(compared, 4);
      assert.deepEqual(purchases(findings), [old.id, order.id, billed.id, free.id].sort());
      const unknown = await stage.found("--purchase", "sub_1NobodyKnows");
      assert.deepEqual([unknown.code, unknown.compared], [1, 0]);
      assert.match(unknown.findings[0]?.found ?? "", /^Stripe knows no paid purchase/);
    });

    await t.step("--apply of one leaves the others", async () => {
      const { code, stdout } = await stage.reconcile("--apply", "--purchase", billed.id);
      assert.equal(code, 0, stdout);
      assert.match(stdout, new RegExp(`^ {2}${billed.id} {2}put right {2}`, "m"));
      assert.match(stdout, /^\d put right\.$/m);
      assert.deepEqual(stage.usable(billed.id).map(({ productId }) => productId), [
        otherProduct.id,
      ]);
      assert.equal(stage.usable(old.id).length, 0);
      assert.equal(delivered.size, 2);
    });
  });
}

{
  const shop = createStripeShop({ seed: 6, now: ago(10) });
  const sold = shop.subscribe({ email: "x@example.com", price, startedAt: ago(5) });
  const noted = shop.customer({ email: "noted@example.com", at: ago(3) });

  reconcileTest("events that never arrived are recorded as themselves", {
    shops: [shop],
    isDelivered: ({ type }) => type === "checkout.session.completed",
  }, async (stage, t) => {
    const lost = [sold.subscriptionCreated(), sold.firstInvoicePaid(), noted.created()];
    sold.checkoutCompleted();
    shop.other("product.created");

    await t.step("a report names those that say something", async () => {
      const { findings } = await stage.found();
      const told = findings.filter(({ kind }) => kind === "undelivered");
      assert.deepEqual(told.length, lost.length);
      assert.ok(told.every(({ state }) => state === "open"));
    });

    await t.step("--apply records them, and their purchases are right", async () => {
      const { code, findings } = await stage.found("--apply");
      assert.equal(code, 0);
      assert.equal(findings.filter(({ kind }) => kind === "undelivered").length, lost.length);
      const rows = await stage.sql`
        select event_id, status, payload is not null as has_payload from licensing.stripe_events
        where event_type not like 'reconcile.%' order by 1`;
      assert.deepEqual(
        rows.map((row) => [row["event_id"], row["status"], row["has_payload"]]),
        lost.map(({ id }) => [id, "applied", true]).sort(),
      );
      assert.equal(stage.usable(sold.id).length, 1);
      assert.ok(stage.sandbox.users().some(({ email }) => email === "noted@example.com"));
      assert.equal((await stage.found()).code, 0);
    });
  });
}

{
  const shop = createStripeShop({ seed: 7, now: ago(10) });
  const kept = shop.subscribe({
    email: "k@example.com",
    price: { ...price, quantity: 3 },
    startedAt: ago(5),
  });
  const other = shop.subscribe({
    email: "o@example.com",
    price: { ...price, price: "price_other", product: "prod_other" },
    startedAt: ago(5),
  });
  for (const one of [kept, other]) one.firstInvoicePaid();

  reconcileTest("edited plans serve licenses made before with --remap alone", {
    shops: [shop],
  }, async (stage, t) => {
    const { sql } = stage;
    await sql`insert into licensing.plans (stripe_id, cryptlex_product_id)
      values ('prod_app', ${product.id}), ('prod_other', ${product.id})`;
    assert.equal((await stage.reconcile("--apply")).code, 0);
    const [before] = stage.usable(kept.id);
    const [moved] = stage.usable(other.id);
    await sql`update licensing.plans set seats = 'activations', activations_per_unit = 2,
      entitlement_set_id = 'set-pro' where stripe_id = 'prod_app'`;
    await sql`update licensing.plans set cryptlex_product_id = ${otherProduct.id}
      where stripe_id = 'prod_other'`;

    await t.step("without it all is as it was", async () => {
      const { code, findings } = await stage.found("--apply");
      assert.deepEqual([code, findings], [0, []]);
    });

    await t.step("with it the differences are told", async () => {
      const { code, findings } = await stage.found("--remap");
      assert.equal(code, 1);
      const kinds = (id: string) =>
        findings.filter(({ purchase_id }) => purchase_id === id).map(({ kind }) => kind).sort();
      assert.deepEqual(kinds(kept.id), ["seats"]);
      assert.deepEqual(kinds(other.id), ["moved"]);
      assert.match(
        findings.find(({ kind }) => kind === "moved")?.found ?? "",
        /^moves from product product-app to product-two, which gets a new license, until /,
      );
      assert.deepEqual(stage.usable(kept.id), [before]);
    });

    await t.step("--apply gives the same key more, and another product a new one", async () => {
      const { code, findings } = await stage.found("--remap", "--apply");
      assert.equal(code, 0, JSON.stringify(findings));
      const [now, ...more] = stage.usable(kept.id);
      assert.deepEqual([now?.id, more.length], [before?.id, 0]);
      assert.deepEqual([now?.allowedActivations, now?.entitlementSetId], [6, "set-pro"]);
      const [successor, ...others] = stage.usable(other.id);
      assert.deepEqual([successor?.productId, others.length], [otherProduct.id, 0]);
      const ended = stage.sandbox.licenses().find(({ id }) => id === moved?.id);
      assert.equal(ended?.revoked, true);
    });

    await t.step("again it comes to nothing", async () => {
      const { code, findings } = await stage.found("--remap", "--apply");
      assert.deepEqual([code, findings], [0, []]);
    });
  });
}

{
  const shop = createStripeShop({ seed: 8, now: ago(10) });
  const sell = (email: string) => {
    const sold = shop.subscribe({
      email,
      price: { ...price, product: "prod_other" },
      startedAt: ago(5),
    });
    sold.firstInvoicePaid();
    return sold;
  };
  const hands = [
    ["revoked", sell("revoked@example.com")],
    ["suspended", sell("suspended@example.com")],
    ["deleted", sell("deleted@example.com")],
  ] as const;
  const other = sell("other@example.com");

  reconcileTest("what somebody stopped by hand is not made anew by --remap", {
    shops: [shop],
  }, async (stage, t) => {
    const { sql, sandbox } = stage;
    await sql`insert into licensing.plans (stripe_id, cryptlex_product_id)
      values ('prod_other', ${product.id})`;
    assert.equal((await stage.reconcile("--apply")).code, 0);
    for (const [how, sold] of hands) {
      const [license] = stage.usable(sold.id);
      assert.ok(license);
      if (how === "deleted") sandbox.remove(license.id);
      else sandbox.change(license.id, { [how]: true });
    }
    await sql`update licensing.plans set cryptlex_product_id = ${otherProduct.id}`;

    await t.step("a report leaves it to a person", async () => {
      const { findings } = await stage.found("--remap");
      for (const [how, sold] of hands) {
        const told = findings.filter(({ purchase_id, state }) =>
          purchase_id === sold.id && state === "person"
        );
        assert.deepEqual(told.map(({ kind }) => kind), ["not_remapped"], how);
        assert.match(told[0]?.found ?? "", new RegExp(`it was ${how} by hand$`));
        assert.ok(
          findings.every(({ purchase_id, kind }) => purchase_id !== sold.id || kind !== "moved"),
        );
      }
    });

    await t.step("--apply moves the others alone", async () => {
      const { code } = await stage.found("--remap", "--apply");
      assert.equal(code, 1);
      for (const [how, sold] of hands) assert.deepEqual(stage.usable(sold.id), [], how);
      assert.deepEqual(stage.usable(other.id).map(({ productId }) => productId), [
        otherProduct.id,
      ]);
    });
  });
}
