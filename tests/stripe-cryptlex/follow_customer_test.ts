import assert from "node:assert/strict";
import type { CustomerLink } from "../../functions/stripe-cryptlex/claim.ts";
import type { User } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import { followCustomer } from "../../functions/stripe-cryptlex/follow_customer.ts";
import type { Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { NewCustomerLink } from "../../functions/stripe-cryptlex/settlement.ts";
import { claimOf, eventOf } from "./builders/claim_of.ts";
import { createFakeCryptlex } from "./builders/fake_cryptlex.ts";
import { purchaseWith, said } from "./builders/purchase_with.ts";
import { noAnswer } from "./builders/refusal.ts";
import { userShown } from "./builders/user_shown.ts";

const link: CustomerLink = {
  stripeCustomerId: "cus_1",
  userId: "user-1",
  userMadeByUs: true,
  wroteName: "Ada",
  isShared: false,
};
const notOurs = "its name changed at Stripe; the user's in Cryptlex is not ours";

/** Ada, whom we made a user, is Ada Lovelace at Stripe now. */
async function follow(
  { customer = link, user = {}, facts = {}, eventType = "customer.updated" }: {
    customer?: CustomerLink | null;
    /** Null: deleted in Cryptlex. */
    user?: Partial<User> | null;
    facts?: Partial<Purchase>;
    eventType?: string;
  } = {},
) {
  const cryptlex = createFakeCryptlex();
  if (user !== null) cryptlex.users.set("user-1", userShown(user));
  const customers: NewCustomerLink[] = [];
  const claim = claimOf({ purchaseId: "cus_1", customer, events: [eventOf({ eventType })] });
  const purchase = purchaseWith({
    email: said("ada@example.com"),
    name: said("Ada Lovelace"),
    ...facts,
  });
  const reports = await followCustomer(claim, { cryptlex, purchase, customers });
  return { reports, customers, calls: cryptlex.calls, user: cryptlex.users.get("user-1") };
}

Deno.test("the name of a user that is ours follows, and is known as written by us", async () => {
  const { reports, customers, calls, user } = await follow();
  assert.deepEqual(calls, ["getUser", "setFirstName"]);
  assert.deepEqual(user, userShown({ firstName: "Ada Lovelace" }));
  const { isShared: _, ...known } = link;
  assert.deepEqual(customers, [{ ...known, wroteName: "Ada Lovelace" }]);
  assert.deepEqual(reports, ["the user's name follows"]);
});

Deno.test("a name follows only a user we made, with role user, of this one customer, left as it was", async () => {
  const cases = [
    { customer: { ...link, userMadeByUs: false } },
    { customer: { ...link, isShared: true } },
    { customer: { ...link, wroteName: null } },
    { user: { role: "admin" } },
    { user: { role: null } },
    { user: { firstName: "Countess Ada" } },
  ];
  for (const how of cases) {
    const { reports, customers, calls } = await follow(how);
    assert.deepEqual([reports, customers, calls], [[notOurs], [], ["getUser"]]);
  }
});

Deno.test("a name that is so already is left", async () => {
  const customer = { ...link, wroteName: "Ada Lovelace" };
  const { reports, customers, calls } = await follow({
    customer,
    user: { firstName: "Ada Lovelace" },
  });
  assert.deepEqual([reports, customers, calls], [[], [], ["getUser"]]);
});

Deno.test("one we wrote and never heard of is known as ours: the next change follows too", async () => {
  const { reports, customers } = await follow({ user: { firstName: "Ada Lovelace" } });
  assert.deepEqual([reports, customers.map(({ wroteName }) => wroteName)], [[], ["Ada Lovelace"]]);
  const theirs = { ...link, userMadeByUs: false, wroteName: null };
  const found = await follow({ customer: theirs, user: { firstName: "Ada Lovelace" } });
  assert.deepEqual(found.customers, []);
});

Deno.test("a name is cut like a new user's, a blank one is the local part of the user's e-mail", async () => {
  const long = await follow({ facts: { name: said("x".repeat(400)) } });
  assert.equal(long.user?.firstName, "x".repeat(256));
  const blank = await follow({ facts: { name: said("  ") } });
  assert.equal(blank.user?.firstName, "ada");
});

Deno.test("no name at Stripe changes none", async () => {
  const { reports, calls } = await follow({ facts: { name: null } });
  assert.deepEqual([reports, calls], [[], ["getUser"]]);
});

Deno.test("an e-mail is never written, only told, and not told itself", async () => {
  const facts = { email: said("countess@example.com") };
  const { reports, user } = await follow({ facts });
  assert.equal(user?.email, "ada@example.com");
  assert.equal(reports.length, 2);
  assert.match(String(reports[0]), /e-mail at Stripe is not that of its user/);
  assert.doesNotMatch(String(reports), /@/);
});

Deno.test("the same e-mail in another case is the same", async () => {
  const facts = { email: said(" ADA@example.com "), name: null };
  assert.deepEqual((await follow({ facts })).reports, []);
  const shown = { user: { email: "Ada@Example.com" }, facts: { name: null } };
  assert.deepEqual((await follow(shown)).reports, []);
});

Deno.test("a user deleted in Cryptlex is told, and nothing is made or written", async () => {
  const { reports, customers, calls } = await follow({ user: null });
  assert.deepEqual(reports, ["its user was deleted in Cryptlex"]);
  assert.deepEqual([customers, calls], [[], ["getUser"]]);
});

Deno.test("who is no user, or did not change, costs no call", async () => {
  for (const how of [{ customer: null }, { eventType: "customer.created" }]) {
    const { reports, calls } = await follow(how);
    assert.deepEqual([reports, calls], [[], []]);
  }
});

Deno.test("a name that could not be written is not known as written", async () => {
  const cryptlex = createFakeCryptlex();
  cryptlex.users.set("user-1", userShown());
  cryptlex.refuse = (call) => {
    if (call === "setFirstName") throw noAnswer();
  };
  const customers: NewCustomerLink[] = [];
  const claim = claimOf({ customer: link, events: [eventOf({ eventType: "customer.updated" })] });
  const purchase = purchaseWith({ name: said("Ada Lovelace") });
  await assert.rejects(followCustomer(claim, { cryptlex, purchase, customers }), /did not answer/);
  assert.deepEqual(customers, []);
});
