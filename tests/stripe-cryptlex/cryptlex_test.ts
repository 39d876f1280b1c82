import assert from "node:assert/strict";
import { createCryptlex } from "../../functions/stripe-cryptlex/cryptlex.ts";
import type { NewLicense } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { clientOf, licenseJson, userJson } from "./builders/cryptlex_client.ts";
import { jsonAnswer } from "./builders/fake_fetch.ts";
import { licenseFields } from "./builders/known_license.ts";
import { userShown } from "./builders/user_shown.ts";

const wanted: NewLicense = {
  productId: "product-a",
  userId: "user-1",
  licenseTemplateId: null,
  entitlementSetId: null,
  expiresAt: null,
  counts: {},
  metadata: [{ key: "stripe_subscription_id", value: "sub_1" }],
};
const ada = { email: "ada@example.com", firstName: "Ada", company: null };

Deno.test("a license is read without its key, its dates to the millisecond", async () => {
  const { cryptlex } = clientOf(jsonAnswer(licenseJson));
  const read = await cryptlex.getLicense("license-1");
  assert.deepEqual(read, {
    id: "license-1",
    productId: "product-a",
    userId: "user-1",
    fields: licenseFields(),
    expiresAt: new Date("2026-12-05T08:49:17.936Z"),
    perpetual: false,
    subscriptionInterval: "P1M",
    createdAt: new Date("2026-11-05T08:49:17.936Z"),
    metadata: [{ key: "stripe_subscription_id", value: "sub_1" }],
  });
});

Deno.test("what a license lacks is null, however the API leaves it out", async () => {
  const { userId: _, expiresAt: __, allowedActivations: ___, ...rest } = licenseJson;
  const bare = {
    ...rest,
    entitlementSetId: "",
    subscriptionInterval: "",
    metadata: [{ key: "a" }],
  };
  for (const body of [bare, { ...bare, userId: null, expiresAt: null }]) {
    const read = await clientOf(jsonAnswer(body)).cryptlex.getLicense("license-1");
    assert.deepEqual(
      [read.userId, read.expiresAt, read.fields.entitlementSetId, read.subscriptionInterval],
      [null, null, null, null],
    );
    const { allowedActivations, allowedFloatingClients } = read.fields;
    assert.deepEqual([allowedActivations, allowedFloatingClients], [null, null]);
    assert.deepEqual(read.metadata, [{ key: "a", value: "" }]);
  }
});

Deno.test("a license with a date that is none was not answered", async () => {
  const { cryptlex } = clientOf(jsonAnswer({ ...licenseJson, expiresAt: "soon" }));
  await assert.rejects(cryptlex.getLicense("license-1"), /unreadable body/);
});

Deno.test("a new license names what is wanted, hides its metadata, and sends no null", async () => {
  const { cryptlex, sent } = clientOf(jsonAnswer(licenseJson, 201), jsonAnswer(licenseJson, 201));
  await cryptlex.createLicense(wanted);
  const metadata = [{ key: "stripe_subscription_id", value: "sub_1", viewPermissions: [] }];
  assert.deepEqual(sent[0]?.body, { productId: "product-a", userId: "user-1", metadata });
  await cryptlex.createLicense({
    ...wanted,
    licenseTemplateId: "template-a",
    entitlementSetId: "set-a",
    expiresAt: new Date("2026-12-05T10:00:00Z"),
    counts: { allowedActivations: 4, allowedFloatingClients: 2 },
  });
  assert.deepEqual(sent[1]?.body, {
    productId: "product-a",
    userId: "user-1",
    licenseTemplateId: "template-a",
    entitlementSetId: "set-a",
    expiresAt: "2026-12-05T10:00:00.000Z",
    allowedActivations: 4,
    allowedFloatingClients: 2,
    metadata,
  });
});

Deno.test("a new user is a user, with a long password of its own", async () => {
  const { cryptlex, sent } = clientOf(jsonAnswer(userJson, 201), jsonAnswer(userJson, 201));
  await cryptlex.createUser(ada);
  await cryptlex.createUser(ada);
  const bodies = sent.map(({ body }) => body as Record<string, string>);
  const { password: _, ...rest } = bodies[0] ?? {};
  assert.deepEqual(rest, { email: "ada@example.com", firstName: "Ada", role: "user" });
  assert.ok(bodies.every(({ password }) => (password ?? "").length >= 32));
  assert.notEqual(bodies[0]?.password, bodies[1]?.password);
});

Deno.test("a new user has a company if the buyer has one", async () => {
  const { cryptlex, sent } = clientOf(jsonAnswer({ ...userJson, company: "Engines Ltd" }, 201));
  await cryptlex.createUser({ ...ada, company: "Engines Ltd" });
  assert.equal((sent[0]?.body as { company?: string }).company, "Engines Ltd");
});

Deno.test("each change of a license is one call, to its own place", async () => {
  const { cryptlex, sent } = clientOf(...Array.from({ length: 5 }, () => jsonAnswer(licenseJson)));
  await cryptlex.renewLicense("license-1");
  await cryptlex.setExpiresAt("license-1", new Date("2026-12-05T10:00:00Z"));
  await cryptlex.setInterval("license-1", "P1Y");
  await cryptlex.setFields("license-1", { entitlementSetId: "set-a", allowedActivations: 4 });
  await cryptlex.setFields("license-1", { revoked: true, suspended: false });
  assert.deepEqual(sent.map(({ method, url, body }) => [method, url, body]), [
    ["POST", "https://c/v3/licenses/license-1/renew", undefined],
    ["PATCH", "https://c/v3/licenses/license-1/expires-at", {
      expiresAt: "2026-12-05T10:00:00.000Z",
    }],
    ["PATCH", "https://c/v3/licenses/license-1/subscription", { subscriptionInterval: "P1Y" }],
    ["PATCH", "https://c/v3/licenses/license-1", {
      entitlementSetId: "set-a",
      allowedActivations: 4,
    }],
    ["PATCH", "https://c/v3/licenses/license-1", { revoked: true, suspended: false }],
  ]);
});

