import assert from "node:assert/strict";
import { applySteps } from "../../functions/stripe-cryptlex/apply_steps.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Step } from "../../functions/stripe-cryptlex/steps.ts";
import { ignoredSeats } from "../../functions/stripe-cryptlex/seats.ts";
import { PartDoneError, UnheardError } from "../../functions/stripe-cryptlex/trouble.ts";
import { claimedAt } from "./builders/claim_of.ts";
import { desiredOf } from "./builders/desired_of.ts";
import type { FakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { createLicensesAtWork } from "./builders/licenses_at_work.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const date = (text: string) => new Date(`${text}T10:00:00Z`);
const license = knownLicense();
/** About to be revoked: that was written down. */
const ending = knownLicense({ writing: { revoked: true } });
const other = { ...ending, licenseId: "license-2", slot: "product-a/2" };

const renew: Step = {
  kind: "expiry",
  license,
  desired: desiredOf("product-a/1"),
  step: { kind: "renew", expiresAt: date("2027-01-05"), predicted: date("2027-01-05") },
};
const setSet: Step = {
  kind: "set_fields",
  license,
  wanted: { entitlementSetId: "set-a" },
  reason: null,
};
const suspend: Step = {
  kind: "set_fields",
  license,
  wanted: { revoked: false, suspended: true },
  reason: "it is unpaid",
};
const setInterval: Step = { kind: "set_interval", license, interval: "P1Y" };

const endOf = (license: KnownLicense, successor: string | null = null): Step => ({
  kind: "end",
  license,
  successor,
});
const createOf = (productId: string): Step => ({
  kind: "create",
  desired: desiredOf(`${productId}/1`),
});

/** The ledger and Cryptlex have these licenses; `refuse` as in the fake. */
function there(
  refuse: FakeCryptlex["refuse"] = () => {},
  known: readonly KnownLicense[] = [license],
) {
  // What was announced was seen by the part right before.
  const hasRead = known.some(({ writing }) => writing !== null);
  const at = createLicensesAtWork({ known, refuse, hasRead });
  const context = {
    ...at,
    now: claimedAt,
    metadata: () => [],
    users: {
      get: () => Promise.resolve("user-1"),
      forgetIfGone: () => Promise.resolve(false),
    },
  };
  return {
    ...at,
    calls: at.cryptlex.calls,
    apply: (...steps: Step[]) => applySteps(steps, context),
    /** After what was announced was written down. */
    async applyAll(...steps: Step[]) {
      await assert.rejects(applySteps(steps, context), PartDoneError);
      await applySteps(steps, context);
    },
  };
}

Deno.test("each step is taken, a later one of a license from where an earlier one left it", async () => {
  const announced = { ...license, writing: { entitlementSetId: "set-a" } };
  const { apply, calls, row } = there(undefined, [announced]);
  await apply(createOf("product-b"), setSet, renew);
  assert.deepEqual(calls, ["createLicense", "setFields", "renewLicense"]);
  assert.equal(row("license-2").slot, "product-b/1");
  assert.equal(row().wrote.entitlementSetId, "set-a");
  assert.deepEqual(row().wroteExpiresAt, date("2027-01-05"));
});

Deno.test("what a license stands for is noted with its first date, and that comes after its fields", async () => {
  const undated = knownLicense({ wroteExpiresAt: null, mappedBy: "found", seats: ignoredSeats });
  const seats = { mode: "licenses", perUnit: 1 } as const;
  const first: Step = {
    kind: "expiry",
    license: undated,
    desired: desiredOf("product-a/1", { mappedBy: "plan", seats, remapped: true }),
    step: { kind: "set_expires_at", expiresAt: date("2027-01-05") },
  };
  const { apply, applyAll, calls, row } = there(undefined, [undated]);
  await applyAll({ ...setSet, license: undated }, first);
  assert.deepEqual(calls, ["getLicense", "setFields", "setExpiresAt"]);
  assert.deepEqual([row().mappedBy, row().seats], ["plan", seats]);
  // From then on that is noted once all is done.
  const again = { ...first, license: row(), desired: desiredOf("product-a/1") };
  await apply({ ...again, step: { kind: "set_expires_at", expiresAt: date("2027-02-05") } });
  assert.equal(row().mappedBy, "plan");
});

Deno.test("an ending is written down before it is made, once all else is done", async () => {
  const { apply, calls, row } = there();
  await assert.rejects(apply(endOf(license), createOf("product-b")), PartDoneError);
  assert.deepEqual(calls, ["getLicense", "createLicense"]);
  assert.deepEqual([row().writing, row().endedAt], [{ revoked: true }, null]);
});

Deno.test("a license that nobody wants is revoked, and known as ended by us", async () => {
  const { apply, calls, row, work } = there(undefined, [ending]);
  await apply(endOf(ending));
  assert.deepEqual(calls, ["setFields"]);
  const { seen, wrote, endedAt } = row();
  assert.deepEqual([seen.revoked, wrote.revoked, endedAt], [true, true, claimedAt]);
  assert.deepEqual(work.outcomes, [
    "license license-1: revoked (nobody has bought it any more)",
  ]);
});

Deno.test("one that an operator revoked before is ended, and the revocation stays theirs", async () => {
  const seen = licenseFields({ revoked: true });
  const { apply, calls, row } = there(undefined, [{ ...license, seen }]);
  await apply(endOf({ ...license, seen }));
  assert.deepEqual(calls, []);
  assert.deepEqual([row().wrote.revoked, row().endedAt], [false, claimedAt]);
});

Deno.test("one that an operator made valid again is revoked once more when it ends", async () => {
  const valid = knownLicense({
    wrote: licenseFields({ revoked: true }),
    writing: { revoked: true },
  });
  const { apply, calls, row } = there(undefined, [valid]);
  await apply(endOf(valid));
  assert.deepEqual(calls, ["setFields"]);
  assert.deepEqual([row().seen.revoked, row().endedAt], [true, claimedAt]);
});

Deno.test("an ending without an answer may land late: nobody revives the license before that", async () => {
  const { apply, row } = there(() => {
    throw noAnswer();
  }, [ending]);
  await assert.rejects(apply(endOf(ending)), UnheardError);
  assert.equal(row().endedAt, null);
});

Deno.test("a license wanted again is made valid again", async () => {
  const revoked = licenseFields({ revoked: true });
  const ended = knownLicense({ seen: revoked, wrote: revoked, endedAt: claimedAt });
  const { applyAll, row, work } = there(undefined, [ended]);
  await applyAll({
    kind: "set_fields",
    license: ended,
    wanted: { revoked: false, suspended: false },
    reason: "nothing stands against it any more",
  });
  assert.deepEqual([row().seen.revoked, row().wrote.revoked], [false, false]);
  assert.deepEqual(work.outcomes, [
    "license license-1: valid again (nothing stands against it any more)",
  ]);
});

function movingDates(cryptlex: FakeCryptlex): void {
  const { setInterval: set } = cryptlex;
  cryptlex.setInterval = async (id, interval) => {
    const license = await set(id, interval);
    const moved = { ...license, expiresAt: date("2027-11-02") };
    cryptlex.licenses.set(id, moved);
    return moved;
  };
}

Deno.test("another interval leaves the date where it was", async () => {
  const { applyAll, calls, cryptlex, row, work } = there();
  movingDates(cryptlex);
  await applyAll(setInterval);
  assert.deepEqual(calls, ["getLicense", "setInterval", "setExpiresAt"]);
  assert.equal(row().subscriptionInterval, "P1Y");
  assert.deepEqual([row().expiresAt, row().wroteExpiresAt], [
    license.expiresAt,
    license.expiresAt,
  ]);
  assert.match(String(work.outcomes), /license-1 is renewed by P1Y/);
});

Deno.test("the template's date is not gone back to: it is to be aligned", async () => {
  const undated = { ...license, wroteExpiresAt: null };
  const { applyAll, calls, cryptlex, row } = there(undefined, [undated]);
  movingDates(cryptlex);
  await applyAll({ ...setInterval, license: undated });
  assert.deepEqual(calls, ["getLicense", "setInterval"]);
  assert.deepEqual([row().expiresAt, row().wroteExpiresAt], [date("2027-11-02"), null]);
});

Deno.test("an interval that moves no date is a look and one call, one call after another step", async () => {
  const alone = there();
  await alone.applyAll(setInterval);
  assert.deepEqual(alone.calls, ["getLicense", "setInterval"]);
  const after = there();
  await assert.rejects(after.apply(renew, setInterval), PartDoneError);
  await after.apply(setInterval);
  assert.deepEqual(after.calls, ["renewLicense", "setInterval"]);
});

Deno.test("a date somebody moved before the interval is changed stays as they left it", async () => {
  const { applyAll, calls, cryptlex, row } = there();
  const moved = date("2028-01-01");
  const shown = cryptlex.licenses.get("license-1");
  if (shown !== undefined) cryptlex.licenses.set("license-1", { ...shown, expiresAt: moved });
  await applyAll(setInterval);
  assert.deepEqual(calls, ["getLicense", "setInterval"]);
  assert.deepEqual([row().expiresAt, row().wroteExpiresAt], [moved, license.wroteExpiresAt]);
});

Deno.test("so it does when the date was to be moved after that, if it is the later one", async () => {
  const expiry: Step = {
    ...renew,
    step: { kind: "set_expires_at", expiresAt: date("2027-11-05") },
  };
  const dated = async (byHand: Date) => {
    const { applyAll, cryptlex, calls, row } = there();
    const shown = cryptlex.licenses.get("license-1");
    if (shown !== undefined) cryptlex.licenses.set("license-1", { ...shown, expiresAt: byHand });
    await applyAll(setInterval, expiry);
    return [row().expiresAt, ...calls];
  };
  const changed = ["getLicense", "setInterval"];
  assert.deepEqual(await dated(date("2028-05-05")), [date("2028-05-05"), ...changed]);
  assert.deepEqual(await dated(date("2027-05-05")), [
    date("2027-11-05"),
    ...changed,
    "setExpiresAt",
  ]);
});

Deno.test("an interval change without an answer is unheard", async () => {
  const { apply, row } = there((call) => {
    if (call === "setInterval") throw noAnswer();
  });
  await assert.rejects(apply(setInterval), PartDoneError);
  const announced = { interval: "P1Y", expiresAt: license.expiresAt };
  assert.deepEqual(row().intervalChange, announced);
  await assert.rejects(apply(setInterval), UnheardError);
  assert.deepEqual(row().intervalChange, announced);
});

Deno.test("a date waits until the interval that may move it is changed", async () => {
  const { applyAll, calls, row } = there();
  const exactly: Step = {
    ...renew,
    step: { kind: "set_expires_at", expiresAt: date("2027-11-02") },
  };
  await applyAll(setInterval, exactly);
  assert.deepEqual(calls, ["getLicense", "setInterval", "setExpiresAt"]);
  assert.deepEqual([row().expiresAt, row().intervalChange], [date("2027-11-02"), null]);
});

Deno.test("a date that a change of interval moved is put back, unless somebody moved it since", async () => {
  const change = { interval: "P1Y", expiresAt: license.expiresAt };
  const moved = { ...license, expiresAt: date("2027-11-02"), intervalChange: change };
  const putBack: Step = { kind: "put_back", license: moved, expiresAt: date("2026-12-05") };
  const same = there(undefined, [moved]);
  await same.apply(putBack);
  assert.deepEqual(same.calls, ["getLicense", "setExpiresAt"]);
  assert.deepEqual([same.row().expiresAt, same.row().intervalChange], [license.expiresAt, null]);

  const other = there(undefined, [moved]);
  const shown = other.cryptlex.licenses.get("license-1");
  assert.ok(shown);
  other.cryptlex.licenses.set("license-1", { ...shown, expiresAt: date("2028-01-01") });
  await assert.rejects(other.apply(putBack), PartDoneError);
  assert.deepEqual(other.calls, ["getLicense"]);
  assert.deepEqual(other.row().expiresAt, date("2028-01-01"));
});

Deno.test("after twenty calls the rest is left for the next part, when there was progress", async () => {
  const { apply, calls, row, work } = there((_, about) => {
    if (about === "product-b") throw refusal(400, { message: "no such product" });
  });
  const call = { action: "get_license", licenseId: null, status: 200, ms: 1, error: null };
  work.calls.push(...Array.from({ length: 20 }, () => call));
  await assert.rejects(
    apply(createOf("product-b"), createOf("product-c"), renew),
    PartDoneError,
  );
  assert.equal(row("license-2").cryptlexProductId, "product-c");
  assert.ok(!calls.includes("renewLicense"));
});

Deno.test("what was read to be announced is progress: after twenty calls it is written down", async () => {
  const known = Array.from({ length: 25 }, (_, i) => ({ ...license, licenseId: `license-${i}` }));
  const { apply, calls, work } = there(undefined, known);
  const ends = known.map((license) => endOf(license));
  const announced = () => [...work.licenses.values()].filter(({ writing }) => writing !== null);
  await assert.rejects(apply(...ends), PartDoneError);
  assert.deepEqual([calls.length, announced().length], [20, 20]);
});

Deno.test("what was read already is announced all at once, however many calls that took", async () => {
  const known = Array.from({ length: 3 }, (_, i) => ({ ...license, licenseId: `license-${i}` }));
  const { apply, calls, cryptlex, work } = there(undefined, known);
  const call = { action: "get_license", licenseId: null, status: 200, ms: 1, error: null };
  work.calls.push(...Array.from({ length: 20 }, () => call));
  for (const { licenseId } of known) cryptlex.touched.add(licenseId);
  await assert.rejects(apply(...known.map((license) => endOf(license))), PartDoneError);
  assert.deepEqual(calls, []);
  assert.ok([...work.licenses.values()].every(({ writing }) => writing !== null));
});

Deno.test("a license deleted meanwhile is gone, and its other steps are left", async () => {
  const { apply, calls, cryptlex, row, work } = there();
  cryptlex.licenses.clear();
  await apply(setSet, renew);
  assert.deepEqual(calls, ["getLicense", "getLicense"]);
  assert.equal(row().goneAt, claimedAt);
  assert.match(String(work.outcomes), /was deleted in Cryptlex/);
});

Deno.test("a 404 about something else is a refusal: the license is still there", async () => {
  const announced = { ...license, writing: { entitlementSetId: "set-a" } };
  const { apply, row } = there((call) => {
    if (call === "setFields") throw refusal(404, { message: "no such set" });
  }, [announced]);
  await assert.rejects(apply(setSet), /no such set/);
  assert.equal(row().goneAt, null);
});

Deno.test("a refused change is not taken for a deleted license", async () => {
  const { apply, row } = there(() => {
    throw refusal(400);
  }, [ending]);
  await assert.rejects(apply(endOf(ending)));
  assert.deepEqual([row().goneAt, row().endedAt], [null, null]);
});

Deno.test("a refusal stops only its own step: the license's others go on", async () => {
  const announced = { ...license, writing: { entitlementSetId: "set-a", suspended: true } };
  const { apply, row } = there((call, about) => {
    if (call === "setFields" && about === "license-1" && row().wrote.suspended) {
      throw refusal(400, { message: "no such set" });
    }
  }, [announced]);
  await assert.rejects(apply(suspend, setSet, renew), /no such set/);
  assert.equal(row().wrote.suspended, true);
  assert.equal(row().wrote.entitlementSetId, null);
  assert.deepEqual(row().wroteExpiresAt, date("2027-01-05"));
});

Deno.test("one refusal stops nothing else, but an ending whose successor was refused waits", async () => {
  const { apply, row } = there((_, about) => {
    if (about === "product-b") throw refusal(400, { message: "no such product" });
  }, [ending, other]);
  await assert.rejects(
    apply(
      createOf("product-b"),
      createOf("product-c"),
      endOf(other, "product-c/1"),
      endOf(ending, "product-b/1"),
    ),
    /no such product/,
  );
  assert.equal(row("license-3").slot, "product-c/1");
  assert.deepEqual([row("license-2").endedAt, row().endedAt], [claimedAt, null]);
  assert.equal(row().seen.revoked, false);
});

Deno.test("it waits too when its successor cannot be made valid again, or is deleted", async () => {
  for (const status of [400, 404]) {
    const revoked = licenseFields({ revoked: true });
    const ended = {
      ...other,
      seen: revoked,
      wrote: revoked,
      writing: { revoked: false },
      endedAt: claimedAt,
    };
    const { apply, cryptlex, row } = there((call, about) => {
      if (call === "setFields" && about === "license-2") throw refusal(status);
    }, [ending, ended]);
    if (status === 404) cryptlex.licenses.delete("license-2");
    const revive: Step = {
      kind: "set_fields",
      license: ended,
      wanted: { revoked: false, suspended: false },
      reason: "nothing stands against it any more",
    };
    await assert.rejects(
      apply(revive, endOf(ending, "product-a/2")),
      // The deleted one is not revived: what is wanted instead is planned anew, at once.
      (error) => error instanceof PartDoneError === (status === 404),
    );
    assert.deepEqual([row().endedAt, row().seen.revoked], [null, false], String(status));
  }
});

Deno.test("of several refusals the first is told", async () => {
  const { apply } = there((_, about) => {
    throw refusal(400, { message: `no ${about}` });
  });
  await assert.rejects(apply(createOf("product-b"), createOf("product-c")), /no product-b/);
});

Deno.test("a rate limit or no answer stops everything at once", async () => {
  for (const error of [refusal(429), refusal(401), noAnswer()]) {
    const { apply, calls } = there(() => {
      throw error;
    }, [ending]);
    const end = endOf(ending);
    for (const steps of [[end, createOf("product-b")], [createOf("product-b"), end]]) {
      calls.length = 0;
      await assert.rejects(apply(...steps));
      assert.equal(calls.length, 1);
    }
  }
});
