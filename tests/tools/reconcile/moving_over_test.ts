// Moving over from Cryptlex's own script: its licenses are found, and nothing is made twice.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import type { Subscription } from "../../../tools/stripe_sandbox/subscription.ts";
import { otherProduct, product, reconcileTest, type Stage } from "./stage.ts";

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { amount: 1900, interval: "month" } as const;

const shop = createStripeShop({ seed: 77, now: ago(10) });

function subscribe(email: string): Subscription {
  const sold = shop.subscribe({ email, name: "Old Hand", price, startedAt: ago(10) });
  sold.firstInvoicePaid();
  return sold;
}

const byKey = ["SUBSCRIPTION_ID_KEY", "stripe_subscription_id", "subscription_id"]
  .map((key) => [key, subscribe(`${key.toLowerCase()}@example.com`)] as const);
const doubled = subscribe("twice@example.com");
const emptied = subscribe("Emptied@example.com");
const other = subscribe("other@example.com");
const lacking = subscribe("lacking@example.com");
const order = shop.buy({ email: "o@example.com", amount: 100, paymentStatus: "paid", at: ago(9) });

function seed(
  { sandbox }: Stage,
  of: { key: string; value: string; email?: string; productId?: string; activations?: number },
) {
  const { key, value, email, productId = product.id, activations = 0 } = of;
  const user = email === undefined ? null : sandbox.seedUser({ email, role: "user" });
  return sandbox.seedLicense({
    productId,
    expiresAt: ago(-5).toISOString(),
    subscriptionInterval: "P1M",
    userId: user?.id ?? null,
    totalActivations: activations,
    metadata: [
      { key, value, viewPermissions: [] },
      { key: "tier", value: "gold", viewPermissions: ["activation", "user"] },
    ],
  });
}

