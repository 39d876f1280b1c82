import assert from "node:assert/strict";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { NewCustomerLink } from "../../functions/stripe-cryptlex/settlement.ts";
import { NeedsPersonError } from "../../functions/stripe-cryptlex/trouble.ts";
import { createUserSource } from "../../functions/stripe-cryptlex/user_source.ts";
import { claimOf } from "./builders/claim_of.ts";
import { createFakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense } from "./builders/known_license.ts";
import { noAnswer } from "./builders/refusal.ts";
import { purchaseWith, said } from "./builders/purchase_with.ts";
import { userShown } from "./builders/user_shown.ts";

const buyer = purchaseWith({
  customerId: said("cus_1"),
  email: said("Ada@example.com"),
  name: said("Ada"),
  company: said("Engines Ltd"),
});
const known = {
  stripeCustomerId: "cus_1",
  userId: "user-7",
  userMadeByUs: true,
  wroteName: "Ada",
  isShared: false,
};

function sourceOf(changed: Partial<Claim> = {}, purchase = buyer, found?: Claim["licenses"]) {
  const cryptlex = createFakeCryptlex();
  const customers: NewCustomerLink[] = [];
  const claim = claimOf(changed);
  return {
    cryptlex,
    customers,
    users: createUserSource(cryptlex, {
      claim,
      licenses: found ?? claim.licenses,
      purchase,
      customers,
    }),
  };
}

Deno.test("a customer's known user costs no call and no new link", async () => {
  const { users, cryptlex, customers } = sourceOf({ customer: known });
  assert.equal(await users.get(), "user-7");
  assert.deepEqual([cryptlex.calls, customers], [[], []]);
});

Deno.test("without one the user of another license of the purchase will do", async () => {
  const licenses = [knownLicense({ userId: null }), knownLicense({ userId: "user-8" })];
  const { users, cryptlex } = sourceOf({ licenses });
  assert.equal(await users.get(), "user-8");
  assert.deepEqual(cryptlex.calls, []);
});

Deno.test("so will the user of one that was just found", async () => {
  const found = [knownLicense({ userId: "user-9", origin: "adopted" })];
  const { users, cryptlex } = sourceOf({}, buyer, found);
  assert.equal(await users.get(), "user-9");
  assert.deepEqual(cryptlex.calls, []);
});

Deno.test("a new buyer becomes a user once, and is linked to the customer", async () => {
  const { users, cryptlex, customers } = sourceOf();
  const { createUser } = cryptlex;
  cryptlex.createUser = (user) => {
    assert.deepEqual(user, {
      email: "ada@example.com",
      firstName: "Ada",
      company: "Engines Ltd",
    });
    return createUser(user);
  };
  assert.equal(await users.get(), "user-1");
  assert.equal(await users.get(), "user-1");
  assert.deepEqual(cryptlex.calls, ["createUser"]);
  assert.deepEqual(customers, [{
    stripeCustomerId: "cus_1",
    userId: "user-1",
    userMadeByUs: true,
    wroteName: "Ada",
  }]);
});

Deno.test("a user that was there before is linked as not ours", async () => {
  const { users, cryptlex, customers } = sourceOf();
  cryptlex.users.set("user-9", userShown({ id: "user-9" }));
  assert.equal(await users.get(), "user-9");
  assert.deepEqual([customers[0]?.userMadeByUs, customers[0]?.wroteName], [false, null]);
});

Deno.test("a guest is a user too, linked to nobody", async () => {
  const { users, customers } = sourceOf({}, purchaseWith({ email: said("ada@example.com") }));
  assert.equal(await users.get(), "user-1");
  assert.deepEqual(customers, []);
});

Deno.test("without an e-mail only a person can help, unless the user is known", async () => {
  await assert.rejects(sourceOf({}, purchaseWith()).users.get(), NeedsPersonError);
  assert.equal(await sourceOf({ customer: known }, purchaseWith()).users.get(), "user-7");
});

Deno.test("an erased buyer's user is used while known; else a person is told why there is none", async () => {
  const erased = purchaseWith({ customerId: said("cus_1"), erased: true });
  assert.equal(await sourceOf({ customer: known }, erased).users.get(), "user-7");
  await assert.rejects(sourceOf({}, erased).users.get(), (error) => {
    assert.ok(error instanceof NeedsPersonError);
    assert.match(error.message, /deleted in Stripe, and the e-mail address is erased/);
    return true;
  });
});

Deno.test("a known user that is gone is forgotten once, and the buyer found or made anew", async () => {
  const { users, cryptlex, customers } = sourceOf({ customer: known });
  assert.equal(await users.forgetIfGone(), true);
  assert.equal(await users.get(), "user-1");
  assert.equal(await users.forgetIfGone(), false);
  assert.deepEqual(cryptlex.calls, ["getUser", "createUser"]);
  assert.deepEqual(customers.map(({ userId }) => userId), ["user-1"]);
});

Deno.test("a known user that is there is not forgotten, nor one nobody can tell of", async () => {
  const { users, cryptlex } = sourceOf({ customer: known });
  cryptlex.users.set("user-7", userShown({ id: "user-7" }));
  assert.equal(await users.forgetIfGone(), false);
  cryptlex.refuse = () => {
    throw noAnswer();
  };
  await assert.rejects(users.forgetIfGone(), /did not answer/);
  assert.equal(await users.get(), "user-7");
});
