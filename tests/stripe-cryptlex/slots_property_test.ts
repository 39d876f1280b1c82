// What holds of slots whatever is bought, changed, taken out and bought again.

import assert from "node:assert/strict";
import fc from "fast-check";
import { isLiving, type KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { ignoredSeats } from "../../functions/stripe-cryptlex/seats.ts";
import type { Target } from "../../functions/stripe-cryptlex/targets.ts";
import { endedAt, type Settled, settleSlots } from "./builders/slots_settled.ts";
import { licenseSeats, targetOf } from "./builders/target_of.ts";

/** What each price buys; null: nothing maps it. */
const products = {
  price_a: "product-a",
  price_a2: "product-a",
  price_b: "product-b",
  price_none: null,
} as const;

const bought: fc.Arbitrary<Target[]> = fc.uniqueArray(
  fc.record({
    itemId: fc.constantFrom("si_1", "si_2", "si_3"),
    priceId: fc.constantFrom(...Object.keys(products) as (keyof typeof products)[]),
    quantity: fc.integer({ min: 1, max: 4 }),
    seats: fc.constantFrom(licenseSeats, ignoredSeats),
  }),
  { selector: ({ itemId }) => itemId, maxLength: 3 },
).map((items) =>
  items.sort((a, b) => (a.itemId < b.itemId ? -1 : 1)).map(({ priceId, ...item }) =>
    targetOf(products[priceId], { ...item, priceId, productId: null })
  )
);

/** One purchase after another change of it; somebody may delete a license in between. */
const lives = fc.array(
  fc.record({ targets: bought, deletes: fc.option(fc.nat(5), { freq: 4 }) }),
  { minLength: 1, maxLength: 6 },
);

/** After each change: what was known before, and what became of it. */
function played(
  life: readonly { targets: Target[]; deletes: number | null }[],
): { targets: readonly Target[]; before: readonly KnownLicense[]; settled: Settled }[] {
  let known: readonly KnownLicense[] = [];
  return life.map(({ targets, deletes }) => {
    const before = known.map((license, i) =>
      i === deletes && license.endedAt === null ? { ...license, goneAt: endedAt } : license
    );
    const settled = settleSlots(targets, before);
    known = settled.known;
    return { targets, before, settled };
  });
}

function holds(
  check: (step: ReturnType<typeof played>[number]) => void,
  { deletes = true } = {},
): void {
  fc.assert(
    fc.property(lives, (life) => {
      const known = deletes ? life : life.map((step) => ({ ...step, deletes: null }));
      played(known).forEach(check);
    }),
    { numRuns: 1000 },
  );
}

Deno.test("while nothing is deleted, the same again changes nothing", () => {
  holds(
    ({ targets, settled }) => assert.deepEqual(settleSlots(targets, settled.known).changes, []),
    { deletes: false },
  );
});

Deno.test("whatever is deleted, there is an end to changes", () => {
  holds(({ targets, settled }) => {
    const { known } = settleSlots(targets, settled.known);
    assert.deepEqual(settleSlots(targets, known).changes, []);
  });
});

Deno.test("no slot is given twice, and each is of the product it is named after", () => {
  holds(({ settled: { slots, known } }) => {
    const names = slots.map(({ slot }) => slot);
    assert.equal(new Set(names).size, names.length);
    for (const { slot, terms } of slots) assert.ok(slot.startsWith(`${terms.productId}/`));
    for (const { slot, cryptlexProductId } of known) {
      assert.ok(slot.startsWith(`${cryptlexProductId}/`));
    }
  });
});

Deno.test("there are as many licenses as are wanted, but for those that were deleted", () => {
  holds(({ settled: { slots, known } }) => {
    const living = known.filter(isLiving).map(({ slot }) => slot);
    const gone = known.filter(({ goneAt }) => goneAt !== null).map(({ slot }) => slot);
    const wanted = slots.map(({ slot }) => slot).filter((slot) => !gone.includes(slot));
    assert.deepEqual(living.sort(), wanted.sort());
  });
});

Deno.test("every item that is mapped has its licenses, one a unit where that is sold", () => {
  holds(({ targets, settled: { slots, unmapped } }) => {
    for (const target of targets) {
      const given = slots.filter((slot) => slot.target.itemId === target.itemId);
      if (unmapped.includes(target)) {
        assert.deepEqual([given, target.terms], [[], null]);
        continue;
      }
      const units = given[0]?.seats.mode === "licenses" ? target.quantity : 1;
      assert.equal(given.length, units);
    }
  });
});

Deno.test("what is made has no license of its item and product left to be taken up instead", () => {
  holds(({ settled: { slots, changes, known } }) => {
    for (const { slot, terms, target } of slots) {
      if (!changes.includes(`create ${slot}`)) continue;
      const idle = known.filter((license) =>
        license.cryptlexProductId === terms.productId && license.stripeItemId === target.itemId &&
        license.endedAt !== null && license.goneAt === null
      );
      assert.deepEqual(idle, []);
    }
  });
});

Deno.test("nothing takes the place of two, and only what ends is replaced", () => {
  holds(({ settled: { slots, known } }) => {
    const replaced = slots.map(({ replaces }) => replaces).filter((slot) => slot !== null);
    assert.equal(new Set(replaced).size, replaced.length);
    for (const slot of replaced) {
      assert.ok(known.filter((one) => one.slot === slot).every((one) => !isLiving(one)));
    }
  });
});
