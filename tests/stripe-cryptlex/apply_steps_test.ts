import assert from "node:assert/strict";
import { type ApplyContext, applySteps } from "../../functions/stripe-cryptlex/apply_steps.ts";
import { decide, type DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import { claimedAt } from "./builders/claim_of.ts";
import { createFakeCryptlex, type FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { itemWith, purchaseWith, said, termsOf } from "./builders/purchase_with.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const license = knownLicense();
const renew: Step = {
  kind: "expiry",
  license,
  step: { kind: "renew", expiresAt: date("2027-01-05"), predicted: date("2027-01-05") },
};
const end: Step = { kind: "end", license };

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
  const work = { licenses, outcomes: [] as string[] };
  let known: string | null = "user-1";
  const context: ApplyContext = {
    cryptlex,
    work,
    now: claimedAt,
    metadata: ({ slot }) => [{ key: "slot", value: slot }],
    users: {
      get: () => Promise.resolve(known ?? "user-2"),
      forget() {
        const forgets = known !== null;
        known = null;
        return forgets;
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
  assert.equal(never.cryptlex.calls.length, 2);
});

Deno.test("a renewal that ends where it should is one call", async () => {
  const { apply, cryptlex, licenses, work } = there();
  await apply(renew);
  assert.deepEqual(cryptlex.calls, ["renewLicense"]);
  assert.deepEqual(until(licenses.get("license-1")), [date("2027-01-05"), date("2027-01-05")]);
  assert.deepEqual(work.outcomes, ["license license-1 renewed, until 2027-01-05"]);
});

Deno.test("a renewal that misses is corrected, and until then its date counts as nobody's", async () => {
  const step = { ...renew.step, expiresAt: date("2027-01-08") } as typeof renew.step;
  const { apply, cryptlex, licenses, work } = there();
  await apply({ ...renew, step });
  assert.deepEqual(work.outcomes, ["license license-1 renewed, until 2027-01-08"]);
  assert.deepEqual(cryptlex.calls, ["renewLicense", "setExpiresAt"]);
  assert.deepEqual(until(licenses.get("license-1")), [date("2027-01-08"), date("2027-01-08")]);
  const halfWay = there((call) => {
    if (call === "setExpiresAt") throw noAnswer();
  });
  await assert.rejects(halfWay.apply({ ...renew, step }));
  assert.deepEqual(until(halfWay.licenses.get("license-1")), [date("2027-01-05"), null]);
});

Deno.test("a refused renewal falls back to the exact date", async () => {
  const { apply, cryptlex, licenses } = there((call) => {
    if (call === "renewLicense") throw refusal(409);
  });
  await apply(renew);
  assert.deepEqual(cryptlex.calls, ["renewLicense", "setExpiresAt"]);
  assert.deepEqual(until(licenses.get("license-1")), [date("2027-01-05"), date("2027-01-05")]);
});

Deno.test("a create or renewal without an answer may have happened; nothing else is unheard", async () => {
  const silent = (...silenced: string[]) =>
    there((call) => {
      if (silenced.includes(call)) throw noAnswer();
    });
  await assert.rejects(silent("createLicense").apply(createOf("product-b")), UnheardError);
  await assert.rejects(silent("renewLicense").apply(renew), UnheardError);
  await assert.rejects(
    silent("setRevoked").apply(end),
    (error) => !(error instanceof UnheardError),
  );
});

Deno.test("a license deleted meanwhile is gone, and its other steps are left", async () => {
  const { apply, cryptlex, licenses, work } = there();
  cryptlex.licenses.clear();
  const set: Step = { kind: "set_entitlement_set", license, entitlementSetId: "set-a" };
  await apply(set, renew);
  assert.deepEqual(cryptlex.calls, ["setEntitlementSet"]);
  assert.equal(licenses.get("license-1")?.goneAt, claimedAt);
  assert.match(String(work.outcomes), /was deleted in Cryptlex/);
});

Deno.test("a refused change is not taken for a deleted license", async () => {
  const { apply, licenses } = there(() => {
    throw refusal(400);
  });
  await assert.rejects(apply(end));
  assert.equal(licenses.get("license-1")?.goneAt, null);
});

Deno.test("a renewal is not set instead when the license is gone or the time has not come", async () => {
  for (const status of [404, 429, 401]) {
    const { apply, cryptlex } = there(() => {
      throw refusal(status);
    });
    await apply(renew).catch(() => {});
    assert.deepEqual(cryptlex.calls, ["renewLicense"]);
  }
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
    await assert.rejects(apply(end, end));
    assert.equal(cryptlex.calls.length, 1);
  }
});

Deno.test("a replaced license is revoked and known as ended by us", async () => {
  const { apply, licenses } = there();
  await apply(end);
  const { revoked, endedAt } = licenses.get("license-1") ?? license;
  assert.deepEqual([revoked, endedAt], [true, claimedAt]);
});

// DEFECT: slots.ts takes every license of ours without a written date for one of a session alone.
Deno.test("a correction that failed does not unfreeze what the license is for", async () => {
  const step = { ...renew.step, expiresAt: date("2027-01-08") } as typeof renew.step;
  const { apply, licenses } = there((call) => {
    if (call === "setExpiresAt") throw noAnswer();
  });
  await assert.rejects(apply({ ...renew, step }));
  const purchase = purchaseWith({ subscriptionTerms: said(null), items: { si_1: itemWith() } });
  const plan = { stripeId: "price_a", cryptlexProductId: "product-b" };
  const decision = decide(purchase, {
    purchaseId: "sub_1",
    catalog: {
      plans: [{ ...plan, licenseTemplateId: null, entitlementSetId: null }],
      hasPlans: true,
      productId: null,
    },
    renewalGraceDays: 3,
    known: [...licenses.values()],
  });
  assert.ok(decision.kind === "licenses");
  assert.deepEqual(decision.desired.map(({ slot }) => slot), ["product-a/1"]);
});
