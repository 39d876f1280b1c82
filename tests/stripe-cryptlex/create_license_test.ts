import assert from "node:assert/strict";
import { createLicense } from "../../functions/stripe-cryptlex/create_license.ts";
import type { NewLicense } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import type { DesiredLicense } from "../../functions/stripe-cryptlex/decide.ts";
import { UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import { desiredOf } from "./builders/desired_of.ts";
import type { FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { createLicensesAtWork } from "./builders/licenses_at_work.ts";
import { termsOf } from "./builders/purchase_with.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";
import { licenseSeats, targetOf } from "./builders/target_of.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const target = targetOf("product-a");
/** Of `si_1`, by a plan, its date left to the template. */
const wanted = desiredOf("product-a/1", {
  target,
  mappedBy: "plan",
  stripePriceId: "price_a",
  stripeProductId: "prod_a",
  expiresAt: null,
});

function there(refuse: FakeCryptlex["refuse"] = () => {}) {
  const at = createLicensesAtWork({ known: [], refuse });
  const sent: NewLicense[] = [];
  const { createLicense: create } = at.cryptlex;
  at.cryptlex.createLicense = (license) => {
    sent.push(license);
    return create(license);
  };
  let known: string | null = "user-1";
  const context = {
    ...at,
    metadata: ({ slot }: DesiredLicense) => [{ key: "slot", value: slot }],
    users: {
      get: () => Promise.resolve(known ?? "user-2"),
      forgetIfGone() {
        const forgets = known !== null;
        known = null;
        return Promise.resolve(forgets);
      },
    },
  };
  return { ...at, sent, create: (desired: DesiredLicense) => createLicense(desired, context) };
}

Deno.test("a license is made for the user, with its metadata, and known as it was answered", async () => {
  const { create, sent, row, work } = there();
  await create({ ...wanted, seats: licenseSeats, expiresAt: date("2026-12-01") });
  assert.deepEqual(sent, [{
    ...termsOf("product-a"),
    userId: "user-1",
    expiresAt: date("2026-12-01"),
    counts: {},
    metadata: [{ key: "slot", value: "product-a/1" }],
  }]);
  assert.deepEqual(
    row(),
    knownLicense({
      mappedBy: "plan",
      seats: licenseSeats,
      stripeItemId: "si_1",
      stripePriceId: "price_a",
      stripeProductId: "prod_a",
      expiresAt: date("2026-12-01"),
      wroteExpiresAt: date("2026-12-01"),
    }),
  );
  assert.deepEqual(work.outcomes, ["license license-1 created, until 2026-12-01"]);
});

Deno.test("one more of a frozen mapping is of the price that is frozen, not of the one not followed", async () => {
  const { create, row } = there();
  await create({ ...wanted, target: { ...target, priceId: "price_b" } });
  assert.deepEqual([row().stripeItemId, row().stripePriceId], ["si_1", "price_a"]);
});

Deno.test("a license whose date is the template's has its date still to be aligned", async () => {
  const { create, row } = there();
  await create(wanted);
  assert.deepEqual([row().expiresAt, row().wroteExpiresAt], [date("2026-12-02"), null]);
});

Deno.test("counts that were bought are asked for, what else is wanted is as it comes", async () => {
  const cases = [
    [{ allowedActivations: 6 }, { allowedActivations: 6 }],
    [{ allowedFloatingClients: 10 }, { allowedFloatingClients: 10 }],
    [{}, {}],
  ] as const;
  for (const [counts, sentCounts] of cases) {
    const { create, sent } = there();
    await create({ ...wanted, fields: { ...wanted.fields, ...counts } });
    assert.deepEqual(sent[0]?.counts, sentCounts);
  }
});

Deno.test("template and set are those of the terms, and all the answer tells is as we wrote it", async () => {
  const { create, sent, row } = there();
  const terms = termsOf("product-a", { licenseTemplateId: "t", entitlementSetId: "set-a" });
  await create({ ...wanted, terms, fields: { ...wanted.fields, allowedActivations: 6 } });
  assert.deepEqual(
    [sent[0]?.licenseTemplateId, sent[0]?.entitlementSetId, row().licenseTemplateId],
    ["t", "set-a", "t"],
  );
  const fields = licenseFields({ entitlementSetId: "set-a", allowedActivations: 6 });
  assert.deepEqual([row().seen, row().wrote, row().writing], [fields, fields, null]);
});

Deno.test("a user gone from Cryptlex is forgotten, and another tried once", async () => {
  let refusals = 1;
  const gone = there(() => {
    if (refusals-- > 0) throw refusal(404);
  });
  await gone.create(wanted);
  assert.deepEqual(gone.sent.map(({ userId }) => userId), ["user-1", "user-2"]);
  const never = there(() => {
    throw refusal(400, { message: "no such template" });
  });
  await assert.rejects(never.create(wanted), /no such template/);
  assert.equal(never.sent.length, 2);
});

Deno.test("a rate limit or a refused token says nothing about the user", async () => {
  for (const status of [401, 403, 429]) {
    const { create, sent } = there(() => {
      throw refusal(status);
    });
    await assert.rejects(create(wanted));
    assert.equal(sent.length, 1);
  }
});

Deno.test("a create without an answer may have happened, and is not made again at once", async () => {
  const { create, sent, work } = there(() => {
    throw noAnswer();
  });
  await assert.rejects(create(wanted), UnheardError);
  assert.deepEqual([sent.length, work.licenses.size, work.outcomes], [1, 0, []]);
});
