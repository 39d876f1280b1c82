import assert from "node:assert/strict";
import { checkCatalogue } from "../../../../tools/doctor/checks/catalogue.ts";
import { checkCryptlexRate } from "../../../../tools/doctor/checks/cryptlex_rate.ts";
import { checkCryptlexToken } from "../../../../tools/doctor/checks/cryptlex_token.ts";
import {
  diagnosed,
  doors,
  examOf,
  type Failure,
  healthy,
  plan,
  provoked,
  type Reply,
  type World,
} from "../healthy.ts";

const api = "https://api.cryptlex.com/v3";
const users = `GET ${api}/users`;
const nobody = "00000000-0000-0000-0000-000000000000";
const lacking = (scope: string, what: string): Failure => ({
  broken: { world: { [what]: { status: 403 } } },
  name: `Cryptlex: ${scope}`,
  found: /lacks it/,
  cure: new RegExp(`make a token with .*${scope}.*CRYPTLEX_ACCESS_TOKEN`),
});

provoked("Cryptlex token", checkCryptlexToken, {
  "of the EU": {
    broken: {
      world: {
        [users]: { status: 401 },
        "GET https://api.eu.cryptlex.com/v3/users": { status: 200, body: [] },
      },
    },
    name: "Cryptlex token",
    found: /^https:\/\/api\.cryptlex\.com refuses it, https:\/\/api\.eu\.cryptlex\.com takes it/,
    cure: /CRYPTLEX_WEB_API_BASE_URL=https:\/\/api\.eu\.cryptlex\.com$/,
  },
  "of nobody": {
    broken: {
      world: {
        [users]: { status: 401 },
        "GET https://api.eu.cryptlex.com/v3/users": { status: 401 },
      },
    },
    name: "Cryptlex token",
    found: /refuses it with 401/,
    cure: /secrets set CRYPTLEX_ACCESS_TOKEN/,
  },
  "no answer": {
    broken: { world: { [users]: { status: 0 } } },
    name: "Cryptlex token",
    found: /no answer/,
    cure: /CRYPTLEX_WEB_API_BASE_URL right/,
  },
  "no user:read": lacking("user:read", users),
  "no license:read": lacking("license:read", `GET ${api}/licenses`),
  "no user:write": lacking("user:write", `PATCH ${api}/users/${nobody}`),
  "no license:write": lacking("license:write", `PATCH ${api}/licenses/${nobody}`),
});

Deno.test("Cryptlex is never called fast, and nothing is written", async () => {
  const { exam, asked, waited } = examOf({ world: diagnosed({ plans: [plan] }) });
  await checkCryptlexToken(exam);
  await checkCatalogue(exam);
  const calls = asked.filter(({ what }) => what.includes("cryptlex"));
  assert.ok(calls.length >= 6);
  assert.deepEqual(waited, calls.map((_, index) => index === 0 ? 0 : 200));
  for (const { what, body } of calls.filter(({ what }) => !what.startsWith("GET "))) {
    assert.match(what, /^PATCH .*\/00000000-/);
    assert.equal(body, "{}");
  }
});

const record = (path: string, changes: Record<string, unknown>): World => {
  const what = `GET ${api}/${path}`;
  return { [what]: { status: 200, body: { ...healthy[what]?.body as object, ...changes } } };
};
const withPlan = (changes: World = {}, more: Partial<typeof plan> = {}) => ({
  world: { ...diagnosed({ plans: [{ ...plan, ...more }] }), ...changes },
});
const product = (reply: Reply) => ({ world: { [`GET ${api}/products/product-app`]: reply } });
const price = "GET https://api.stripe.com/v1/prices/price_month";

