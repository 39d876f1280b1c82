// What holds of a license's fields, whatever was written, seen and wanted.

import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type FieldHistory,
  type LicenseFields,
  planFields,
  resolveWriting,
  type WantedFields,
} from "../../functions/stripe-cryptlex/license_fields.ts";
import { anyFields, anyWanted } from "./builders/any_fields.ts";

const runs = { numRuns: 2000 };
const names = (fields: WantedFields) => Object.keys(fields) as (keyof LicenseFields)[];

/** After Cryptlex carried out what was planned. */
function carriedOut({ seen, writing }: FieldHistory, plan: ReturnType<typeof planFields>) {
  return { seen: { ...seen, ...plan.patch }, wrote: { ...plan.wrote, ...plan.patch }, writing };
}

const cases = fc.record({ seen: anyFields, wrote: anyFields, wanted: anyWanted })
  .map(({ wanted, ...fields }) => ({ history: { ...fields, writing: null }, wanted }));

Deno.test("once a plan is carried out there is nothing to plan", () => {
  fc.assert(
    fc.property(cases, ({ history, wanted }) => {
      const plan = planFields(history, wanted);
      const after = carriedOut(history, plan);
      const again = planFields(after, wanted);
      assert.deepEqual(again, { patch: {}, wrote: after.wrote, kept: plan.kept });
    }),
    runs,
  );
});

Deno.test("a patch names only what is wanted, and nothing that is so already", () => {
  fc.assert(
    fc.property(cases, ({ history, wanted }) => {
      const { patch, kept } = planFields(history, wanted);
      for (const field of names(patch)) {
        assert.equal(patch[field], wanted[field]);
        assert.notEqual(patch[field], history.seen[field]);
      }
      assert.ok(kept.every((field) => field in wanted && !(field in patch)));
    }),
    runs,
  );
});

Deno.test("what somebody set stays while we do not want it changed", () => {
  fc.assert(
    fc.property(cases, ({ history, wanted }) => {
      const { patch } = planFields(history, wanted);
      for (const field of names(history.wrote)) {
        const want = wanted[field] ?? history.wrote[field];
        if (want === history.wrote[field]) assert.ok(!(field in patch), field);
      }
    }),
    runs,
  );
});

Deno.test("over what somebody changed nothing is written but a greater count", () => {
  fc.assert(
    fc.property(cases, ({ history: { seen, wrote }, wanted }) => {
      const { patch } = planFields({ seen, wrote, writing: null }, wanted);
      for (const field of names(patch)) {
        const [before, now] = [seen[field], patch[field]];
        if (before === wrote[field]) continue;
        assert.equal(typeof now, "number", field);
        assert.ok(before === null || (Number(before) > 0 && Number(now) > Number(before)));
      }
    }),
    runs,
  );
});

Deno.test("a flag somebody set is lifted by us only where we had set it too", () => {
  fc.assert(
    fc.property(cases, ({ history, wanted }) => {
      const { patch, wrote } = planFields(history, wanted);
      for (const flag of ["revoked", "suspended"] as const) {
        if (patch[flag] === false) assert.equal(history.wrote[flag], true);
        if (history.seen[flag] && !history.wrote[flag]) assert.equal(wrote[flag], false);
      }
    }),
    runs,
  );
});

Deno.test("a change that was announced is as good as made once it is seen", () => {
  fc.assert(
    fc.property(cases, ({ history, wanted }) => {
      const plan = planFields(history, wanted);
      const after = carriedOut(history, plan);
      // Nobody heard of it: the row says only what was to be written.
      const unheard = { ...history, wrote: plan.wrote, writing: plan.patch };
      assert.deepEqual(resolveWriting(unheard, after.seen), { ...after, writing: null });
      // It was never made: what is left to be written is all of it.
      const never = resolveWriting(unheard, history.seen);
      assert.deepEqual(planFields(never, wanted).patch, plan.patch);
      assert.deepEqual(never.writing ?? {}, plan.patch);
    }),
    runs,
  );
});
