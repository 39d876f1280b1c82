import assert from "node:assert/strict";
import { createCryptlex } from "../../functions/stripe-cryptlex/cryptlex.ts";
import type { NewLicense } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { clientOf, licenseJson } from "./builders/cryptlex_client.ts";
import { jsonAnswer } from "./builders/fake_fetch.ts";

const wanted: NewLicense = {
  productId: "product-a",
  userId: "user-1",
  licenseTemplateId: null,
  entitlementSetId: null,
  expiresAt: null,
  metadata: [{ key: "stripe_subscription_id", value: "sub_1" }],
};

Deno.test("a license is read without its key, its dates to the millisecond", async () => {
  const { cryptlex } = clientOf(jsonAnswer(licenseJson));
  const read = await cryptlex.getLicense("license-1");
  assert.deepEqual(read, {
    id: "license-1",
    productId: "product-a",
    userId: "user-1",
    entitlementSetId: null,
    expiresAt: new Date("2026-12-05T08:49:17.936Z"),
    perpetual: false,
    suspended: false,
    revoked: false,
    subscriptionInterval: "P1M",
    createdAt: new Date("2026-11-05T08:49:17.936Z"),
    metadata: [{ key: "stripe_subscription_id", value: "sub_1" }],
  });
});

Deno.test("what a license lacks is null, however the API leaves it out", async () => {
  const { userId: _, expiresAt: __, ...rest } = licenseJson;
  const bare = {
    ...rest,
    entitlementSetId: "",
    subscriptionInterval: "",
    metadata: [{ key: "a" }],
  };
  for (const body of [bare, { ...bare, userId: null, expiresAt: null }]) {
    const read = await clientOf(jsonAnswer(body)).cryptlex.getLicense("license-1");
    assert.deepEqual(
      [read.userId, read.expiresAt, read.entitlementSetId, read.subscriptionInterval],
      [null, null, null, null],
    );
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
  });
  assert.deepEqual(sent[1]?.body, {
    productId: "product-a",
    userId: "user-1",
    licenseTemplateId: "template-a",
    entitlementSetId: "set-a",
    expiresAt: "2026-12-05T10:00:00.000Z",
    metadata,
  });
});

Deno.test("a new user is a user, with a long password of its own", async () => {
  const user = { id: "user-1", email: "ada@example.com" };
  const { cryptlex, sent } = clientOf(jsonAnswer(user, 201), jsonAnswer(user, 201));
  await cryptlex.createUser({ email: "ada@example.com", firstName: "Ada" });
  await cryptlex.createUser({ email: "ada@example.com", firstName: "Ada" });
  const bodies = sent.map(({ body }) => body as Record<string, string>);
  const { password: _, ...rest } = bodies[0] ?? {};
  assert.deepEqual(rest, { email: "ada@example.com", firstName: "Ada", role: "user" });
  assert.ok(bodies.every(({ password }) => (password ?? "").length >= 32));
  assert.notEqual(bodies[0]?.password, bodies[1]?.password);
});

Deno.test("each change of a license is one call, to its own place", async () => {
  const { cryptlex, sent } = clientOf(...Array.from({ length: 4 }, () => jsonAnswer(licenseJson)));
  await cryptlex.renewLicense("license-1");
  await cryptlex.setExpiresAt("license-1", new Date("2026-12-05T10:00:00Z"));
  await cryptlex.setEntitlementSet("license-1", "set-a");
  await cryptlex.setRevoked("license-1", true);
  assert.deepEqual(sent.map(({ method, url, body }) => [method, url, body]), [
    ["POST", "https://c/v3/licenses/license-1/renew", undefined],
    ["PATCH", "https://c/v3/licenses/license-1/expires-at", {
      expiresAt: "2026-12-05T10:00:00.000Z",
    }],
    ["PATCH", "https://c/v3/licenses/license-1", { entitlementSetId: "set-a" }],
    ["PATCH", "https://c/v3/licenses/license-1", { revoked: true }],
  ]);
});

Deno.test("a user is gone only when Cryptlex says so", async () => {
  const user = { id: "user-1", email: "ada@example.com" };
  const { cryptlex, sent } = clientOf(
    jsonAnswer(user),
    jsonAnswer({ message: "no" }, 404),
    jsonAnswer({ message: "no" }, 403),
    jsonAnswer({}, 500),
  );
  assert.equal(await cryptlex.hasUser("user-1"), true);
  assert.equal(await cryptlex.hasUser("user-1"), false);
  await assert.rejects(cryptlex.hasUser("user-1"), /403/);
  await assert.rejects(cryptlex.hasUser("user-1"), /500/);
  assert.equal(sent[0]?.url, "https://c/v3/users/user-1");
});

Deno.test("what must not happen twice, or late, cannot be sent twice: only that streams", async () => {
  const user = { id: "user-1", email: "ada@example.com" };
  const { cryptlex, sent } = clientOf(
    jsonAnswer(licenseJson, 201),
    jsonAnswer(licenseJson),
    jsonAnswer(licenseJson),
    jsonAnswer(user, 201),
    jsonAnswer(licenseJson),
  );
  await cryptlex.createLicense(wanted);
  await cryptlex.renewLicense("license-1");
  await cryptlex.setRevoked("license-1", false);
  await cryptlex.createUser({ email: "ada@example.com", firstName: "Ada" });
  await cryptlex.getLicense("license-1");
  assert.deepEqual(sent.map(({ isStream }) => isStream), [true, true, true, false, false]);
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
    jsonAnswer({ id: "user-1", email: "ada@example.com" }, 201),
  );
  await cryptlex.createLicense(wanted);
  await assert.rejects(cryptlex.renewLicense("license-2"));
  await assert.rejects(cryptlex.createLicense(wanted));
  await cryptlex.findLicenses(["sub_1"]);
  await cryptlex.createUser({ email: "ada@example.com", firstName: "Ada" });
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
