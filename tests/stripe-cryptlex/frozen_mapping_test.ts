import assert from "node:assert/strict";
import { type KnownLicense, mappedBy } from "../../functions/stripe-cryptlex/known_license.ts";
import {
  frozen,
  isProvisional,
  lateMetadata,
  mayRemap,
} from "../../functions/stripe-cryptlex/frozen_mapping.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { saidAt, termsOf } from "./builders/purchase_with.ts";
import { licenseSeats, targetOf } from "./builders/target_of.ts";

/** The license of `si_1`, made by a plan for product-a. */
const held = knownLicense({
  stripeItemId: "si_1",
  stripePriceId: "price_a",
  stripeProductId: "prod_a",
  mappedBy: "plan",
});

function remaps(target: Partial<Target>, license: Partial<KnownLicense> = {}): boolean {
  return mayRemap(targetOf("product-b", target), { ...held, ...license });
}

Deno.test("a mapping is frozen: what was edited since changes nothing", () => {
  for (const by of mappedBy.filter((by) => by !== "session")) {
    assert.equal(remaps({ mappedBy: by, paidThrough: saidAt }), false, by);
  }
});

Deno.test("another price or another product on the Stripe line maps anew", () => {
  assert.equal(remaps({ priceId: "price_b" }), true);
  assert.equal(remaps({ productId: "prod_b" }), true);
});

Deno.test("what was not known before, or is not now, has not changed", () => {
  assert.equal(remaps({ priceId: null, productId: null }), false);
  assert.equal(remaps({}, { stripePriceId: null, stripeProductId: null }), false);
});

Deno.test("a price that nothing maps does not map anew", () => {
  assert.equal(remaps({ terms: null, priceId: "price_b" }), false);
});

Deno.test("an adopted license is never mapped anew", () => {
  for (const target of [{ priceId: "price_b" }, { mappedBy: "session" }] as const) {
    assert.equal(remaps(target, { origin: "adopted" }), false);
  }
});

Deno.test("a session that came after the license maps anew once, but not over a line's metadata", () => {
  const overruled = mappedBy.filter((by) => remaps({ mappedBy: "session" }, { mappedBy: by }));
  const kept = mappedBy.filter((by) => !overruled.includes(by));
  assert.deepEqual(kept, ["line", "session"]);
});

Deno.test("what was made of a session alone waits for the first paid period to be settled", () => {
  const provisional = { wroteExpiresAt: null };
  assert.equal(isProvisional({ ...held, ...provisional }), true);
  assert.equal(remaps({ paidThrough: saidAt }, provisional), true);
  assert.equal(remaps({}, provisional), false, "nothing new is said");
  assert.equal(isProvisional(held), false);
  assert.equal(isProvisional({ ...held, ...provisional, origin: "adopted" }), false);
});

Deno.test("what the setting mapped is mapped anew by whatever is nearer, before it is settled", () => {
  const bySetting = { wroteExpiresAt: null, mappedBy: "setting" } as const;
  assert.equal(remaps({ mappedBy: "subscription" }, bySetting), true);
  assert.equal(remaps({ mappedBy: "setting" }, bySetting), false);
  assert.equal(remaps({ mappedBy: "subscription" }, { mappedBy: "setting" }), false);
});

Deno.test("of a license found where nobody heard of it, what its units count is mapped once more", () => {
  const found = { wroteExpiresAt: null, mappedBy: "found" } as const;
  assert.equal(remaps({ terms: termsOf("product-a") }, found), true);
  assert.equal(remaps({}, found), false, "it is of the product it was made for");
  assert.equal(remaps({ terms: termsOf("product-a") }, { ...found, origin: "adopted" }), false);
});

Deno.test("a set that was refused, or is still to be set, is mapped anew: it may have been mended", () => {
  assert.equal(remaps({}, { writing: { entitlementSetId: "set-a" } }), true);
  assert.equal(remaps({}, { writing: { suspended: true } }), false);
});

Deno.test("frozen is what we made: product, template, the set we wrote, what units count as", () => {
  const license = {
    ...held,
    licenseTemplateId: "template-a",
    seats: licenseSeats,
    wrote: licenseFields({ entitlementSetId: "set-a" }),
    seen: licenseFields({ entitlementSetId: "set-of-the-operator" }),
  };
  assert.deepEqual(frozen(license), {
    terms: {
      productId: "product-a",
      licenseTemplateId: "template-a",
      entitlementSetId: "set-a",
    },
    seats: licenseSeats,
  });
});

Deno.test("metadata that came too late is told, wherever it stands", () => {
  for (const by of ["line", "session", "subscription", "invoice"] as const) {
    assert.equal(
      lateMetadata(targetOf("product-b", { mappedBy: by }), held),
      `license license-1 keeps what it was made for; metadata of the ${by} came too ` +
        "late, or was changed since",
    );
  }
});

Deno.test("another entitlement set in it is told too, none named asks for nothing", () => {
  const ofSet = (entitlementSetId: string | null, wrote: string | null) =>
    lateMetadata(
      targetOf(termsOf("product-a", { entitlementSetId }), { mappedBy: "subscription" }),
      { ...held, wrote: licenseFields({ entitlementSetId: wrote }) },
    );
  assert.notEqual(ofSet("set-b", "set-a"), null);
  assert.notEqual(ofSet("set-b", null), null);
  assert.equal(ofSet("set-a", "set-a"), null);
  assert.equal(ofSet(null, "set-a"), null);
});

Deno.test("an edited price, product, plan or setting is for new sales: nobody is told", () => {
  for (const by of ["price", "product", "plan", "setting"] as const) {
    assert.equal(lateMetadata(targetOf("product-b", { mappedBy: by }), held), null);
  }
});

Deno.test("of what names nothing, and of what another made, there is nothing to tell", () => {
  assert.equal(lateMetadata(targetOf(null, { mappedBy: "line" }), held), null);
  const adopted = { ...held, origin: "adopted" as const };
  assert.equal(lateMetadata(targetOf("product-b", { mappedBy: "line" }), adopted), null);
});

Deno.test("an item's own metadata maps anew when it is first seen in the subscription, and only then", () => {
  const seen = targetOf("product-b", { mappedBy: "line", covers: ["si_1"] });
  const ofInvoice = { ...held, coveredItems: [] };
  assert.equal(mayRemap(seen, ofInvoice), true);
  assert.equal(mayRemap({ ...seen, covers: [] }, ofInvoice), false);
  assert.equal(mayRemap({ ...seen, mappedBy: "price" }, ofInvoice), false);
  for (const coveredItems of [null, ["si_1"]]) {
    assert.equal(mayRemap(seen, { ...held, coveredItems }), false);
  }
});

Deno.test("an added item is not what a license of the whole stood for before", () => {
  const added = targetOf("product-b", { mappedBy: "price", covers: ["si_1"], isAdded: true });
  const whole = { ...held, stripeItemId: null, coveredItems: ["si_0"] };
  assert.equal(mayRemap(added, whole), true);
  assert.equal(mayRemap({ ...added, isAdded: false }, whole), false);
  assert.equal(mayRemap(added, { ...whole, stripeItemId: "si_1" }), false);
});