reconcileTest("moving over: the script's licenses are linked, the rest is told", {
  shops: [shop],
}, async (stage, t) => {
  const linked = byKey.map(([key, sold]) => [seed(stage, { key, value: sold.id }), sold] as const);
  const once = seed(stage, { key: "stripe_transaction_id", value: order.id });
  const key = "stripe_subscription_id";
  const used = seed(stage, { key, value: doubled.id, activations: 3 });
  const unused = seed(stage, { key, value: doubled.id });
  const value = "subscription_empty";
  const empty = seed(stage, { key, value, email: "emptied@example.com" });
  const others = seed(stage, { key, value, email: "other@example.com" });
  const nobodys = seed(stage, { key, value, email: "else@example.com" });
  const otherwise = seed(stage, {
    key,
    value,
    email: "lacking@example.com",
    productId: otherProduct.id,
  });
  const orphan = seed(stage, { key, value: "sub_1NobodyKnows" });
  const note = seed(stage, { key: "see_also", value: "sub_1NobodyKnows" });

  const kindsOf = (findings: Awaited<ReturnType<Stage["found"]>>["findings"], id: string) =>
    findings.filter(({ license_id }) => license_id === id).map(({ kind }) => kind).sort();
  const unchanged = (id: string) => stage.sandbox.licenses().find((one) => one.id === id);

  await t.step("all is told, each with a proposal, and nothing changed", async () => {
    const before = JSON.stringify(stage.sandbox.licenses());
    const { code, findings } = await stage.found();
    assert.equal(code, 1);
    for (const [license] of linked) {
      assert.deepEqual(kindsOf(findings, license.id), ["expiry", "unlinked"]);
    }
    assert.deepEqual(kindsOf(findings, once.id), ["unlinked"]);
    assert.deepEqual(kindsOf(findings, used.id), ["expiry", "unlinked"]);
    assert.deepEqual(kindsOf(findings, unused.id), ["doubled", "expiry", "unlinked"]);
    assert.deepEqual(kindsOf(findings, orphan.id), ["orphaned"]);
    assert.deepEqual(kindsOf(findings, note.id), []);
    const proposals = Object.fromEntries(
      findings.filter(({ kind }) => ["doubled", "subscription_empty", "orphaned"].includes(kind))
        .map(({ license_id, proposal }) => [license_id, proposal]),
    );
    assert.match(proposals[unused.id] ?? "", /^revoke it in Cryptlex: nobody uses it$/);
    assert.match(
      proposals[empty.id] ?? "",
      new RegExp(`^if it is ${emptied.id}'s: .* --link ${empty.id}=${emptied.id} --apply$`),
    );
    for (const id of [nobodys.id, otherwise.id]) {
      assert.match(
        proposals[id] ?? "",
        /^no purchase of its buyer and product lacks it: revoke it in Cryptlex, or .* --force --apply$/,
      );
    }
    assert.match(proposals[orphan.id] ?? "", /^revoke it in Cryptlex; is STRIPE_SECRET_KEY/);
    const missing = findings.filter(({ kind }) => kind === "missing");
    assert.deepEqual(
      missing.map(({ purchase_id, state }) => [purchase_id, state]).sort(),
      [[emptied.id, "person"], [other.id, "person"], [lacking.id, "open"]].sort(),
    );
    assert.equal(JSON.stringify(stage.sandbox.licenses()), before);
    assert.deepEqual([...await stage.sql`select from licensing.stripe_events`], []);
  });

  await t.step(
    "--apply links them, makes what nobody made, and leaves the rest to a person",
    async () => {
      const { code, findings } = await stage.found("--apply");
      assert.equal(code, 1);
      assert.deepEqual(findings.filter(({ state }) => state === "failed" || state === "open"), []);
      for (const [license, sold] of linked) {
        const [found, ...more] = stage.usable(sold.id);
        assert.deepEqual([found?.id, more.length], [license.id, 0]);
        assert.equal(Date.parse(found?.expiresAt ?? ""), sold.periodEnd(0).getTime() + 3 * day);
      }
      assert.deepEqual(stage.usable(order.id).map(({ id }) => id), [once.id]);
      assert.equal(stage.usable(doubled.id).length, 2);
      assert.equal(stage.usable(lacking.id).length, 1);
      assert.equal(stage.usable(emptied.id).length, 0);
      for (const license of [empty, others, nobodys, otherwise, orphan, note]) {
        assert.deepEqual(unchanged(license.id), license);
      }
      const rows = await stage.sql`select license_id, origin from licensing.licenses`;
      const adopted = rows.filter(({ origin }) => origin === "adopted").map((row) =>
        row["license_id"]
      );
      assert.deepEqual(
        adopted.sort(),
        [...linked.map(([{ id }]) => id), once.id, used.id, unused.id].sort(),
      );
    },
  );

  await t.step("a license said to be a subscription's is written so, and adopted", async () => {
    const link = ["--link", `${empty.id}=${emptied.id}`];
    const shown = await stage.found(...link);
    assert.equal(shown.code, 1);
    assert.deepEqual(unchanged(empty.id), empty);
    const { code, stdout, stderr } = await stage.reconcile("--apply", ...link);
    assert.deepEqual([code, stderr], [0, ""], stdout);
    assert.deepEqual(stage.usable(emptied.id).map(({ id }) => id), [empty.id]);
    const tier = unchanged(empty.id)?.metadata.find((entry) => entry.key === "tier");
    assert.deepEqual([tier?.value, tier?.viewPermissions], ["gold", ["activation", "user"]]);
    const again = await stage.reconcile("--apply", ...link);
    assert.deepEqual([again.code, again.stderr], [0, ""]);
  });

  await t.step("a license is not said to be what it cannot be", async () => {
    const before = JSON.stringify(stage.sandbox.licenses());
    for (
      const [license, of, why] of [
        [nobodys, "sub_1NobodyKnows2", /: Stripe knows no such subscription/],
        [nobodys, other.id, /: of this buyer and product that subscription lacks no license/],
        [others, lacking.id, /: of this buyer and product that subscription lacks no license/],
        [empty, other.id, new RegExp(`: it names ${emptied.id}, which Stripe knows$`, "m")],
        [note, other.id, /: it has neither subscription_empty nor a subscription unknown/],
      ] as const
    ) {
      const link = ["--link", `${license.id}=${of}`];
      for (const args of [link, [...link, "--apply"]]) {
        const refused = await stage.reconcile(...args);
        assert.deepEqual([refused.code, refused.stdout], [1, ""]);
        assert.match(refused.stderr, why);
      }
    }
    const one = ["--link", `${others.id}=${other.id}`];
    const wrong = ["--link", `${nobodys.id}=sub_1NobodyKnows2`];
    assert.equal((await stage.reconcile("--apply", ...one, ...wrong)).code, 1);
    assert.equal(JSON.stringify(stage.sandbox.licenses()), before);
  });

  await t.step("while the function rehearses it is written so, and no more", async () => {
    const link = ["--link", `${others.id}=${other.id}`];
    await stage.sql`update licensing.schedule set rehearsal = true`;
    const { code, stdout, stderr } = await stage.reconcile("--apply", ...link);
    assert.equal(code, 1);
    assert.match(stderr, /^Linked, and no more: the function rehearses \(RECORD_ONLY\)/);
    assert.match(stdout, /^a license is not in our tables \(1\)$/m);
    assert.equal(unchanged(others.id)?.expiresAt, others.expiresAt);
    assert.equal((await stage.reconcile("--apply")).code, 1);
    await stage.sql`update licensing.schedule set rehearsal = false`;
    assert.equal((await stage.reconcile("--apply", "--purchase", other.id)).code, 0);
    assert.deepEqual(stage.usable(other.id).map(({ id }) => id), [others.id]);
  });

  await t.step("what a person has revoked since is told no more", async () => {
    for (const { id } of [unused, nobodys, otherwise, orphan]) {
      stage.sandbox.change(id, { revoked: true });
    }
    const noted = await stage.found("--apply");
    assert.equal(noted.code, 0, JSON.stringify(noted.findings));
    const { code, findings } = await stage.found();
    assert.equal(code, 0);
    assert.deepEqual(findings.map(({ kind, license_id }) => [kind, license_id]), [
      ["by_hand", unused.id],
    ]);
  });
});

