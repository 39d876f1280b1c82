// Licences after their creation: patches, deletion.

import assert from "node:assert/strict";
import type { SandboxLicense } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, IDS, licenseBody } from "./sandbox_client.ts";

const LICENSES = "/v3/licenses";

Deno.test("a patch changes what it names and keeps the rest", async () => {
  const { send, sandbox } = createSandboxClient();
  const license = sandbox.seedLicense({
    entitlementSetId: IDS.set,
    notes: "kept",
    metadata: [{ key: "a", value: "1" }],
  });
  const { status, body } = await send<SandboxLicense>("PATCH", `${LICENSES}/${license.id}`, {
    suspended: true,
    allowedActivations: 5,
    notes: null,
    entitlementSetId: "",
    metadata: [{ key: "b", value: "2", viewPermissions: ["activation"] }],
  });
  assert.equal(status, 200);
  assert.deepEqual([body.suspended, body.revoked, body.allowedActivations], [true, false, 5]);
  assert.equal(body.notes, "kept");
  assert.equal(body.entitlementSetId, null);
  assert.deepEqual(body.metadata.map((m) => [m.key, m.visible]), [["a", false], ["b", true]]);
  assert.equal(body.expiresAt, license.expiresAt);
});

Deno.test("in patches null may clear, an empty id be ignored, metadata replaced, by switch", async () => {
  const { send, sandbox } = createSandboxClient({
    switches: { patchNull: "clears", patchEmptyId: "ignored", patchMetadata: "replaced" },
  });
  const license = sandbox.seedLicense({
    entitlementSetId: IDS.set,
    notes: "gone",
    tags: ["gone"],
    metadata: [{ key: "a", value: "1" }],
  });
  const { body } = await send<SandboxLicense>("PATCH", `${LICENSES}/${license.id}`, {
    notes: null,
    tags: null,
    allowedActivations: null,
    entitlementSetId: "",
    metadata: [{ key: "b", value: "2" }],
  });
  assert.deepEqual([body.notes, body.tags, body.allowedActivations], [null, [], 3]);
  assert.equal(body.entitlementSetId, IDS.set);
  assert.deepEqual(body.metadata.map(({ key }) => key), ["b"]);
});

Deno.test("what has its own endpoint or none cannot be patched", async () => {
  const { send, sandbox } = createSandboxClient();
  const { id } = sandbox.seedLicense();
  const refused = [
    { expiresAt: null },
    { subscriptionInterval: "P1M" },
    { productId: IDS.product },
    { type: "node-locked" },
    { userLocked: true },
    { entitlementSetId: IDS.otherSet },
    { userId: "nobody" },
  ];
  for (const body of refused) {
    const { status } = await send("PATCH", `${LICENSES}/${id}`, body);
    assert.equal(status, 400, JSON.stringify(body));
  }
});

Deno.test("a deleted licence is gone, and its key free", async () => {
  const { send, sandbox } = createSandboxClient();
  const license = sandbox.seedLicense();
  const path = `${LICENSES}/${license.id}`;
  assert.equal((await send("DELETE", path)).status, 204);
  assert.equal((await send("DELETE", path)).status, 404);
  assert.equal((await send("GET", path)).status, 404);
  assert.equal((await send("PATCH", path, { suspended: true })).status, 404);
  assert.equal((await send("POST", LICENSES, licenseBody({ key: license.key }))).status, 201);
});
