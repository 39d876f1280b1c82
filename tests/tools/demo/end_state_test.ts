import assert from "node:assert/strict";
import { createCryptlexSandbox } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { endProblems, type EndState, type EventRow } from "../../../tools/demo/end_state.ts";
import { type StoryStep, usable } from "../../../tools/demo/story_step.ts";
import { app, appForever, proSet, sampleAccount } from "../../../tools/sample_account.ts";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";

const until = new Date("2027-01-05T10:00:00Z");
const sale = createStripeShop().subscribe({
  email: "ann@example.com",
  price: { amount: 1900, interval: "month" },
});
const step = {
  title: "Ann subscribes",
  event: sale.checkoutCompleted(),
  purchaseId: sale.id,
  license: { ...usable, email: "ann@example.com", productId: app.id, expires: until },
  status: "applied",
  calls: 2,
} satisfies StoryStep;
const row: EventRow = {
  event_id: step.event.id,
  event_type: step.event.type,
  status: "applied",
  outcome: "license created",
  last_error: null,
  purchase_id: sale.id,
};

/** A sandbox in which everything is as the story says, and the means to spoil it. */
function account() {
  const sandbox = createCryptlexSandbox(sampleAccount);
  const user = sandbox.seedUser({ email: "ann@example.com" });
  const license = sandbox.seedLicense({
    productId: app.id,
    userId: user.id,
    expiresAt: until.toISOString(),
    metadata: [{ key: "stripe_subscription_id", value: sale.id }],
  });
  const state = (events: readonly EventRow[] = [row]): EndState => ({
    users: sandbox.users(),
    licenses: sandbox.licenses(),
    events,
  });
  return { sandbox, license, state };
}

function assertProblem(state: EndState, problem: RegExp): void {
  const problems = endProblems([step], state);
  assert.equal(problems.length, 1, problems.join("; "));
  assert.match(problems[0] ?? "", problem);
}

Deno.test("nothing differs when all is as the story says", () => {
  assert.deepEqual(endProblems([step, step], account().state()), []);
});

Deno.test("each wrong field of a license is named", () => {
  const wrong = [
    [{ productId: appForever.id }, /product must be product-app, is product-app-forever/],
    [{ entitlementSetId: proSet.id }, /entitlement set must be none, is set-pro/],
    [{ allowedActivations: 2 }, /activations must be 1, is 2/],
    [{ suspended: true }, /suspended must be false, is true/],
    [{ revoked: true }, /revoked must be false, is true/],
    [{ expiresAt: "2027-01-05T10:00:01Z" }, /expires must be .*:00\.000Z, is .*:01\.000Z/],
    [{ expiresAt: null }, /expires must be .*, is never/],
    [{ userId: null }, /user must be ann@example\.com, is nobody/],
  ] as const;
  for (const [patch, problem] of wrong) {
    const { sandbox, license, state } = account();
    sandbox.change(license.id, patch);
    assertProblem(state(), problem);
  }
});

Deno.test("a license that must be suspended or revoked, and is not, is named", () => {
  for (
    const [flag, problem] of [
      ["suspended", /suspended must be true, is false/],
      ["revoked", /revoked must be true, is false/],
    ] as const
  ) {
    const { sandbox, license, state } = account();
    const wanted = [{ ...step, license: { ...step.license, [flag]: true } }];
    assert.match(endProblems(wanted, state()).join("; "), problem);
    sandbox.change(license.id, { [flag]: true });
    assert.deepEqual(endProblems(wanted, state()), []);
  }
});

Deno.test("a missing license, a second one and one of nobody's are found", () => {
  const missing = account();
  missing.sandbox.remove(missing.license.id);
  assertProblem(missing.state(), /there must be one license, there are 0/);

  const stray = account();
  stray.sandbox.seedLicense();
  assertProblem(stray.state(), /licenses in all must be 1, are 2/);

  const doubled = account();
  doubled.sandbox.seedLicense({ metadata: [{ key: "any", value: sale.id }] });
  assert.match(endProblems([step], doubled.state())[0] ?? "", /must be one license, there are 2/);
});

Deno.test("a license that must not be there yet is found", () => {
  const problems = endProblems([{ ...step, license: null }], account().state());
  assert.match(problems[0] ?? "", /there must be no license, there are 1/);
});

Deno.test("a user too many is found", () => {
  const { sandbox, state } = account();
  sandbox.seedUser({ email: "eve@example.com" });
  assertProblem(state(), /users must be ann@example\.com, are ann@example\.com, eve@example\.com/);
});

Deno.test("an event that is missing, too many or not as said is found", () => {
  const { state } = account();
  assertProblem(state([]), /is not recorded/);
  assertProblem(state([row, { ...row, event_id: "evt_2" }]), /events in all must be 1, are 2/);
  assertProblem(state([{ ...row, status: "parked", last_error: "why" }]), /is parked.*\(why\)/);
  assertProblem(state([{ ...row, purchase_id: "sub_2" }]), /must be .*, is applied, of sub_2/);
});
