import assert from "node:assert/strict";
import { hideSecrets, secretsIn } from "../../../tools/operator/hide_secrets.ts";
import { UsageError } from "../../../tools/run_command.ts";
import { databaseAddress } from "../../../tools/setup/database_address.ts";

const host = "aws-0-eu-central-1.pooler.supabase.com";

Deno.test("a database address is read without its password, which is read as it is", () => {
  assert.deepEqual(databaseAddress(` postgresql://postgres.ref:p%40ss@${host}:5432/postgres `), {
    withoutPassword: `postgresql://postgres.ref@${host}:5432/postgres`,
    password: "p@ss",
  });
  assert.deepEqual(databaseAddress(`postgres://postgres@${host}/postgres?sslmode=disable`), {
    withoutPassword: `postgres://postgres@${host}/postgres?sslmode=disable`,
    password: null,
  });
  assert.deepEqual(databaseAddress(`postgres://postgres@${host}/postgres?password=p%40ss`), {
    withoutPassword: `postgres://postgres@${host}/postgres`,
    password: "p@ss",
  });
});

Deno.test("what is no database address is refused without a part of it", () => {
  for (
    const address of [
      `postgres://postgres.abc:Tr0ub4dor#3horse@${host}:6543/postgres`,
      `postgres://postgres.abc:Tr0ub4dor/3horse@${host}:6543/postgres`,
      `postgres://postgres.abc:Tr0ub4dor%zz3horse@${host}:6543/postgres`,
      `postgres://postgres.abc:Tr0ub4dor?3horse@${host}:6543/postgres`,
      // These have the shape of a host, a port, and more behind them.
      `postgres://postgres:1234#3horse@${host}/postgres`,
      `postgres://postgres:1234/3horse@${host}/postgres`,
      `postgres://postgres:1234?3horse@${host}/postgres`,
      `https://postgres:3horse@${host}`,
      "3horse",
    ]
  ) {
    assert.throws(() => databaseAddress(address), (error) => {
      assert.ok(error instanceof UsageError);
      assert.equal(
        error.message,
        "--db-url is no postgres:// address with a user; percent-encode its password",
      );
      assert.equal(error.cause, undefined);
      return true;
    });
  }
});

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
