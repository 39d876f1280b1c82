import assert from "node:assert/strict";
import fc from "fast-check";
import { readSelection } from "../../../tools/replay/read_selection.ts";
import { UsageError } from "../../../tools/run_command.ts";

const now = new Date("2026-11-24T12:00:00Z");

type Words = Parameters<typeof readSelection>[0];
const read = (words: Partial<Words>) =>
  readSelection({ ids: [], parked: false, since: undefined, ...words }, now);
const since = (text: string) => {
  const selection = read({ since: text });
  assert.ok(selection.kind === "since");
  return selection.since.toISOString();
};

Deno.test("events are meant by id, each once, by being parked, or by when they came", () => {
  assert.deepEqual(read({ ids: ["evt_1A", "evt_test_2", "evt_1A"] }), {
    kind: "ids",
    ids: ["evt_1A", "evt_test_2"],
  });
  assert.deepEqual(read({ parked: true }), { kind: "parked" });
  assert.equal(read({ since: "1h" }).kind, "since");
});

Deno.test("a duration counts back from now", () => {
  assert.equal(since("90s"), "2026-11-24T11:58:30.000Z");
  assert.equal(since("90m"), "2026-11-24T10:30:00.000Z");
  assert.equal(since("12h"), "2026-11-24T00:00:00.000Z");
  assert.equal(since("3d"), "2026-11-21T12:00:00.000Z");
  assert.equal(since("2w"), "2026-11-10T12:00:00.000Z");
});

Deno.test("a date is the beginning of that day in UTC, an instant says its own zone", () => {
  assert.equal(since("2026-11-20"), "2026-11-20T00:00:00.000Z");
  assert.equal(since("2026-11-20T09:30:00Z"), "2026-11-20T09:30:00.000Z");
  assert.equal(since("2026-11-20T09:30:00+02:00"), "2026-11-20T07:30:00.000Z");
});

Deno.test("what is no time, or no time in the past, is refused with the forms there are", () => {
  const wrong = [
    ...["yesterday", "", "3", "d", "3 d", "-3d", "3.5h", "1e3h", "3y"],
    ...["2026-02-30", "2026-11-31", "20261120", "2026-11-20T09:30:00", "2026-11-20 09:30"],
  ];
  for (const text of wrong) {
    assert.throws(() => since(text), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(
        error.message,
        /^--since is neither a duration \(90m, .* 2026-11-20T09:30:00Z\)/,
      );
      assert.ok(error.message.endsWith(`: ${text}`));
      return true;
    });
  }
  for (const text of ["0d", "2026-11-24T12:00:00Z", "2026-11-25"]) {
    assert.throws(() => since(text), /^UsageError: --since is not in the past/);
  }
});

Deno.test("any duration in the past is a valid time, however long ago", () => {
  const duration = fc.tuple(fc.integer({ min: 1, max: 999_999 }), fc.constantFrom(..."smhdw"));
  fc.assert(fc.property(duration, ([count, unit]) => {
    assert.match(since(`${count}${unit}`), /^(19[7-9]|20[0-2])\d-/);
  }));
});

Deno.test("nothing, and more than one way at once, are refused", () => {
  for (
    const words of [
      {},
      { ids: ["evt_1"], parked: true },
      { ids: ["evt_1"], since: "1h" },
      { parked: true, since: "1h" },
      { ids: ["evt_1"], parked: true, since: "1h" },
    ]
  ) assert.throws(() => read(words), /^UsageError: Say which events: .* one of the three/);
});

Deno.test("an id of anything but an event is refused", () => {
  for (const id of ["sub_1", "evt_", "evt", "EVT_1", "evt_1,evt_2", "xevt_1", "evt_1\n"]) {
    assert.throws(() => read({ ids: ["evt_1", id] }), /^UsageError: Not the id of a Stripe event/);
  }
});
