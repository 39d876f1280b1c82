import assert from "node:assert/strict";
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
