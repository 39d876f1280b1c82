import assert from "node:assert/strict";
import { userProblems } from "../../../tools/chaos/compare_users.ts";
import type { ExpectedBuyer } from "../../../tools/chaos/model/expected_buyers.ts";
import { createCryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";

const ann: ExpectedBuyer = {
  stripeIds: ["sub_1"],
  emails: ["ann@example.com", "anna@example.com"],
  names: ["Ann", "Anna"],
  mustBeThere: true,
  mayBeThere: true,
};

function problems(
  users: readonly [email: string, firstName: string][],
  { buyers = [ann], before = [] as { email: string; firstName: string }[] } = {},
): string[] {
  const sandbox = createCryptlexSandbox({
    products: [],
    switches: { emailUniqueness: "sensitive" },
  });
  for (const [email, firstName] of users) sandbox.seedUser({ email, firstName });
  return userProblems(buyers, { users: sandbox.users(), before });
}

Deno.test("a buyer is there once, under one address and one name told of", () => {
  assert.deepEqual(problems([["Ann@example.com", "Anna"]]), []);
  assert.deepEqual(problems([["anna@example.com", "Ann"]]), []);
  assert.deepEqual(problems([]), ["there is no user ann@example.com or anna@example.com"]);
  assert.deepEqual(problems([["ann@example.com", "Ann"], ["ANN@example.com", "Ann"]]), [
    "there is a user ann@example.com too many",
  ]);
  assert.deepEqual(problems([["ann@example.com", "Eve"]]), [
    "user ann@example.com is named Eve, as nobody told",
  ]);
});

Deno.test("who may be there need not, who may not must not", () => {
  const perhaps = { ...ann, mustBeThere: false };
  assert.deepEqual(problems([], { buyers: [perhaps] }), []);
  const never = { ...perhaps, mayBeThere: false };
  const [tooMany] = problems([["ann@example.com", "Ann"]], { buyers: [never] });
  assert.equal(tooMany, "there is a user ann@example.com too many");
});

Deno.test("who was there before keeps the name", () => {
  const before = [{ email: "ann@example.com", firstName: "Known" }];
  assert.deepEqual(problems([["ann@example.com", "Known"]], { before }), []);
  assert.deepEqual(problems([["ann@example.com", "Ann"]], { before }), [
    "user ann@example.com is named Ann, as nobody told",
  ]);
});
