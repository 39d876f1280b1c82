import assert from "node:assert/strict";
import { hideSecrets, secretsIn, withoutSecrets } from "../../../tools/operator/hide_secrets.ts";

const host = "aws-0-eu-central-1.pooler.supabase.com";

Deno.test("the password of a database's address is hidden, whatever is told of it", () => {
  for (const password of ["Tr0ub4dor#3horse", "Tr0ub4dor@3,horse", "Tr0ub4dor%233horse"]) {
    const address = `postgres://postgres.abc:${password}@${host}:6543/postgres`;
    for (const name of ["SUPABASE_DB_URL", "DATABASE_URL"]) {
      const secrets = secretsIn({ [name]: address });
      const text = `no way in with ${password}, ${address}, ${decodeURIComponent(password)}`;
      assert.doesNotMatch(hideSecrets(text, secrets), /Tr0ub4dor|3horse/);
      assert.match(hideSecrets(`${host} is asleep`, secrets), /^aws-0/);
    }
  }
  const secrets = secretsIn({ SUPABASE_DB_PASSWORD: "Tr0ub4dor,3horse" });
  assert.doesNotMatch(hideSecrets("with Tr0ub4dor,3horse", secrets), /Tr0ub4dor|3horse/);
});

Deno.test("an error without its secrets is still the same error, with its place", () => {
  const error = new TypeError("sk_live_secret is not a function");
  const hidden = withoutSecrets(error, ["sk_live_secret"]);
  assert.equal(hidden, error);
  assert.equal(error.message, "<secret> is not a function");
  assert.match(
    error.stack ?? "",
    /^TypeError: <secret> is not a function\n +at .*hide_secrets_test/,
  );
  const gone = new Deno.errors.BrokenPipe("Broken pipe");
  assert.ok(withoutSecrets(gone, []) instanceof Deno.errors.BrokenPipe);
  assert.equal(withoutSecrets("text", []), "text");
});
