import assert from "node:assert/strict";
import { watchAddresses } from "../../../tools/chaos/address_watch.ts";
import { createCryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";

Deno.test("an address that is changed, and changed back, was changed", async () => {
  const accessToken = "token";
  const { sandbox, problems } = watchAddresses(createCryptlexSandbox({ accessToken }));
  const { id } = sandbox.seedUser({ email: "ann@example.com" });
  const patch = (body: Record<string, string>) =>
    sandbox.fetch(`https://cryptlex.test/v3/users/${id}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${accessToken}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    }).then((response) => assert.equal(response.status, 200));

  await patch({ firstName: "Anna" });
  assert.deepEqual(problems(), []);
  await patch({ email: "bob@example.com" });
  await patch({ email: "ann@example.com" });
  assert.deepEqual(problems(), [
    `the address of user ${id} was changed from ann@example.com`,
  ]);
});
