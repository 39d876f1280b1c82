import assert from "node:assert/strict";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { WantedFields } from "../../functions/stripe-cryptlex/license_fields.ts";
import { setFields } from "../../functions/stripe-cryptlex/set_fields.ts";
import { UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import type { FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { createLicensesAtWork } from "./builders/licenses_at_work.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const suspended = { suspended: true } as const;

/** The ledger knows the license so; an operator changed `byHand` in Cryptlex since. */
function there(
  { byHand = {}, hasRead = false, refuse, ...changed }: Partial<KnownLicense> & {
    byHand?: WantedFields;
    hasRead?: boolean;
    refuse?: FakeCryptlex["refuse"];
  } = {},
) {
  const known = knownLicense(changed);
  const fields = { ...known.seen, ...byHand };
  const at = createLicensesAtWork({
    known: [known],
    shown: [licenseShown({}, { fields })],
    hasRead,
    ...(refuse === undefined ? {} : { refuse }),
  });
  return {
    ...at,
    calls: at.cryptlex.calls,
    set: (wanted: WantedFields, reason: string | null = null) =>
      setFields(at.row(), { wanted, reason }, at),
    history() {
      const { seen, wrote, writing } = at.row();
      return { seen, wrote, writing };
    },
  };
}

Deno.test("a change is read for, then written down, and only then made", async () => {
  const { set, calls, history, work, cryptlex } = there();
  assert.equal(await set(suspended), "announced");
  assert.deepEqual(calls, ["getLicense"]);
  const before = licenseFields();
  assert.deepEqual(history(), { seen: before, wrote: before, writing: suspended });
  assert.deepEqual(work.outcomes, []);
  assert.equal(await set(suspended, "dispute du_1 is open"), "done");
  assert.deepEqual(calls, ["getLicense", "setFields"]);
  const after = licenseFields(suspended);
  assert.deepEqual(history(), { seen: after, wrote: after, writing: null });
  assert.deepEqual(cryptlex.licenses.get("license-1")?.fields, after);
  assert.deepEqual(work.outcomes, ["license license-1: suspended (dispute du_1 is open)"]);
});

Deno.test("what was announced some time ago is made after another look", async () => {
  const { set, calls, history } = there({ writing: suspended });
  assert.equal(await set(suspended), "done");
  assert.deepEqual(calls, ["getLicense", "setFields"]);
  assert.deepEqual(history().wrote, licenseFields(suspended));
});

Deno.test("what an operator did after it was announced is the operator's", async () => {
  const { set, calls, history } = there({ writing: suspended, byHand: suspended });
  assert.equal(await set(suspended), "done");
  assert.equal(await set({ suspended: false }), "done");
  assert.deepEqual(calls, ["getLicense"], "nor is it lifted by us");
  const { wrote, writing } = history();
  assert.deepEqual([wrote.suspended, writing], [false, null]);
});

Deno.test("a greater count given after a lesser one was announced stays", async () => {
  const four = { allowedActivations: 4 };
  const { set, calls, history } = there({ writing: four, byHand: { allowedActivations: 9 } });
  assert.equal(await set(four), "done");
  assert.deepEqual(calls, ["getLicense"]);
  assert.equal(history().seen.allowedActivations, 9);
});

Deno.test("what was just read, or written, is not read again", async () => {
  const read = there({ hasRead: true });
  assert.equal(await read.set(suspended), "announced");
  assert.deepEqual(read.calls, []);
  const written = there();
  written.cryptlex.touched.add("license-1");
  assert.equal(await written.set(suspended), "announced");
  assert.deepEqual(written.calls, []);
});

Deno.test("another change than was announced is announced first, beside the other", async () => {
  const { set, calls, history } = there({ writing: suspended });
  assert.equal(await set({ allowedActivations: 4 }), "announced");
  assert.deepEqual(calls, ["getLicense"]);
  assert.deepEqual(history().writing, { ...suspended, allowedActivations: 4 });
});

Deno.test("of two changes announced the second is still to be made after the first", async () => {
  const more = { allowedActivations: 4 };
  const { set, calls, history } = there({ writing: { ...suspended, ...more }, hasRead: true });
  assert.equal(await set(suspended), "done");
  assert.deepEqual(history().writing, more);
  assert.equal(await set(more), "done");
  assert.deepEqual(calls, ["setFields", "setFields"]);
  const both = licenseFields({ ...suspended, ...more });
  assert.deepEqual(history(), { seen: both, wrote: both, writing: null });
});

Deno.test("what is as wanted costs no call and says nothing", async () => {
  const { set, calls, work, history } = there();
  assert.equal(await set({ suspended: false, allowedActivations: 1 }), "done");
  assert.deepEqual([calls, work.outcomes], [[], []]);
  assert.deepEqual(history().writing, null);
});

Deno.test("a look may show that there is nothing to do", async () => {
  const { set, calls, history, work } = there({ byHand: { allowedActivations: 4 } });
  assert.equal(await set({ allowedActivations: 4 }), "done");
  assert.deepEqual(calls, ["getLicense"]);
  const after = licenseFields({ allowedActivations: 4 });
  assert.deepEqual(history(), { seen: after, wrote: after, writing: null });
  assert.deepEqual(work.outcomes, []);
});

Deno.test("a flag that an operator set meanwhile stays the operator's", async () => {
  for (const flag of ["revoked", "suspended"] as const) {
    const { set, calls, history } = there({ byHand: { [flag]: true } });
    assert.equal(await set({ [flag]: true }), "done");
    assert.deepEqual(calls, ["getLicense"]);
    const { seen, wrote } = history();
    assert.deepEqual([seen[flag], wrote[flag]], [true, false]);
    assert.equal(await set({ [flag]: false }), "done");
    assert.deepEqual(calls, ["getLicense"], "and is not lifted by us");
  }
});

Deno.test("a greater count that an operator gave meanwhile stays", async () => {
  const { set, calls, history, cryptlex } = there({ byHand: { allowedActivations: 9 } });
  assert.equal(await set({ allowedActivations: 4 }), "done");
  assert.deepEqual(calls, ["getLicense"]);
  assert.equal(history().wrote.allowedActivations, 1);
  assert.equal(cryptlex.licenses.get("license-1")?.fields.allowedActivations, 9);
});

Deno.test("a change without an answer may have been made: it stays announced", async () => {
  const { set, history } = there({
    writing: suspended,
    hasRead: true,
    refuse() {
      throw noAnswer();
    },
  });
  await assert.rejects(set(suspended), UnheardError);
  const { wrote, writing } = history();
  assert.deepEqual([wrote.suspended, writing], [false, suspended]);
});

Deno.test("no answer to the look is no change that may have been made", async () => {
  const { set, history } = there({
    refuse() {
      throw noAnswer();
    },
  });
  await assert.rejects(set(suspended), (error) => !(error instanceof UnheardError));
  assert.equal(history().writing, null);
});

Deno.test("a refused change was not made", async () => {
  const { set, history } = there({
    writing: suspended,
    hasRead: true,
    refuse() {
      throw refusal(400, { message: "no such set" });
    },
  });
  await assert.rejects(set(suspended), /no such set/);
  assert.deepEqual([history().seen.suspended, history().wrote.suspended], [false, false]);
});

Deno.test("all that changes is one call, told as one", async () => {
  const wanted = { entitlementSetId: "set-b", allowedActivations: 4, allowedFloatingClients: 2 };
  const { set, calls, work } = there({ writing: wanted, hasRead: true });
  await set({ ...wanted, suspended: false });
  assert.deepEqual(calls, ["setFields"]);
  assert.deepEqual(work.outcomes, [
    "license license-1: entitlement set set-b, 4 activations, 2 floating clients",
  ]);
});
