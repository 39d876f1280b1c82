import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { bearsSecret } from "../../functions/stripe-cryptlex/bearer.ts";

const secrets = ["first-secret-of-many", "second-secret-of-many"];
const digestOf = (text: string) =>
  Promise.resolve(new Uint8Array(createHash("sha256").update(text).digest()));

function bears(
  authorization: string | null,
  among: readonly string[] = secrets,
  anotherDigest = () => digestOf("secret-known-by-digest"),
) {
  const headers = authorization === null ? {} : { authorization };
  return bearsSecret(new Request("http://127.0.0.1/", { headers }), among, anotherDigest);
}

Deno.test("any of the secrets opens", async () => {
  for (const secret of secrets) assert.equal(await bears(`Bearer ${secret}`), true);
});

Deno.test("a secret known by its digest opens, with and without others", async () => {
  assert.equal(await bears("Bearer secret-known-by-digest"), true);
  assert.equal(await bears("Bearer secret-known-by-digest", []), true);
});

Deno.test("the digest is asked for only where it could matter", async () => {
  const refuses = () => Promise.reject(new Error("it was asked for"));
  for (const secret of secrets) {
    assert.equal(await bears(`Bearer ${secret}`, secrets, refuses), true);
  }
  for (const none of [null, "", "Basic x"]) {
    assert.equal(await bears(none, secrets, refuses), false);
  }
  await assert.rejects(bears("Bearer another", secrets, refuses), /it was asked for/);
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
    "Bearer secret-known-by-digestx",
    `Bearer ${createHash("sha256").update("secret-known-by-digest").digest("hex")}`,
  ];
  for (const authorization of wrong) assert.equal(await bears(authorization), false);
});

Deno.test("with no secret nothing opens", async () => {
  for (const authorization of [null, "Bearer ", "Bearer x"]) {
    assert.equal(await bears(authorization, []), false);
  }
});

Deno.test("every secret is compared, whichever fits, and by digests of one length", async () => {
  const digested = async (authorization: string) => {
    const { digest } = crypto.subtle;
    const inputs: string[] = [];
    crypto.subtle.digest = (algorithm, data) => {
      inputs.push(`${algorithm} ${new TextDecoder().decode(data)}`);
      return digest.call(crypto.subtle, algorithm, data);
    };
    try {
      await bears(authorization);
    } finally {
      crypto.subtle.digest = digest;
    }
    return inputs;
  };
  for (const token of [...secrets, "another", "x".repeat(5000)]) {
    assert.deepEqual(
      await digested(`Bearer ${token}`),
      [token, ...secrets].map((text) => `SHA-256 ${text}`),
    );
  }
});
