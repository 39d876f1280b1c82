import assert from "node:assert/strict";
import { createIds } from "../../../tools/stripe_sandbox/ids.ts";

const ids = createIds({ seed: 7, livemode: false });

Deno.test("ids have Stripe's prefixes, lengths and letters", () => {
  assert.match(ids.of("sub", "a"), /^sub_1[0-9A-Za-z]{23}$/);
  assert.match(ids.of("in", "a"), /^in_1[0-9A-Za-z]{23}$/);
  assert.match(ids.of("il", "a"), /^il_1[0-9A-Za-z]{23}$/);
  assert.match(ids.of("evt", "a"), /^evt_1[0-9A-Za-z]{23}$/);
  assert.match(ids.of("price", "a"), /^price_1[0-9A-Za-z]{23}$/);
  assert.match(ids.of("pi", "a"), /^pi_3[0-9A-Za-z]{23}$/);
  assert.match(ids.of("cus", "a"), /^cus_[0-9A-Za-z]{14}$/);
  assert.match(ids.of("prod", "a"), /^prod_[0-9A-Za-z]{14}$/);
  assert.match(ids.of("si", "a"), /^si_[0-9A-Za-z]{14}$/);
  assert.match(ids.of("cs", "a"), /^cs_test_a1[0-9A-Za-z]{56}$/);
  assert.match(ids.thinEvent("a"), /^evt_test_65[0-9A-Za-z]{44}$/);
});

Deno.test("live mode shows in the ids of sessions and thin events only", () => {
  const live = createIds({ seed: 7, livemode: true });
  assert.match(live.of("cs", "a"), /^cs_live_a1/);
  assert.match(live.thinEvent("a"), /^evt_65/);
  assert.equal(live.of("sub", "a"), ids.of("sub", "a"));
});

Deno.test("an id depends on seed, prefix and name and on nothing else", () => {
  assert.equal(createIds({ seed: 7, livemode: false }).of("sub", "a"), ids.of("sub", "a"));
  assert.notEqual(createIds({ seed: 8, livemode: false }).of("sub", "a"), ids.of("sub", "a"));
  assert.notEqual(ids.of("sub", "b"), ids.of("sub", "a"));
  assert.notEqual(ids.of("in", "a").slice(3), ids.of("sub", "a").slice(4));
});

Deno.test("ten thousand names give ten thousand ids", () => {
  const all = new Set(Array.from({ length: 10_000 }, (_, index) => ids.of("in", `${index}`)));
  assert.equal(all.size, 10_000);
});
