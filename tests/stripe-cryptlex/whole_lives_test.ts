// What holds in every life, however it is told: drawn at random, through the real convergence.

import assert from "node:assert/strict";
import fc from "fast-check";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { StripeEvent } from "../../tools/stripe_sandbox/stripe_event.ts";
import { anyWholeLife, type WholeLife } from "./builders/any_whole_life.ts";
import { anyDelivery } from "./builders/merged.ts";
import { createPurchaseAtWork, type PurchaseAtWork } from "./builders/purchase_at_work.ts";
import { wholeCatalog, wholeProducts, wholeSets } from "./builders/whole_catalog.ts";

const options = { numRuns: 150 };

const delivered = anyWholeLife.chain((life) =>
  anyDelivery(life.facts).map((delivery) => ({
    life,
    delivery,
    // Whole events would fill the screen.
    [fc.toStringMethod]: () =>
      JSON.stringify({
        purchaseId: life.purchaseId,
        told: delivery.map((facts) => shortly(life.events[life.facts.indexOf(facts)])),
      }),
  }))
);

function shortly(event: StripeEvent | undefined): string {
  const object = event?.data.object as { status?: string; items?: { data: unknown[] } } | undefined;
  const items = object?.items?.data as { price: { id: string }; quantity?: number }[] | undefined;
  const sold = items?.map(({ price, quantity }) => `${quantity} ${price.id}`).join(" + ") ?? "";
  return [event?.type, event?.created, object?.status, sold].join(" ");
}

function begin({ purchaseId }: WholeLife): PurchaseAtWork {
  const products = wholeProducts;
  return createPurchaseAtWork({ purchaseId, catalog: wholeCatalog, products, sets: wholeSets });
}

async function after(life: WholeLife, facts: readonly Purchase[]): Promise<PurchaseAtWork> {
  const purchase = begin(life);
  for (const known of facts) await purchase.know(known);
  return purchase;
}

/** What can be used, apart from which key it is. */
function usable({ cryptlex }: PurchaseAtWork): string[] {
  return cryptlex.licenses().filter(({ revoked, suspended }) => !revoked && !suspended)
    .map((one) =>
      [one.productId, one.expiresAt?.slice(0, 13), one.allowedActivations, one.entitlementSetId]
        .join(" ")
    ).sort();
}

Deno.test("neither order nor repetition changes what can be used in the end", async () => {
  await fc.assert(
    fc.asyncProperty(delivered, async ({ life, delivery }) => {
      const told = await after(life, delivery);
      assert.deepEqual(usable(told), usable(await after(life, life.facts)));
    }),
    options,
  );
});

Deno.test("on the way: one license a slot, dates that only grow, and nothing done twice", async () => {
  await fc.assert(
    fc.asyncProperty(delivered, async ({ life, delivery }) => {
      const purchase = begin(life);
      let before: readonly KnownLicense[] = [];
      for (const facts of delivery) {
        await purchase.know(facts);
        const rows = purchase.rows();
        const slots = rows.filter((row) => row.endedAt === null && row.goneAt === null)
          .map(({ slot }) => slot);
        assert.deepEqual(slots, [...new Set(slots)], "one living license a slot");
        for (const { licenseId, wroteExpiresAt } of before) {
          const now = rows.find((row) => row.licenseId === licenseId);
          assert.ok(now, "a license is never forgotten");
          assert.ok((now.expiresAt?.getTime() ?? Infinity) >= (wroteExpiresAt?.getTime() ?? 0));
        }
        assert.deepEqual(await purchase.know(nothing), [], "a second convergence does nothing");
        before = rows;
      }
    }),
    options,
  );
});

Deno.test("a subscription that has ended has ended, whatever comes after it", async () => {
  await fc.assert(
    fc.asyncProperty(delivered, async ({ life, delivery }) => {
      fc.pre(life.purchaseId.startsWith("sub_"));
      const ended: Purchase = { ...nothing, ended: true };
      const purchase = begin(life);
      const at = Math.floor(delivery.length / 2);
      for (const facts of delivery.toSpliced(at, 0, ended)) {
        await purchase.know(facts);
        if (delivery.indexOf(facts) >= at) assert.deepEqual(usable(purchase), []);
      }
      assert.deepEqual(usable(purchase), []);
    }),
    options,
  );
});

const hand = fc.constantFrom("revoke", "suspend", "extend", "activations", "set", "delete");

Deno.test("what an operator set survives, whatever is told after it", async () => {
  await fc.assert(
    fc.asyncProperty(delivered, hand, fc.nat(), async ({ life, delivery }, what, when) => {
      const purchase = begin(life);
      const at = when % delivery.length;
      for (const facts of delivery.slice(0, at)) await purchase.know(facts);
      const [license] = purchase.cryptlex.licenses()
        .filter(({ revoked, suspended }) => !revoked && !suspended);
      fc.pre(license !== undefined);
      const { id } = license;
      const row = purchase.rows().find(({ licenseId }) => licenseId === id);
      // The template's date is aligned once, whoever moved it.
      fc.pre(what !== "extend" || row?.wroteExpiresAt !== null);
      const now = () => purchase.cryptlex.licenses().find((one) => one.id === id);
      const far = "2031-01-01T00:00:00.000Z";
      switch (what) {
        case "delete":
          purchase.cryptlex.remove(id);
          break;
        case "revoke":
          purchase.cryptlex.change(id, { revoked: true });
          break;
        case "suspend":
          purchase.cryptlex.change(id, { suspended: true });
          break;
        case "extend":
          purchase.cryptlex.change(id, { expiresAt: far });
          break;
        case "activations":
          purchase.cryptlex.change(id, { allowedActivations: 500 });
          break;
        case "set":
          purchase.cryptlex.change(id, { entitlementSetId: "set-gift" });
      }
      for (const facts of delivery.slice(at)) await purchase.know(facts);
      switch (what) {
        case "delete":
          assert.equal(now(), undefined);
          break;
        case "revoke":
          assert.equal(now()?.revoked, true);
          break;
        case "suspend":
          assert.equal(now()?.suspended, true);
          break;
        case "extend":
          assert.ok((now()?.expiresAt ?? "") >= far.slice(0, 19));
          break;
        case "activations":
          assert.equal(now()?.allowedActivations, 500);
          break;
        case "set":
          assert.equal(now()?.entitlementSetId, "set-gift");
      }
    }),
    options,
  );
});
