import assert from "node:assert/strict";
import { claimSchema } from "../../functions/stripe-cryptlex/claim.ts";
import { nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import { claimRow } from "./builders/claim_row.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";

Deno.test("a claim is read in our words: dates as dates, an older release's state filled up", () => {
  assert.deepEqual(claimSchema.parse(claimRow()), {
    purchaseId: "sub_1",
    token: "token-1",
    claimedAt: new Date("2026-11-02T10:00:00.123Z"),
    mustRead: false,
    looksAgain: true,
    charged: { half: "older", calls: 4 },
    replays: 2,
    attempts: 3,
    states: [nothing, { ...nothing, of_a_newer_release: 1 }],
    joinedIds: ["pi_1", "cs_1"],
    events: [{
      eventId: "evt_1",
      eventType: "invoice.paid",
      status: "parked",
      opensSale: true,
      createdAt: new Date("2026-11-02T10:00:00Z"),
    }],
    licenses: [knownLicense({
      origin: "adopted",
      licenseTemplateId: "template-a",
      seats: { mode: "activations", perUnit: 2 },
      mappedBy: "plan",
      stripeItemId: "si_1",
      coveredItems: null,
      stripePriceId: "price_a",
      stripeProductId: "prod_a",
      expiresAt: new Date("2026-12-05T10:00:00Z"),
      wroteExpiresAt: null,
      seen: licenseFields({ suspended: true, allowedActivations: 4, entitlementSetId: "set-a" }),
      wrote: licenseFields({ revoked: true, allowedActivations: 2, allowedFloatingClients: 3 }),
      writing: { suspended: false, allowedActivations: 8 },
      goneAt: new Date("2026-11-01T00:00:00Z"),
    })],
    customer: {
      stripeCustomerId: "cus_1",
      userId: "user-1",
      userMadeByUs: false,
      wroteName: "Ada",
      isShared: true,
    },
    hasPlans: true,
    plans: [{
      stripeId: "price_a",
      cryptlexProductId: "product-a",
      licenseTemplateId: null,
      entitlementSetId: "set-a",
      seats: { mode: "licenses", perUnit: 1 },
    }],
  });
});

Deno.test("a purchase nobody bought as a customer has none", () => {
  assert.equal(claimSchema.parse(claimRow({ customer: null })).customer, null);
});

Deno.test("a claim that lacks anything is refused", () => {
  for (const key of Object.keys(claimRow())) {
    const { [key]: _, ...rest } = claimRow();
    assert.equal(claimSchema.safeParse(rest).success, false, key);
  }
});

Deno.test("a state that is no object is refused", () => {
  for (const state of [null, "x", 5]) {
    assert.equal(claimSchema.safeParse(claimRow({ states: [state] })).success, false);
  }
});
