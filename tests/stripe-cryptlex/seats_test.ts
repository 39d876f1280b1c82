import assert from "node:assert/strict";
import {
  countsOf,
  ignoredSeats,
  type Seats,
  unitsOf,
} from "../../functions/stripe-cryptlex/seats.ts";

const seatsOf = (mode: Seats["mode"], perUnit = 1): Seats => ({ mode, perUnit });
const modes = ["ignore", "activations", "floating_clients", "licenses"] as const;

Deno.test("a unit is a license where licenses are sold, elsewhere all units are one", () => {
  const units = modes.map((mode) => [1, 2, 5].map((n) => unitsOf(seatsOf(mode), n)));
  assert.deepEqual(units, [[1, 1, 1], [1, 1, 1], [1, 1, 1], [1, 2, 5]]);
});

Deno.test("where nobody says how many there are, or that there are none, it is one", () => {
  for (const mode of modes) {
    for (const quantity of [null, 0, -1]) assert.equal(unitsOf(seatsOf(mode), quantity), 1);
  }
});

Deno.test("units count as activations or as floating clients, so many a unit", () => {
  assert.deepEqual(countsOf(seatsOf("activations", 3), 4), { allowedActivations: 12 });
  assert.deepEqual(countsOf(seatsOf("floating_clients", 2), 5), { allowedFloatingClients: 10 });
});

Deno.test("where the quantity means nothing, or licenses, the template's counts stay", () => {
  assert.deepEqual(countsOf(ignoredSeats, 4), {});
  assert.deepEqual(countsOf(seatsOf("licenses", 3), 4), {});
});

Deno.test("an unknown quantity says nothing, and no quantity ever says unlimited", () => {
  for (const mode of modes) {
    for (const quantity of [null, 0, -1]) {
      assert.deepEqual(countsOf(seatsOf(mode, 2), quantity), {}, `${mode} of ${quantity}`);
    }
  }
});

Deno.test("more than Cryptlex can count is as much as it can", () => {
  const most = 2_147_483_647;
  assert.deepEqual(countsOf(seatsOf("activations", 1000), 5_000_000), { allowedActivations: most });
  assert.deepEqual(countsOf(seatsOf("activations"), most), { allowedActivations: most });
});
