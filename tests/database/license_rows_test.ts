// What is written down of licenses and of customers' users comes back as it was, on a real PostgreSQL.

import { strict as assert } from "node:assert";
import { type KnownLicense, mappedBy } from "../../functions/stripe-cryptlex/known_license.ts";
import { LedgerError, type Settlement } from "../../functions/stripe-cryptlex/ledger.ts";
import { seatModes } from "../../functions/stripe-cryptlex/seats.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { knownLicense, licenseFields } from "../stripe-cryptlex/builders/known_license.ts";
import {
  applied,
  claimOf,
  databaseTest,
  type LedgerDatabase,
  received,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");

/** Settles with this, and gives the next claim of the purchase. */
function settling(db: LedgerDatabase, purchaseId: string) {
  const ledger = db.ledger(start);
  let serial = 0;
  const next = async () =>
    claimOf(await ledger.record(recorded(`evt_${purchaseId}${++serial}`, [purchaseId])));
  return async (changed: Partial<Settlement>) => {
    const claim = await next();
    await ledger.settle(claim, applied(claim, changed));
    const after = await next();
    await ledger.settle(after, applied(after));
    return after;
  };
}

databaseTest("a license comes back as it was written down", async (db, t) => {
  const settle = settling(db, "sub_1");
  const comesBack = async (license: KnownLicense) =>
    assert.deepEqual((await settle({ licenses: [license] })).licenses, [license]);
  const all: KnownLicense = {
    licenseId: "license-1",
    slot: "product-a/2",
    origin: "adopted",
    cryptlexProductId: "product-a",
    licenseTemplateId: "template-a",
    seats: { mode: "floating_clients", perUnit: 3 },
    mappedBy: "price",
    stripeItemId: "si_1",
    coveredItems: ["si_1", "si_2"],
    stripePriceId: "price_a",
    stripeProductId: "prod_a",
    userId: "user-1",
    subscriptionInterval: "P1Y",
    intervalChange: { interval: "P1M", expiresAt: new Date("2026-11-05T10:00:00Z") },
    expiresAt: new Date("2026-12-05T10:00:00Z"),
    wroteExpiresAt: new Date("2026-11-05T10:00:00Z"),
    perpetual: true,
    seen: {
      revoked: true,
      suspended: false,
      entitlementSetId: "set-a",
      allowedActivations: 1,
      allowedFloatingClients: 2,
    },
    wrote: {
      revoked: false,
      suspended: true,
      entitlementSetId: "set-b",
      allowedActivations: 3,
      allowedFloatingClients: 4,
    },
    writing: {
      revoked: true,
      suspended: true,
      entitlementSetId: "set-c",
      allowedActivations: 5,
      allowedFloatingClients: 6,
    },
    endedAt: new Date("2026-10-01T00:00:00Z"),
    goneAt: new Date("2026-10-02T00:00:00Z"),
  };

  await t.step("new, with all there may be", () => comesBack(all));

  await t.step("changed, with nothing there may be", () =>
    comesBack({
      ...knownLicense({
        slot: "product-b/1",
        cryptlexProductId: "product-b",
        userId: null,
        subscriptionInterval: null,
        expiresAt: null,
        wroteExpiresAt: null,
      }),
      seen: licenseFields({ allowedActivations: null }),
      wrote: licenseFields({ allowedActivations: null }),
    }));

  await t.step("changed, with all there may be", () => comesBack(all));

  await t.step(
    "of what is about to be written only what is named",
    () => comesBack({ ...all, writing: { suspended: false, allowedActivations: 7 } }),
  );

  await t.step("a change of interval alone, and one that keeps no date", async () => {
    await comesBack({ ...all, writing: null });
    const intervalChange = { interval: "P1M", expiresAt: null };
    await comesBack({ ...all, writing: null, intervalChange });
  });

  await t.step("whatever maps it, and whatever the quantity means", async () => {
    for (const by of mappedBy) await comesBack({ ...all, mappedBy: by });
    for (const mode of seatModes) await comesBack({ ...all, seats: { mode, perUnit: 1 } });
  });

  await t.step("what makes no sense is refused", async () => {
    const ledger = db.ledger(start);
    const claim = claimOf(await ledger.record(recorded("evt_refused", ["sub_1"])));
    const seats = { mode: "activations" as const, perUnit: 0 };
    const many = licenseFields({ allowedActivations: 2 ** 40 });
    for (const changed of [{ seats }, { seen: many }, { mappedBy: "other" as "found" }]) {
      await assert.rejects(
        ledger.settle(claim, applied(claim, { licenses: [{ ...all, ...changed }] })),
        (error) => error instanceof LedgerError && error.refusesData,
      );
    }
    for (const writing of [`'[]'`, `'1'`, `'null'`]) {
      await assert.rejects(
        db.sql.unsafe(`update licensing.licenses set writing = ${writing}`),
        { constraint_name: "writing_is_an_object" },
      );
    }
  });
});

databaseTest("a customer's user comes back with the name we gave it", async (db, t) => {
  const ledger = db.ledger(start);
  const shop = createStripeShop();
  const user = (userId: string, wroteName: string | null, userMadeByUs = true) => ({
    userId,
    userMadeByUs,
    wroteName,
  });
  let serial = 0;
  /** Settles with this user of a customer, and gives what the next claim says of it. */
  const settle = async (
    { id }: { id: string },
    link: Omit<Settlement["customers"][number], "stripeCustomerId">,
  ) => {
    const next = async () => {
      const event = recorded(`evt_${++serial}`, [`sub_${id}`]);
      assert.ok(event.reading.kind === "facts");
      return claimOf(
        await ledger.record({ ...event, reading: { ...event.reading, customerId: id } }),
      );
    };
    const claim = await next();
    const customers = [{ stripeCustomerId: id, ...link }];
    await ledger.settle(claim, applied(claim, { customers }));
    const after = await next();
    await ledger.settle(after, applied(after));
    assert.equal(after.customer?.stripeCustomerId, id);
    const { stripeCustomerId: _, ...known } = after.customer;
    return known;
  };
  const [ada, bob] = [1, 2].map((n) => shop.customer({ email: `${n}@example.com`, name: "A" }));
  assert.ok(ada !== undefined && bob !== undefined);

  await t.step("the last one, and one that was not given leaves it", async () => {
    const alone = { isShared: false };
    assert.deepEqual(await settle(ada, user("user-1", "Ada")), {
      ...user("user-1", "Ada"),
      ...alone,
    });
    assert.deepEqual(await settle(ada, user("user-1", "Augusta")), {
      ...user("user-1", "Augusta"),
      ...alone,
    });
    assert.deepEqual(await settle(ada, user("user-1", null, false)), {
      ...user("user-1", "Augusta"),
      ...alone,
    });
  });

  await t.step("another user has none", async () => {
    assert.equal((await settle(ada, user("user-2", null, false))).wroteName, null);
  });

  await t.step("two customers with one user share it", async () => {
    assert.equal((await settle(bob, user("user-2", null, false))).isShared, true);
    assert.equal((await settle(ada, user("user-2", null, false))).isShared, true);
    assert.equal((await settle(bob, user("user-3", null, false))).isShared, false);
    assert.equal((await settle(ada, user("user-2", null, false))).isShared, false);
  });

  await t.step("an erased customer's has none, whoever still writes it", async () => {
    assert.equal((await settle(ada, user("user-2", "Ada"))).wroteName, "Ada");
    await ledger.record(received(ada.deleted()));
    assert.equal((await settle(ada, user("user-2", null))).wroteName, null);
    assert.equal((await settle(ada, user("user-2", "Countess"))).wroteName, null);
  });
});