provoked("catalogue", checkCatalogue, {
  "no such product": {
    broken: product({ status: 404 }),
    name: "Cryptlex product",
    found: /does not know product-app/,
    cure: /copy its id/,
  },
  "a product that may not be read": {
    broken: product({ status: 403 }),
    name: "Cryptlex product",
    state: "skipped",
    found: /may not read product-app/,
    cure: /product:read/,
  },
  "no e-mail": {
    broken: { world: record("products/product-app", { automatedEmails: [] }) },
    name: "the buyer's key",
    found: /no buyer gets a key/,
    cure: /Automated Email for license\.created/,
  },
  "e-mails for other events": {
    broken: { world: record("products/product-app", { automatedEmails: ["license.renewed"] }) },
    name: "the buyer's key",
    found: /is for license\.created: no buyer gets a key/,
    cure: /Automated Email for license\.created/,
  },
  "no such template": {
    broken: withPlan({}, { license_template_id: "none" } as never),
    name: "license template",
    found: /does not know none/,
    cure: /copy its id/,
  },
  "a template that requires too much": {
    broken: {
      world: record("license-templates/template-monthly", {
        requiredMetadataKeys: ["order", "stripe_subscription_id"],
        requiredMeterAttributes: [{}],
      }),
    },
    name: "license template",
    found: /requires what is not written: order, 1 meter attributes$/,
    cure: /required fields/,
  },
  "no such set": {
    broken: withPlan({}, { entitlement_set_id: "none" }),
    name: "entitlement set",
    found: /does not know none/,
    cure: /copy its id/,
  },
  "a set of another product": {
    broken: withPlan(record("entitlement-sets/set-pro", { productIds: ["other"] })),
    name: "entitlement set",
    found: /Pro is not for product product-app/,
    cure: /let the set be used with the product/,
  },
  "no such price": {
    broken: withPlan({ [price]: { status: 404 } }),
    name: "Stripe price",
    found: /does not know price_month/,
    cure: /copy its id from Stripe/,
  },
  "a yearly price of a monthly template": {
    broken: withPlan({ [price]: { status: 200, body: { recurring: { interval: "year" } } } }),
    name: "Stripe price",
    found: /paid every P1Y, its template has P1M/,
    cure: /the interval P1Y/,
  },
  "a template that never ends": {
    broken: withPlan(record("license-templates/template-monthly", { subscriptionInterval: "" })),
    name: "Stripe price",
    found: /its template never ends/,
    cure: /the interval P1M/,
  },
});

Deno.test("catalogue: plans that fit are well, and the setting beside them is said to map nothing", async () => {
  const findings = await checkCatalogue(examOf(withPlan()).exam);
  assert.deepEqual(findings.filter(({ state }) => state !== "ok"), []);
  assert.match(
    findings[0]?.found ?? "",
    /^1 in licensing\.plans; CRYPTLEX_PRODUCT_ID maps nothing/,
  );
  assert.ok(findings.some(({ found }) => found === "price_month is paid every P1M"));
});

Deno.test("catalogue: a price paid once ends its license as the template says; ids of e-mails tell no event", async () => {
  const { exam } = examOf(withPlan({
    [price]: { status: 200, body: { recurring: null } },
    ...record("products/product-app", { automatedEmails: ["5f1c"] }),
  }));
  const found = (await checkCatalogue(exam)).map((finding) => finding.found);
  assert.ok(found.includes("price_month is paid once; its license ends after P1M"));
  assert.ok(found.some((text) => text.includes("1 Automated Email; see that one is for")));
});

Deno.test("catalogue: without plans and setting only metadata maps", async () => {
  const [finding] = await checkCatalogue(examOf({ env: { CRYPTLEX_PRODUCT_ID: "" } }).exam);
  assert.match(finding?.found ?? "", /only Stripe's metadata/);
});

Deno.test("catalogue: what the database does not tell is not said to be nothing", async () => {
  const { exam } = examOf({ world: { [doors.diagnose]: { status: 0 } } });
  const [plans, product] = await checkCatalogue(exam);
  assert.deepEqual([plans?.name, plans?.state, product?.state], ["plans", "skipped", "ok"]);
});

const rate = (headers: Record<string, string>) => ({
  world: { [`GET ${api}/status`]: { status: 200, headers } },
});
provoked("Cryptlex rate", checkCryptlexRate, {
  "little is left": {
    broken: rate({ "x-rate-limit-remaining": "3" }),
    name: "Cryptlex rate",
    found: /^3 calls are left/,
    cure: /lower CRYPTLEX_RATE_LIMIT/,
  },
  "not told": {
    broken: rate({}),
    name: "Cryptlex rate",
    state: "skipped",
    found: /does not tell/,
    cure: /^$/,
  },
});
