// What was configured before anything is sold: reads, and seeds that contradict each other.

import assert from "node:assert/strict";
import { createCryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, IDS } from "./sandbox_client.ts";

Deno.test("products, templates and entitlement sets are listed", async () => {
  const { send } = createSandboxClient();
  const ids = async (path: string) =>
    (await send<{ id: string }[]>("GET", path)).body.map(({ id }) => id);
  assert.deepEqual(await ids("/v3/products"), [IDS.product, IDS.otherProduct]);
  assert.deepEqual(await ids(`/v3/license-templates?id[eq]=${IDS.yearly}`), [IDS.yearly]);
  assert.deepEqual(await ids("/v3/license-templates?limit=1&page=2"), [IDS.perpetual]);
  assert.deepEqual(await ids("/v3/entitlement-sets?search=pro"), [IDS.set]);
});

Deno.test("each is read by its id, or answered with 404", async () => {
  const { send, sandbox } = createSandboxClient();
  sandbox.seedLicense();
  const product = await send<Record<string, unknown>>("GET", `/v3/products/${IDS.product}`);
  assert.equal(product.body["totalLicenses"], 1);
  assert.equal(product.body["licenseTemplateId"], IDS.yearly);
  const path = `/v3/license-templates/${IDS.perpetual}`;
  const template = await send<Record<string, unknown>>("GET", path);
  assert.equal(template.body["subscriptionInterval"], null);
  assert.deepEqual(template.body["requiredMetadataKeys"], ["order"]);
  const set = await send<Record<string, unknown>>("GET", `/v3/entitlement-sets/${IDS.set}`);
  assert.deepEqual(set.body["productIds"], [IDS.product]);
  for (const kind of ["products", "license-templates", "entitlement-sets"]) {
    assert.equal((await send("GET", `/v3/${kind}/none`)).status, 404, kind);
    assert.equal((await send("POST", `/v3/${kind}`, {})).status, 405, kind);
  }
});

Deno.test("a seed that refers to nothing is refused at once", () => {
  assert.throws(
    () => createCryptlexSandbox({ products: [{ id: "p", licenseTemplateId: "t" }] }),
    /Cannot seed product p: it refers to t, which is not seeded/,
  );
  assert.throws(
    () => createCryptlexSandbox({ entitlementSets: [{ id: "s", productIds: ["p"] }] }),
    RangeError,
  );
});
