import assert from "node:assert/strict";
import { bearsSecret } from "../../functions/stripe-cryptlex/bearer.ts";

const secrets = ["first-secret-of-many", "second-secret-of-many"];

function bears(authorization: string | null, among: readonly string[] = secrets) {
  const headers = authorization === null ? {} : { authorization };
  return bearsSecret(new Request("http://127.0.0.1/", { headers }), among);
}

Deno.test("any of the secrets opens", async () => {
  for (const secret of secrets) assert.equal(await bears(`Bearer ${secret}`), true);
});

Deno.test("the scheme's case does not matter", async () => {
  assert.equal(await bears("bearer first-secret-of-many"), true);
});

Deno.test("anything else does not open", async () => {
  const wrong = [
    null,
    "",
    "Bearer",
    "Bearer ",
    "Bearer first-secret-of-man",
    "Bearer first-secret-of-manyx",
    "Bearer FIRST-SECRET-OF-MANY",
    "Basic first-secret-of-many",
    "first-secret-of-many",
    "Bearer first-secret-of-many,second-secret-of-many",
  ];
  for (const authorization of wrong) assert.equal(await bears(authorization), false);
});

Deno.test("with no secret nothing opens", async () => {
  for (const authorization of [null, "Bearer ", "Bearer x"]) {
    assert.equal(await bears(authorization, []), false);
  }
});
