import assert from "node:assert/strict";
import fc from "fast-check";
import { alertText } from "../../functions/stripe-cryptlex/alert_text.ts";
import { alertEventOf, alertOf } from "./builders/alert_of.ts";

const advice = "What to do about them is in licensing.stuck, in the table viewer.";
const since = new Date("2026-11-02T10:00:30Z");

Deno.test("a parked event is told with its ids, its type and why", () => {
  assert.equal(
    alertText(alertOf()),
    [
      "stripe-cryptlex: an event is parked and needs a person",
      "• evt_1, invoice.paid, sub_1: Cryptlex refused POST /v3/licenses with 400: no such product",
      advice,
    ].join("\n"),
  );
});

Deno.test("of many parked events the first few are told, and how many more there are", () => {
  const events = [1, 2, 3].map((n) => alertEventOf({ eventId: `evt_${n}`, lastError: "no" }));
  assert.equal(
    alertText(alertOf({ parked: 500, events })),
    [
      "stripe-cryptlex: 500 events are parked and need a person",
      "• evt_1, invoice.paid, sub_1: no",
      "• evt_2, invoice.paid, sub_1: no",
      "• evt_3, invoice.paid, sub_1: no",
      "and 497 more",
      advice,
    ].join("\n"),
  );
});

Deno.test("events that wait for too long are told by the oldest", () => {
  const oldest = alertEventOf({ purchaseId: null, lastError: null });
  const late = (count: number) =>
    alertText(alertOf({ parked: 0, events: [], late: { count, since, oldest } }));
  assert.equal(
    late(7),
    [
      "stripe-cryptlex: 7 events wait for over an hour, the oldest since 2026-11-02 10:00 UTC",
      "• evt_1, invoice.paid, no purchase: no attempt yet",
      advice,
    ].join("\n"),
  );
  assert.match(
    late(1),
    /^stripe-cryptlex: an event waits for over an hour, since 2026-11-02 10:00/,
  );
});

Deno.test("parked and late events are one message", () => {
  const late = { count: 1, since, oldest: alertEventOf({ eventId: "evt_late" }) };
  const lines = alertText(alertOf({ late })).split("\n");
  assert.equal(lines.length, 5);
  assert.equal(lines.filter((line) => line === advice).length, 1);
});

Deno.test("an error neither calls everybody, nor looks like another event, nor fills the page", () => {
  const told = (lastError: string) =>
    alertText(alertOf({ events: [alertEventOf({ lastError })] })).split("\n")[1] ?? "";
  assert.match(told("<!channel> a & b"), /: &lt;!channel&gt; a &amp; b$/);
  assert.match(told("one\n• evt_2: two"), /: one • evt_2: two$/);
  assert.equal(told("x".repeat(10_000)).length, 400);
});

Deno.test("no e-mail address gets into a message, wherever an error has it", () => {
  const text = fc.string({ maxLength: 450 });
  fc.assert(fc.property(text, text, fc.boolean(), (before, after, isLate) => {
    const event = alertEventOf({ lastError: `${before} ada@example.com ${after}` });
    const said = alertText(
      isLate
        ? alertOf({ parked: 0, events: [], late: { count: 1, since, oldest: event } })
        : alertOf({ events: [event] }),
    );
    assert.doesNotMatch(said, /ada@/);
    assert.doesNotMatch(said, /example\.com/);
  }));
});
