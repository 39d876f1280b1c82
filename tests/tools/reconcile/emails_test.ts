// Addresses that changed at Stripe: told, and changed on somebody's word alone.

import { strict as assert } from "node:assert";
import { compareEmails } from "../../../tools/reconcile/compare_emails.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { reconcileTest } from "./stage.ts";

const day = 24 * 60 * 60 * 1000;
const ago = (days: number) => new Date(Date.now() - days * day);
const price = { amount: 1900, interval: "month" } as const;

Deno.test("addresses are the same however they are spelled, and hindrances are told", () => {
  const linked = (stripeCustomerId: string, userId: string, isShared = false) => ({
    stripeCustomerId,
    userId,
    isShared,
  });
  const user = (id: string, email: string, role: string | null = "user") =>
    [id, { id, email, role }] as const;
  const changes = compareEmails([
    linked("cus_same", "u_same"),
    linked("cus_moved", "u_moved"),
    linked("cus_taken", "u_taken"),
    linked("cus_admin", "u_admin"),
    linked("cus_shared", "u_shared", true),
    linked("cus_none", "u_same"),
    linked("cus_deleted", "u_same"),
    linked("cus_userless", "u_nobody"),
  ], {
    emails: new Map<string, string | null>([
      ["cus_same", " Same@Example.com"],
      ["cus_moved", "New@example.com"],
      ["cus_taken", "same@example.com"],
      ["cus_admin", "boss@example.com"],
      ["cus_shared", "one@example.com"],
      ["cus_none", null],
      ["cus_userless", "x@example.com"],
    ]),
    users: new Map([
      user("u_same", "same@example.com"),
      user("u_moved", "old@example.com"),
      user("u_taken", "taken@example.com"),
      user("u_admin", "root@example.com", "admin"),
      user("u_shared", "all@example.com"),
    ]),
  });
  assert.deepEqual(changes.map(({ customerId, hindrance }) => [customerId, hindrance]), [
    ["cus_moved", null],
    ["cus_taken", "another user in Cryptlex has that address"],
    ["cus_admin", "the user is admin, and no buyer"],
    ["cus_shared", "other Stripe customers have the same user"],
  ]);
  assert.equal(changes[0]?.stripeEmail, "new@example.com");
});

const shop = createStripeShop({ seed: 31, now: ago(20) });
const customers = ["ann", "bob", "cleo"].map((name) =>
  shop.customer({ email: `${name}@example.com`, name })
);
const [ann, bob, cleo] = customers;
assert.ok(ann && bob && cleo);
const sold = customers.map((customer) => shop.subscribe({ customer, price, startedAt: ago(9) }));

reconcileTest("each address that changed is told, and changed on the operator's word", {
  shops: [shop],
}, async (stage, t) => {
  await stage.deliver(...sold.map((one) => one.firstInvoicePaid()));
  await stage.deliver(ann.updated({ at: ago(1), email: "ann@work.example" }));
  bob.updated({ at: ago(1), email: "bob@work.example" });
  const emails = () => stage.sandbox.users().map(({ email }) => email).sort();
  const before = emails();

  await t.step("told: exit code 1, and nothing is changed", async () => {
    const { code, stdout, stderr } = await stage.reconcile("--emails");
    assert.deepEqual([code, stderr], [1, ""]);
    assert.match(stdout, /^2 with another address at Stripe than in Cryptlex$/m);
    assert.match(stdout, new RegExp(`^ {2}${ann.id} +ann@example.com -> ann@work.example`, "m"));
    assert.match(stdout, /--emails --apply <cus_…>$/m);
    assert.deepEqual(stdout.split("\n").filter((line) => line.length > 100), []);
    assert.deepEqual(emails(), before);
  });

  await t.step(
    "who is not named stays, and whose address is the same cannot be named",
    async () => {
      const one = await stage.reconcile("--emails", "--apply", bob.id);
      assert.deepEqual([one.code, one.stderr], [1, ""]);
      assert.match(one.stdout, new RegExp(`^ {2}${bob.id} {2}bob@.*\\n {4}changed$`, "m"));
      assert.deepEqual(emails(), ["ann@example.com", "bob@work.example", "cleo@example.com"]);
      const none = await stage.reconcile("--emails", "--apply", cleo.id);
      assert.equal(none.code, 2);
      assert.match(none.stderr, /^No address of cus_\w+ differs: nothing was changed$/m);
    },
  );

  await t.step("by the user's id too; then all agree", async () => {
    const { emails: told } = JSON.parse((await stage.reconcile("--emails", "--json")).stdout);
    assert.deepEqual(told.map(({ state }: { state: string }) => state), ["open"]);
    const last = await stage.reconcile("--emails", "--json", "--apply", told[0].user_id);
    assert.deepEqual([last.code, JSON.parse(last.stdout).ok], [0, true]);
    const after = await stage.reconcile("--emails");
    assert.deepEqual([after.code, after.stderr], [0, ""]);
    assert.match(after.stdout, /^Nothing to do: /);
    assert.equal(stage.sandbox.licenses().length, 3);
  });
});
