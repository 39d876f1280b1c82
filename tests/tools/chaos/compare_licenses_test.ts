import assert from "node:assert/strict";
import { account, app, box, forever } from "../../../tools/chaos/chaos_catalogue.ts";
import { strayProblems, wrongPurchases } from "../../../tools/chaos/compare_licenses.ts";
import type { ExpectedBuyer } from "../../../tools/chaos/model/expected_buyers.ts";
import type {
  ExpectedLicense,
  ExpectedPurchase,
} from "../../../tools/chaos/model/expected_licenses.ts";
import {
  createCryptlexSandbox,
  type CryptlexSandbox,
  type LicenseSeed,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";

const until = new Date("2026-05-03T10:00:00Z");
const wanted: ExpectedLicense = {
  productId: app.id,
  templateId: null,
  entitlementSetId: null,
  allowedActivations: 1,
  allowedFloatingClients: 0,
  until,
};
const subscription: ExpectedPurchase = {
  stripeIds: ["sub_1"],
  of: [],
  isEntitled: true,
  licenses: [wanted],
};
const ann: ExpectedBuyer = {
  stripeIds: ["sub_1"],
  emails: ["ann@example.com", "anna@example.com"],
  names: [],
  mustBeThere: true,
  mayBeThere: true,
};

/** An account whose licenses are as the subscription wants one but for these seeds. */
function sold(...seeds: LicenseSeed[]): CryptlexSandbox {
  const sandbox = createCryptlexSandbox(account);
  const user = sandbox.seedUser({ email: "Ann@Example.com" });
  for (const [nth, seed] of seeds.entries()) {
    sandbox.seedLicense({
      productId: app.id,
      userId: user.id,
      expiresAt: until.toISOString(),
      metadata: [
        { key: "stripe_subscription_id", value: "sub_1" },
        { key: "stripe_cryptlex_slot", value: `${app.id}/${nth + 1}` },
      ],
      ...seed,
    });
  }
  return sandbox;
}

function problems(licenses: readonly ExpectedLicense[], ...seeds: LicenseSeed[]): string {
  const expected = { ...subscription, licenses };
  const options = { licenses: sold(...seeds).licenses(), buyers: [ann] };
  return wrongPurchases([expected], options)[0]?.problems.join("; ") ?? "";
}

Deno.test("a license as it must be is right, also an hour off", () => {
  assert.equal(problems([wanted], {}), "");
  assert.equal(problems([wanted], { expiresAt: "2026-05-03T11:00:00Z" }), "");
});

Deno.test("each difference is named", () => {
  const seeds: [LicenseSeed, RegExp][] = [
    [{ expiresAt: "2026-05-03T11:00:01Z" }, /^it must expire [^;]*$/],
    [{ expiresAt: null }, /must expire .* expires null/],
    [{ productId: forever.id }, /product must be product-app/],
    [{ userId: null }, /user must be ann@example\.com or anna@example\.com/],
    [{ entitlementSetId: "set-plus" }, /entitlement set must be null, is set-plus/],
    [{ allowedActivations: 6 }, /activations must be 1, is 6/],
    [{ allowedFloatingClients: 5 }, /floating clients must be 0, is 5/],
    [{ suspended: true }, /must be 1 usable licenses, there are 0/],
    [{ revoked: true }, /must be 1 usable licenses, there are 0/],
  ];
  for (const [seed, sentence] of seeds) assert.match(problems([wanted], seed), sentence);
  assert.match(problems([], {}), /must be 0 .* there are 1/);
});

Deno.test("of several each is compared with the one most like it", () => {
  const other: ExpectedLicense = { ...wanted, productId: box.id };
  const inBox = { productId: box.id };
  assert.equal(problems([wanted, other, wanted], inBox, {}, {}), "");
  assert.equal(
    problems([wanted, other, wanted], {}, { ...inBox, allowedActivations: 2 }, {}),
    "activations must be 1, is 2",
  );
  assert.match(problems([wanted, other], {}, {}), /^product must be product-box, is product-app$/);
});

Deno.test("a license too many is found, one that cannot be used is no harm", () => {
  assert.match(problems([wanted], {}, {}), /must be 1 usable licenses, there are 2/);
  assert.equal(problems([wanted], {}, { revoked: true }), "");
});

Deno.test("a license made twice is found, whatever became of it", () => {
  const metadata = [
    { key: "stripe_subscription_id", value: "sub_1" },
    { key: "stripe_cryptlex_slot", value: `${app.id}/1` },
  ];
  assert.match(
    problems([wanted], {}, { metadata, revoked: true }),
    /^a license was made more than once for product-app\/1$/,
  );
});

Deno.test("what was never paid for must have no license at all", () => {
  const unpaid = { ...subscription, isEntitled: false, licenses: [] };
  const licenses = sold({ revoked: true }).licenses();
  const [wrong] = wrongPurchases([unpaid], { licenses, buyers: [] });
  assert.deepEqual(wrong?.problems, ["a license was made, and nothing was paid for"]);
});

Deno.test("a license of which nothing says a period lasts as its template says", () => {
  const lasting = (productId: string, templateId: string | null = null): ExpectedLicense => ({
    ...wanted,
    productId,
    templateId,
    until: "template",
  });
  assert.equal(problems([lasting(forever.id)], { productId: forever.id, expiresAt: null }), "");
  assert.match(problems([lasting(forever.id)], { productId: forever.id }), /must expire never/);
  const createdAt = "2026-01-31T10:00:00Z";
  const dated = (expiresAt: string) => ({ createdAt, expiresAt });
  assert.equal(problems([lasting(app.id)], dated("2026-02-28T10:00:00Z")), "");
  assert.match(
    problems([lasting(app.id)], dated("2026-03-31T10:00:00Z")),
    /must expire 2026-02-28/,
  );
  assert.equal(problems([lasting(app.id, "template-yearly")], dated("2027-01-31T10:00:00Z")), "");
});

Deno.test("a license of nobody is found", () => {
  const sandbox = sold({});
  assert.deepEqual(strayProblems([subscription], sandbox.licenses()), []);
  const { id } = sandbox.seedLicense();
  assert.deepEqual(strayProblems([subscription], sandbox.licenses()), [
    `license ${id} belongs to no purchase`,
  ]);
});