const mendedShop = createStripeShop({ seed: 78, now: ago(10) });
const [mended, strange] = ["mended@example.com", "strange@example.com"].map((email) => {
  const sold = mendedShop.subscribe({ email, name: "Old Hand", price, startedAt: ago(10) });
  sold.firstInvoicePaid();
  return sold;
});

reconcileTest("a link that was wrong is corrected, and forced where a person knows better", {
  shops: [mendedShop],
}, async (stage) => {
  assert.ok(mended && strange);
  const key = "stripe_subscription_id";
  const email = "mended@example.com";
  const license = seed(stage, { key, value: "sub_1NobodyKnows", email });
  const link = ["--apply", "--link", `${license.id}=${mended.id}`];
  const { code, stderr, stdout } = await stage.reconcile(...link);
  assert.deepEqual([code, stderr], [0, ""], stdout);
  assert.deepEqual(stage.usable(mended.id).map(({ id }) => id), [license.id]);
  assert.deepEqual(stage.usable("sub_1NobodyKnows"), []);

  const another = seed(stage, { key, value: "subscription_empty", email: "other@example.com" });
  const doubtful = ["--apply", "--link", `${another.id}=${strange.id}`];
  assert.equal((await stage.reconcile(...doubtful)).code, 1);
  assert.deepEqual(stage.usable(strange.id), []);
  assert.equal((await stage.reconcile("--force", ...doubtful)).code, 0);
  assert.deepEqual(stage.usable(strange.id).map(({ id }) => id), [another.id]);
});