Deno.test("the audit trail calls a change of fields by the flag in it, else an update", async () => {
  const cases = [
    [{ revoked: true, suspended: true }, "revoke_license"],
    [{ revoked: false, suspended: true }, "unrevoke_license"],
    [{ suspended: true, allowedActivations: 4 }, "suspend_license"],
    [{ suspended: false }, "unsuspend_license"],
    [{ allowedActivations: 4 }, "update_license"],
  ] as const;
  for (const [fields, action] of cases) {
    const { cryptlex, records } = clientOf(jsonAnswer(licenseJson));
    await cryptlex.setFields("license-1", fields);
    assert.deepEqual(records.map((record) => [record.action, record.licenseId]), [
      [action, "license-1"],
    ]);
  }
});

Deno.test("a user is gone only when Cryptlex says so", async () => {
  const { cryptlex, sent } = clientOf(
    jsonAnswer(userJson),
    jsonAnswer({ message: "no" }, 404),
    jsonAnswer({ message: "no" }, 403),
    jsonAnswer({}, 500),
  );
  assert.deepEqual(await cryptlex.getUser("user-1"), userShown());
  assert.equal(await cryptlex.getUser("user-1"), null);
  await assert.rejects(cryptlex.getUser("user-1"), /403/);
  await assert.rejects(cryptlex.getUser("user-1"), /500/);
  assert.equal(sent[0]?.url, "https://c/v3/users/user-1");
});

Deno.test("of a user only the first name is ever written", async () => {
  const { cryptlex, sent, records } = clientOf(jsonAnswer({ ...userJson, firstName: "Countess" }));
  const user = await cryptlex.setFirstName("user/1", "Countess");
  assert.equal(user.firstName, "Countess");
  assert.deepEqual(sent.map(({ method, url, body }) => [method, url, body]), [
    ["PATCH", "https://c/v3/users/user%2F1", { firstName: "Countess" }],
  ]);
  assert.deepEqual(records.map(({ action, licenseId }) => [action, licenseId]), [
    ["update_user", null],
  ]);
});

Deno.test("what a user lacks is said to be lacking", async () => {
  const { firstName: _, role: __, ...bare } = userJson;
  for (const body of [bare, { ...bare, firstName: null, role: null }]) {
    const user = await clientOf(jsonAnswer(body)).cryptlex.getUser("user-1");
    assert.deepEqual(user, userShown({ firstName: "", role: null }));
  }
});

Deno.test("what must not happen twice, or late, cannot be sent twice: only that streams", async () => {
  const { cryptlex, sent } = clientOf(
    jsonAnswer(licenseJson, 201),
    ...Array.from({ length: 4 }, () => jsonAnswer(licenseJson)),
    jsonAnswer(userJson, 201),
    jsonAnswer(userJson),
    jsonAnswer(licenseJson),
  );
  await cryptlex.createLicense(wanted);
  await cryptlex.renewLicense("license-1");
  await cryptlex.setFields("license-1", { revoked: false });
  await cryptlex.setExpiresAt("license-1", new Date("2026-12-05T10:00:00Z"));
  await cryptlex.setInterval("license-1", "P1Y");
  await cryptlex.createUser(ada);
  await cryptlex.setFirstName("user-1", "Ada");
  await cryptlex.getLicense("license-1");
  assert.deepEqual(sent.map(({ isStream }) => isStream), [
    ...[true, true, true, true, true],
    ...[false, false, false],
  ]);
});

Deno.test("an id cannot lead to another place", async () => {
  const { cryptlex, sent } = clientOf(jsonAnswer(licenseJson));
  await cryptlex.getLicense("../users?x=1");
  assert.equal(sent[0]?.url, "https://c/v3/licenses/..%2Fusers%3Fx%3D1");
});

Deno.test("every call is recorded, whatever came of it", async () => {
  const started = performance.now();
  const { cryptlex, records } = clientOf(
    jsonAnswer(licenseJson, 201),
    jsonAnswer({ message: "no" }, 404),
    new TypeError("refused"),
    jsonAnswer([]),
    jsonAnswer(userJson, 201),
  );
  await cryptlex.createLicense(wanted);
  await assert.rejects(cryptlex.renewLicense("license-2"));
  await assert.rejects(cryptlex.createLicense(wanted));
  await cryptlex.findLicenses(["sub_1"]);
  await cryptlex.createUser(ada);
  assert.deepEqual(
    records.map(({ action, licenseId, status, error }) => [action, licenseId, status, error]),
    [
      ["create_license", "license-1", 201, null],
      [
        "renew_license",
        "license-2",
        404,
        "Cryptlex refused POST /v3/licenses/{id}/renew with 404: no",
      ],
      [
        "create_license",
        null,
        null,
        "Cryptlex did not answer POST /v3/licenses: the connection failed",
      ],
      ["find_licenses", null, 200, null],
      ["create_user", null, 201, null],
    ],
  );
  const passed = performance.now() - started;
  assert.ok(records.every(({ ms }) => Number.isInteger(ms) && ms >= 0 && ms <= passed + 1));
});

Deno.test("a watcher may refuse a call before it is made", async () => {
  const { connection, sent, records } = clientOf();
  const refusing = createCryptlex(connection, {
    before() {
      throw new RangeError("not now");
    },
    after: (record) => void records.push(record),
  });
  await assert.rejects(refusing.getLicense("license-1"), RangeError);
  assert.deepEqual([sent, records], [[], []]);
});
