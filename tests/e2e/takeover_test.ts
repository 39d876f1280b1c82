// Somebody types another person's e-mail address at Checkout, and changes it at Stripe afterwards:
// nobody's user in Cryptlex becomes somebody else's. And what does follow a change at Stripe.

import { strict as assert } from "node:assert";
import type { Customer } from "../../tools/stripe_sandbox/customer.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { later } from "../../tools/stripe_sandbox/unix_time.ts";
import { type Bridge, bridgeTest, otherProduct } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const startedAt = new Date();
const inMinutes = (minutes: number) => later(startedAt, 60 * minutes);

bridgeTest("whoever types another's e-mail gets hold of nothing", {}, async (bridge, t) => {
  const { sandbox } = bridge;
  const victim = sandbox.seedUser({ email: "victim@example.com", firstName: "Vera" });
  const another = sandbox.seedUser({ email: "another@example.com", firstName: "Otto" });
  const theirs = sandbox.seedLicense({ userId: victim.id, productId: otherProduct.id });
  const before = sandbox.users();

  const shop = createStripeShop({ seed: 1600, now: startedAt });
  const customer = shop.customer({ email: "Victim@example.com", name: "Mallory" });
  const sale = shop.subscribe({ customer, price, startedAt });

  /** Every user is as before, and nothing was asked of one but to be shown. */
  function assertUntouched() {
    assert.deepEqual(sandbox.users(), before);
    const ofUsers = sandbox.calls().filter(({ path }) => path.startsWith("/v3/users/"));
    for (const { method, path } of ofUsers) {
      assert.equal(`${method} ${path}`, `GET /v3/users/${victim.id}`);
    }
    assert.deepEqual(
      sandbox.licenses().find(({ id }) => id === theirs.id),
      theirs,
    );
    const owners = bridge.usable(sale.id).map(({ userId }) => userId);
    assert.deepEqual(owners, [victim.id]);
  }

  await t.step("the license is the address's owner's, whose user stays as it is", async () => {
    await settled(bridge, sale.checkoutCompleted(), sale.subscriptionCreated());
    await settled(bridge, sale.firstInvoicePaid());
    assertUntouched();
  });

  await t.step("another address at Stripe changes nothing, and the operator is told", async () => {
    const outcome = await settled(
      bridge,
      customer.updated({ at: inMinutes(1), email: "another@example.com" }),
    );
    assert.match(outcome, /its e-mail at Stripe is not that of its user in Cryptlex: change it/);
    assertUntouched();
  });

  await t.step("nor does another name", async () => {
    const outcome = await settled(bridge, customer.updated({ at: inMinutes(2), name: "Otto" }));
    assert.match(outcome, /its name changed at Stripe; the user's in Cryptlex is not ours/);
    assertUntouched();
  });

  await t.step("nor an address that nobody has in Cryptlex", async () => {
    await settled(bridge, customer.updated({ at: inMinutes(3), email: "mallory@example.com" }));
    assertUntouched();
  });

  await t.step("renewals and seats go on with the license that is there", async () => {
    await settled(bridge, sale.renewed(1), sale.renewalPaid(1));
    assertUntouched();
  });

  await t.step("the other person's own purchase is theirs", async () => {
    const order = createStripeShop({ seed: 1601, now: startedAt }).buy({
      email: another.email,
      amount: 100,
      paymentStatus: "paid",
    });
    await settled(bridge, order.completed());
    assert.deepEqual(bridge.usable(order.id).map(({ userId }) => userId), [another.id]);
    assertUntouched();
  });
});

bridgeTest("a user made by the bridge follows its one customer", {}, async (bridge, t) => {
  const { sandbox } = bridge;
  let seed = 1610;
  const userOf = (email: string) => {
    const user = sandbox.users().find((one) => one.email === email);
    assert.ok(user !== undefined, email);
    return user;
  };

  /** Somebody who has bought, and so is a user of Cryptlex. */
  async function buyer(email: string): Promise<Customer> {
    const shop = createStripeShop({ seed: seed++, now: startedAt });
    const customer = shop.customer({ email, name: "Ann Archer" });
    await settled(bridge, shop.subscribe({ customer, price, startedAt }).firstInvoicePaid());
    bridge.forget();
    return customer;
  }

  /** As the operator does in Cryptlex. */
  async function changeUser(id: string, fields: Record<string, unknown>): Promise<void> {
    const response = await sandbox.fetch(`http://cryptlex/v3/users/${id}`, {
      method: "PATCH",
      headers: {
        "authorization": "Bearer sandbox-access-token",
        "content-type": "application/json",
      },
      body: JSON.stringify(fields),
    });
    assert.equal(response.status, 200, await response.text());
    bridge.forget();
  }

  await t.step("its name does", async () => {
    const customer = await buyer("ann@example.com");
    const outcome = await settled(
      bridge,
      customer.updated({ at: inMinutes(1), name: "Ann Young" }),
    );
    assert.match(outcome, /the user's name follows/);
    const user = userOf("ann@example.com");
    assert.equal(user.firstName, "Ann Young");
    assert.deepEqual(
      sandbox.calls().map(({ method, path }) => `${method} ${path}`),
      [`GET /v3/users/${user.id}`, `PATCH /v3/users/${user.id}`],
    );
    await settled(bridge, customer.updated({ at: inMinutes(2), name: "Ann Stone" }));
    assert.equal(userOf("ann@example.com").firstName, "Ann Stone");
  });

  await t.step("its e-mail does not, and the operator is told", async () => {
    const customer = await buyer("bob@example.com");
    const before = sandbox.users();
    const outcome = await settled(
      bridge,
      customer.updated({ at: inMinutes(1), email: "robert@example.com" }),
    );
    assert.match(outcome, /its e-mail at Stripe is not that of its user/);
    assert.deepEqual(sandbox.users(), before);
  });

  await t.step("a name the operator has changed stays", async () => {
    const customer = await buyer("cleo@example.com");
    await changeUser(userOf("cleo@example.com").id, { firstName: "Dr. Cooper" });
    const before = sandbox.users();
    const outcome = await settled(bridge, customer.updated({ at: inMinutes(1), name: "Cleo" }));
    assert.match(outcome, /its name changed at Stripe; the user's in Cryptlex is not ours/);
    assert.deepEqual(sandbox.users(), before);
  });

  await t.step("one that two customers of Stripe share is left alone", async () => {
    const [first, second] = [await buyer("dan@example.com"), await buyer("dan@example.com")];
    assert.notEqual(first.id, second.id);
    const before = sandbox.users();
    for (const customer of [first, second]) {
      await settled(bridge, customer.updated({ at: inMinutes(1), name: "Dan Young" }));
      assert.deepEqual(sandbox.users(), before);
    }
  });

  await t.step("one with another role is left alone", async () => {
    const customer = await buyer("eve@example.com");
    await changeUser(userOf("eve@example.com").id, { role: "admin" });
    const before = sandbox.users();
    await settled(bridge, customer.updated({ at: inMinutes(1), name: "Eve Young" }));
    assert.deepEqual(sandbox.users(), before);
  });

  await t.step("one deleted in Cryptlex is not made again, and the operator is told", async () => {
    const customer = await buyer("finn@example.com");
    sandbox.removeUser(userOf("finn@example.com").id);
    const before = sandbox.users();
    const outcome = await settled(bridge, customer.updated({ at: inMinutes(1), name: "Finn" }));
    assert.match(outcome, /its user was deleted in Cryptlex/);
    assert.deepEqual(sandbox.users(), before);
  });

  await t.step("who never bought is made no user by it", async () => {
    const shop = createStripeShop({ seed: seed++, now: startedAt });
    const customer = shop.customer({ email: "gail@example.com", name: "Gail" });
    bridge.forget();
    const outcome = await settled(bridge, customer.updated({ at: inMinutes(1), name: "Gail G." }));
    assert.match(outcome, /nothing was sold to this customer here/);
    assert.deepEqual(sandbox.calls(), []);
  });
});

/** Sends them one after the other, each applied before the next; what the last came to. */
async function settled(bridge: Bridge, ...events: StripeEvent[]): Promise<string> {
  let outcome = "";
  for (const event of events) {
    await bridge.send(event);
    const [row] = await bridge.settled(event);
    assert.equal(row?.status, "applied", row?.last_error ?? "");
    outcome = row.outcome ?? "";
  }
  return outcome;
}
