// The operator's hand, and keeping the account's records.

import assert from "node:assert/strict";
import type { SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, IDS, licenseBody, userBody } from "./sandbox_client.ts";

Deno.test("a seeded user has a default for all that is not given", async () => {
  const { sandbox, send } = createSandboxClient();
  const user = sandbox.seedUser({ email: "Joe@Example.com", firstName: "Joe", role: "admin" });
  assert.deepEqual([user.name, user.roles], ["Joe", ["admin"]]);
  assert.notEqual(sandbox.seedUser().email, sandbox.seedUser().email);
  assert.throws(() => sandbox.seedUser({ email: "joe@example.com" }), RangeError);
  assert.deepEqual((await send("GET", `/v3/users/${user.id}`)).body, user);
  const taken = await send("POST", "/v3/users", userBody({ email: "joe@example.com" }));
  assert.equal(taken.status, 409);
});

Deno.test("a product can be added while all goes on", async () => {
  const { sandbox, send } = createSandboxClient();
  const late = licenseBody({ productId: "late" });
  assert.equal((await send("POST", "/v3/licenses", late)).status, 400);
  const product = sandbox.seedProduct({ id: "late", licenseTemplateId: IDS.yearly });
  assert.equal(product.name, "late");
  assert.equal((await send("POST", "/v3/licenses", late)).status, 201);
  assert.throws(() => sandbox.seedProduct({ id: "x", licenseTemplateId: "none" }), RangeError);
});

Deno.test("a seeded licence is its template's, but for what is given", () => {
  const { sandbox } = createSandboxClient();
  const plain = sandbox.seedLicense();
  assert.deepEqual([plain.productId, plain.subscriptionInterval], [IDS.product, "P1Y"]);
  const other = sandbox.seedLicense({
    licenseTemplateId: IDS.onActivation,
    key: "short",
    createdAt: "2020-01-01T00:00:00.0000000Z",
    metadata: [{ key: "a", value: "1" }],
  });
  assert.deepEqual([other.key, other.subscriptionInterval], ["short", "P1M"]);
  assert.equal(other.createdAt, "2020-01-01T00:00:00.0000000Z");
  assert.equal("licenseTemplateId" in other, false);
  assert.throws(() => sandbox.seedLicense({ key: "short" }), RangeError);
  assert.throws(() =>
    createSandboxClient({ products: [], entitlementSets: [] }).sandbox
      .seedLicense(), RangeError);
});

Deno.test("a seeded or changed date says whether the licence is perpetual", () => {
  const { sandbox } = createSandboxClient();
  const { id, perpetual } = sandbox.seedLicense({ expiresAt: null });
  assert.equal(perpetual, true);
  const changed = sandbox.change(id, { expiresAt: "2030-01-01T00:00:00Z" });
  assert.equal(changed.expiresAt, "2030-01-01T00:00:00.0000000Z");
  assert.equal(changed.perpetual, false);
  assert.equal(sandbox.change(id, { notes: "n" }).perpetual, false);
  assert.equal(sandbox.change(id, { expiresAt: null, perpetual: false }).perpetual, false);
});

Deno.test("the operator changes what the API would refuse, and the API sees it", async () => {
  const { sandbox, send, clock } = createSandboxClient();
  const license = sandbox.seedLicense({ metadata: [{ key: "a", value: "1" }] });
  clock.at = new Date("2026-02-01T00:00:00Z");
  const changed = sandbox.change(license.id, {
    allowedActivations: -9,
    suspended: true,
    metadata: [{ key: "b", value: "2" }],
  });
  assert.equal(changed.updatedAt, "2026-02-01T00:00:00.0000000Z");
  assert.deepEqual(changed.metadata.map(({ key }) => key), ["b"]);
  assert.deepEqual((await send("GET", `/v3/licenses/${license.id}`)).body, changed);
  assert.equal(license.suspended, false);
  assert.throws(() => sandbox.change("none", {}), RangeError);
});

Deno.test("the operator removes licences and users", async () => {
  const { sandbox, send } = createSandboxClient();
  const user = sandbox.seedUser();
  const kept = sandbox.seedLicense({ userId: user.id });
  const removed = sandbox.seedLicense();
  sandbox.remove(removed.id);
  sandbox.removeUser(user.id);
  assert.deepEqual(sandbox.users(), []);
  assert.deepEqual(sandbox.licenses(), [{ ...kept, userId: null, user: null }]);
  assert.equal((await send("GET", `/v3/licenses/${removed.id}`)).status, 404);
  assert.throws(() => sandbox.remove(removed.id), RangeError);
  assert.throws(() => sandbox.removeUser(user.id), RangeError);
});

Deno.test("a dump survives JSON and restores records, order and uniqueness", async () => {
  const { sandbox, send } = createSandboxClient();
  const user = sandbox.seedUser({ email: "jane@example.com" });
  const { body: license } = await send<SandboxLicense>(
    "POST",
    "/v3/licenses",
    licenseBody({ userId: user.id }),
  );
  sandbox.seedLicense();
  const state = JSON.parse(JSON.stringify(sandbox.dump()));

  const other = createSandboxClient();
  other.sandbox.seedUser();
  other.sandbox.load(state);
  assert.deepEqual(other.sandbox.users(), sandbox.users());
  assert.deepEqual(other.sandbox.licenses(), sandbox.licenses());
  assert.equal((await other.send("POST", "/v3/users", userBody())).status, 409);
  const taken = await other.send("POST", "/v3/licenses", licenseBody({ key: license.key }));
  assert.equal(taken.status, 409);
});
