import assert from "node:assert/strict";
import { type ApplyContext, applySteps } from "../../functions/stripe-cryptlex/apply_steps.ts";
import type { CallRecord } from "../../functions/stripe-cryptlex/cryptlex.ts";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { PartDoneError, UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import { claimedAt } from "./builders/claim_of.ts";
import { createFakeCryptlex, type FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { termsOf } from "./builders/purchase_with.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const license = knownLicense();
const renew: Step = {
  kind: "expiry",
  license,
  step: { kind: "renew", expiresAt: date("2027-01-05"), predicted: date("2027-01-05") },
};
const ending = knownLicense({ wroteRevoked: true });
const end: Step = { kind: "end", license: ending };
const setSet: Step = { kind: "set_entitlement_set", license, entitlementSetId: "set-a" };

function createOf(productId: string, expiresAt: Date | null = null): Step {
  const terms = termsOf(productId);
  const target = { itemId: "si_1", priceId: "price_a", productId: "prod_a", paidThrough: null };
  const desired: DesiredLicense = {
    slot: `${productId}/1`,
    terms,
    mappedBy: "plan",
    remapped: true,
    expiresAt,
    target: { ...target, terms, mappedBy: "plan" },
  };
  return { kind: "create", desired };
}

/** Cryptlex and the ledger both have license-1; `refuse` as in the fake. */
function there(refuse: FakeCryptlex["refuse"] = () => {}) {
  const cryptlex = createFakeCryptlex({ now: claimedAt });
  cryptlex.licenses.set("license-1", licenseShown());
  cryptlex.refuse = refuse;
  const licenses = new Map<string, KnownLicense>([["license-1", license]]);
  const calls: CallRecord[] = [];
  const work = { licenses, outcomes: [] as string[], calls, hasRead: false };
  let known: string | null = "user-1";
  const context: ApplyContext = {
    cryptlex,
    work,
    now: claimedAt,
    metadata: ({ slot }) => [{ key: "slot", value: slot }],
    users: {
      get: () => Promise.resolve(known ?? "user-2"),
      forgetIfGone() {
        const forgets = known !== null;
        known = null;
        return Promise.resolve(forgets);
      },
    },
  };
  return { cryptlex, work, licenses, apply: (...steps: Step[]) => applySteps(steps, context) };
}

const until = (row: KnownLicense | undefined) => [row?.expiresAt, row?.wroteExpiresAt];

Deno.test("a license is created for the user, with its slot, and known as it was answered", async () => {
  const { apply, cryptlex, licenses, work } = there();
  await apply(createOf("product-b", date("2026-12-01")));
  assert.deepEqual(cryptlex.licenses.get("license-2")?.metadata, [{
    key: "slot",
    value: "product-b/1",
  }]);
  assert.deepEqual(licenses.get("license-2"), {
    ...license,
    licenseId: "license-2",
    slot: "product-b/1",
    cryptlexProductId: "product-b",
    mappedBy: "plan",
    stripeItemId: "si_1",
    stripePriceId: "price_a",
    stripeProductId: "prod_a",
    expiresAt: date("2026-12-01"),
    wroteExpiresAt: date("2026-12-01"),
  });
  assert.deepEqual(work.outcomes, ["license license-2 created, until 2026-12-01"]);
});

Deno.test("a license whose date is the template's has its date still to be aligned", async () => {
  const { apply, licenses } = there();
  await apply(createOf("product-b"));
  assert.deepEqual(until(licenses.get("license-2")), [date("2026-12-02"), null]);
});

Deno.test("a user gone from Cryptlex is forgotten, and another tried once", async () => {
  const gone = there((call) => {
    if (call === "createLicense" && gone.cryptlex.calls.length === 1) throw refusal(404);
  });
  await gone.apply(createOf("product-b"));
  assert.equal(gone.cryptlex.licenses.get("license-2")?.userId, "user-2");
  const never = there(() => {
    throw refusal(400, { message: "no such template" });
  });
  await assert.rejects(never.apply(createOf("product-b")), /no such template/);
  assert.deepEqual(never.cryptlex.calls, ["createLicense", "createLicense"]);
});

Deno.test("a create without an answer may have happened, and is not made again at once", async () => {
  const { apply, cryptlex } = there(() => {
    throw noAnswer();
  });
  await assert.rejects(apply(createOf("product-b")), UnheardError);
  assert.deepEqual(cryptlex.calls, ["createLicense"]);
});

Deno.test("an ending is written down before it is made, once all else is done", async () => {
  const { apply, cryptlex, licenses } = there();
  const announced: Step = { kind: "end", license };
  await assert.rejects(apply(createOf("product-b"), announced), PartDoneError);
  assert.deepEqual(cryptlex.calls, ["createLicense"]);
  const { wroteRevoked, endedAt } = licenses.get("license-1") ?? license;
  assert.deepEqual([wroteRevoked, endedAt], [true, null]);
});

Deno.test("an ending without an answer may land late: nobody revives the license before that", async () => {
  const { apply, licenses } = there(() => {
    throw noAnswer();
  });
  await assert.rejects(apply(end), UnheardError);
  assert.equal(licenses.get("license-1")?.endedAt, null);
});

Deno.test("a license wanted again is made valid again", async () => {
  const { apply, cryptlex, licenses, work } = there();
  cryptlex.licenses.set("license-1", licenseShown({}, { revoked: true }));
  licenses.set("license-1", ending);
  await apply({ kind: "revive", license: ending });
  const { revoked, wroteRevoked } = licenses.get("license-1") ?? ending;
  assert.deepEqual([revoked, wroteRevoked], [false, false]);
  assert.deepEqual(work.outcomes, ["license license-1 is valid again"]);
});

Deno.test("after twenty calls the rest is left for the next part, when there was progress", async () => {
  const { apply, cryptlex, work } = there((_, about) => {
    if (about === "product-b") throw refusal(400, { message: "no such product" });
  });
  const call = { action: "get_license", licenseId: null, status: 200, ms: 1, error: null };
  work.calls.push(...Array.from({ length: 20 }, () => call));
  await assert.rejects(
    apply(createOf("product-b"), createOf("product-c"), renew),
    PartDoneError,
  );
  assert.equal(cryptlex.licenses.get("license-2")?.productId, "product-c");
  assert.ok(!cryptlex.calls.includes("renewLicense"));
});

Deno.test("a license deleted meanwhile is gone, and its other steps are left", async () => {
  const { apply, cryptlex, licenses, work } = there();
  cryptlex.licenses.clear();
  await apply(setSet, renew);
  assert.deepEqual(cryptlex.calls, ["setEntitlementSet", "getLicense"]);
  assert.equal(licenses.get("license-1")?.goneAt, claimedAt);
  assert.match(String(work.outcomes), /was deleted in Cryptlex/);
});

Deno.test("a 404 about something else is a refusal: the license is still there", async () => {
  const { apply, licenses } = there((call) => {
    if (call === "setEntitlementSet") throw refusal(404, { message: "no such set" });
  });
  await assert.rejects(apply(setSet), /no such set/);
  assert.equal(licenses.get("license-1")?.goneAt, null);
});

Deno.test("a later step of a license goes on from what an earlier one left", async () => {
  const { apply, licenses } = there();
  await apply(setSet, renew);
  const { entitlementSetId, expiresAt } = licenses.get("license-1") ?? license;
  assert.deepEqual([entitlementSetId, expiresAt], ["set-a", date("2027-01-05")]);
});

Deno.test("an ending waits for a license that could not be made, not for other refusals", async () => {
  const refused = there((call) => {
    if (call === "setEntitlementSet") throw refusal(400);
  });
  refused.cryptlex.licenses.set("license-2", licenseShown({}, { id: "license-2" }));
  const other = { ...ending, licenseId: "license-2" };
  await assert.rejects(refused.apply(setSet, { kind: "end", license: other }));
  assert.equal(refused.cryptlex.licenses.get("license-2")?.revoked, true);
});

Deno.test("a refused change is not taken for a deleted license", async () => {
  const { apply, licenses } = there(() => {
    throw refusal(400);
  });
  await assert.rejects(apply(end));
  assert.equal(licenses.get("license-1")?.goneAt, null);
});

Deno.test("one refusal stops nothing else, but an ending whose replacement was refused waits", async () => {
  const { apply, cryptlex, licenses } = there((_, about) => {
    if (about === "product-b") throw refusal(400, { message: "no such product" });
  });
  const steps = [createOf("product-b"), createOf("product-c"), renew, end];
  await assert.rejects(apply(...steps), /no such product/);
  assert.equal(licenses.get("license-2")?.slot, "product-c/1");
  assert.deepEqual(until(licenses.get("license-1"))[0], date("2027-01-05"));
  assert.ok(!cryptlex.calls.includes("setRevoked"));
});

Deno.test("a rate limit or no answer stops everything at once", async () => {
  for (const error of [refusal(429), refusal(401), noAnswer()]) {
    const { apply, cryptlex } = there(() => {
      throw error;
    });
    for (const steps of [[end, createOf("product-b")], [createOf("product-b"), end]]) {
      cryptlex.calls.length = 0;
      await assert.rejects(apply(...steps));
      assert.equal(cryptlex.calls.length, 1);
    }
  }
});

Deno.test("a replaced license is revoked and known as ended by us", async () => {
  const { apply, licenses } = there();
  await apply(end);
  const { revoked, endedAt } = licenses.get("license-1") ?? license;
  assert.deepEqual([revoked, endedAt], [true, claimedAt]);
});
