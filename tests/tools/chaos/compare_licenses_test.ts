import assert from "node:assert/strict";
import { account, app, forever } from "../../../tools/chaos/chaos_catalogue.ts";
import { strayProblems, wrongPurchases } from "../../../tools/chaos/compare_licenses.ts";
import type { ExpectedPurchase } from "../../../tools/chaos/expected_licenses.ts";
import {
  createCryptlexSandbox,
  type LicenseSeed,
} from "../../../tools/cryptlex_sandbox/sandbox.ts";

const until = new Date("2026-05-03T10:00:00Z");
const subscription: ExpectedPurchase = {
  stripeIds: ["sub_1"],
  email: "ann@example.com",
  license: { productId: app.id, templateId: null, until },
};

/** An account whose one license is as the subscription wants it but for `seed`. */
function sold(seed: LicenseSeed = {}) {
  const sandbox = createCryptlexSandbox(account);
  const user = sandbox.seedUser({ email: "ann@example.com" });
  const license = sandbox.seedLicense({
    productId: app.id,
    userId: user.id,
    expiresAt: until.toISOString(),
    metadata: [{ key: "stripe_subscription_id", value: "sub_1" }],
    ...seed,
  });
  return { sandbox, license };
}

function problems(expected: ExpectedPurchase, seed: LicenseSeed = {}): string {
  const [wrong] = wrongPurchases([expected], sold(seed).sandbox.licenses());
  return wrong?.problems.join("; ") ?? "";
}

Deno.test("a license as it must be is right, also an hour off", () => {
  assert.equal(problems(subscription), "");
  assert.equal(problems(subscription, { expiresAt: "2026-05-03T11:00:00Z" }), "");
});

Deno.test("each difference is named", () => {
  assert.match(problems(subscription, { expiresAt: "2026-05-03T11:00:01Z" }), /must expire/);
  assert.match(problems(subscription, { expiresAt: null }), /must expire .* expires null/);
  assert.match(problems(subscription, { productId: forever.id }), /product must be product-app/);
  assert.match(problems(subscription, { userId: null }), /user must be ann@example\.com/);
  assert.match(problems(subscription, { suspended: true }), /suspended must be false/);
  assert.match(problems(subscription, { revoked: true }), /must be 1 usable licenses, there are 0/);
  assert.match(problems({ ...subscription, license: null }), /must be 0 .* there are 1/);
});

Deno.test("a second usable license is found, a revoked one is no harm", () => {
  const { sandbox, license } = sold();
  const second = sandbox.seedLicense({ productId: app.id, metadata: license.metadata });
  const wrong = () => wrongPurchases([subscription], sandbox.licenses());
  assert.match(wrong()[0]?.problems[0] ?? "", /there are 2/);
  sandbox.change(second.id, { revoked: true });
  assert.deepEqual(wrong(), []);
});

Deno.test("a one-time license lasts as its template says", () => {
  const lasting = (productId: string, templateId: string | null = null): ExpectedPurchase => ({
    ...subscription,
    license: { productId, templateId, until: "template" },
  });
  assert.equal(problems(lasting(forever.id), { productId: forever.id, expiresAt: null }), "");
  assert.match(problems(lasting(forever.id), { productId: forever.id }), /must expire never/);
  const createdAt = "2026-01-31T10:00:00Z";
  const dated = (expiresAt: string) => ({ createdAt, expiresAt });
  assert.equal(problems(lasting(app.id), dated("2026-02-28T10:00:00Z")), "");
  assert.match(problems(lasting(app.id), dated("2026-03-31T10:00:00Z")), /must expire 2026-02-28/);
  assert.equal(problems(lasting(app.id, "template-yearly"), dated("2027-01-31T10:00:00Z")), "");
});

Deno.test("what belongs to nobody, is missing or doubled is found", () => {
  const { sandbox } = sold();
  const strays = (customerEmails: string[] = []) =>
    strayProblems([subscription], {
      licenses: sandbox.licenses(),
      users: sandbox.users(),
      customerEmails,
    });
  assert.deepEqual(strays(["ANN@example.com"]), []);
  assert.deepEqual(strays(["bob@example.com"]), ["there is no user bob@example.com"]);
  sandbox.seedUser({ email: "eve@example.com" });
  const { id } = sandbox.seedLicense();
  assert.deepEqual(strays(), [
    `license ${id} belongs to no purchase`,
    "there is a user eve@example.com too many",
  ]);
});
