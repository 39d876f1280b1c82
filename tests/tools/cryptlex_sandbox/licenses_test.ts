// Licences: creation from the template, what is refused, unique keys.

import assert from "node:assert/strict";
import type { SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, IDS, licenseBody } from "./sandbox_client.ts";

const LICENSES = "/v3/licenses";

Deno.test("a created licence takes what it does not say from its product's template", async () => {
  const { send, sandbox } = createSandboxClient();
  const user = sandbox.seedUser();
  const { status, body } = await send<SandboxLicense>(
    "POST",
    LICENSES,
    licenseBody({ userId: user.id, allowedDeactivations: null, entitlementSetId: IDS.set }),
  );
  assert.equal(status, 201);
  assert.match(body.key, /^([A-F0-9]{6}-){5}[A-F0-9]{6}$/);
  assert.equal(body.allowedActivations, 3);
  assert.equal(body.allowedDeactivations, 10);
  assert.equal(body.subscriptionInterval, "P1Y");
  assert.equal(body.expiresAt, "2027-01-31T12:00:00.0000000Z");
  assert.equal(body.perpetual, false);
  assert.equal(body.entitlementSetId, IDS.set);
  assert.deepEqual(body.user, user);
  assert.deepEqual((await send("GET", `${LICENSES}/${body.id}`)).body, body);
  assert.deepEqual((await send("GET", LICENSES)).body, [body]);
  assert.deepEqual(sandbox.licenses(), [body]);
});

Deno.test("another template may be named, by the old name too", async () => {
  const { send } = createSandboxClient();
  for (const name of ["licenseTemplateId", "licensePolicyId"]) {
    const body = licenseBody({ [name]: IDS.onActivation });
    const { body: license } = await send<SandboxLicense>("POST", LICENSES, body);
    assert.equal(license.subscriptionInterval, "P1M");
    assert.equal(license.expiresAt, null);
    assert.equal(license.perpetual, false);
    assert.equal("licenseTemplateId" in license, false);
  }
});

const REFUSED: readonly (readonly [what: string, change: Record<string, unknown>])[] = [
  ["no product", { productId: undefined }],
  ["a product that is null", { productId: null }],
  ["an unknown product", { productId: "product-none" }],
  ["an unknown template", { licenseTemplateId: "template-none" }],
  ["an unknown user", { userId: "nobody" }],
  ["an unknown additional user", { additionalUserIds: ["nobody"] }],
  ["an unknown entitlement set", { entitlementSetId: "set-none" }],
  ["another product's entitlement set", { entitlementSetId: IDS.otherSet }],
  ["a key of 15 characters", { key: "0".repeat(15) }],
  ["a key unlike the template's pattern", { key: "0".repeat(16) }],
  ["activations below -1", { allowedActivations: -2 }],
  ["activations past int32", { allowedActivations: 2_147_483_648 }],
  ["half an activation", { allowedActivations: 1.5 }],
  ["activations as text", { allowedActivations: "3" }],
  ["a sync interval below 180", { serverSyncInterval: 179 }],
  ["an unknown type", { type: "floating" }],
  ["an interval that is none", { subscriptionInterval: "1 year" }],
  ["an interval past the year 9999", { subscriptionInterval: "P9000Y" }],
  ["a trigger that is null", { subscriptionStartTrigger: null }],
  ["an unknown trigger", { subscriptionStartTrigger: "payment" }],
  ["a date without time", { expiresAt: "2027-01-31" }],
  ["a time without offset", { expiresAt: "2027-01-31T00:00:00" }],
  ["30 February", { expiresAt: "2027-02-30T00:00:00Z" }],
  ["a version of one part", { maxAllowedReleaseVersion: "2" }],
  ["notes of 4097 characters", { notes: "n".repeat(4097) }],
  ["51 metadata entries", {
    metadata: Array.from({ length: 51 }, (_, n) => ({ key: `k${n}`, value: "" })),
  }],
  ["an unknown field", { perpetual: true }],
];

for (const [what, change] of REFUSED) {
  Deno.test(`a licence with ${what} is refused and not made`, async () => {
    const { send, sandbox } = createSandboxClient();
    const { status, body } = await send("POST", LICENSES, licenseBody(change));
    assert.equal(status, 400);
    assert.equal(typeof body.message, "string");
    assert.deepEqual(sandbox.licenses(), []);
  });
}

Deno.test("the status of an unknown id in a body is a switch", async () => {
  const { send } = createSandboxClient({ switches: { unknownReferenceStatus: 404 } });
  assert.equal((await send("POST", LICENSES, { productId: "product-none" })).status, 404);
});

Deno.test("metadata a template requires must be there, unless the switch forgives it", async () => {
  const strict = createSandboxClient();
  const body = { productId: IDS.otherProduct };
  const metadata = [{ key: "order", value: "" }];
  assert.equal((await strict.send("POST", LICENSES, body)).status, 400);
  assert.equal((await strict.send("POST", LICENSES, { ...body, metadata })).status, 201);
  const lenient = createSandboxClient({ switches: { missingRequiredMetadata: "ignored" } });
  assert.equal((await lenient.send("POST", LICENSES, body)).status, 201);
});

Deno.test("meter attributes a template requires must be there", async () => {
  const { send } = createSandboxClient({
    licenseTemplates: [{ id: "metered", requiredMeterAttributes: ["seats"] }],
    products: [{ id: IDS.product, licenseTemplateId: "metered" }],
    entitlementSets: [],
  });
  const meterAttributes = [{ name: "seats", allowedUses: 5 }];
  assert.equal((await send("POST", LICENSES, licenseBody())).status, 400);
  assert.equal((await send("POST", LICENSES, licenseBody({ meterAttributes }))).status, 201);
});

Deno.test("a key serves one licence, unless the switch says otherwise", async () => {
  const key = "0A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54";
  const { send, sandbox } = createSandboxClient();
  assert.equal((await send("POST", LICENSES, licenseBody({ key }))).status, 201);
  const { status, body } = await send("POST", LICENSES, licenseBody({ key }));
  assert.deepEqual([status, body.code], [409, "DUPLICATE_FIELD_VALUE"]);
  const other = sandbox.seedLicense();
  const path = `${LICENSES}/${other.id}`;
  assert.equal((await send("PATCH", path, { key })).status, 400);
  assert.equal((await send("PATCH", path, { key: other.key })).status, 200);
  assert.equal((await send("PATCH", path, { key: "n".repeat(16) })).status, 200);
  assert.equal((await send("POST", LICENSES, licenseBody({ key: other.key }))).status, 201);

  const lenient = createSandboxClient({
    switches: { uniqueKeys: false, keyPattern: "ignored" },
  });
  for (const _ of [1, 2]) {
    const made = await lenient.send("POST", LICENSES, licenseBody({ key: "x".repeat(16) }));
    assert.equal(made.status, 201);
  }
});
