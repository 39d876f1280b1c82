// What an event says, for tests in which it must say something.

import assert from "node:assert/strict";
import { type Facts, readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";

/** The facts in it; anything else fails the test. */
export function factsOf(event: unknown): Facts {
  const { reading } = readEvent(event);
  assert.equal(reading.kind, "facts", JSON.stringify(reading));
  return reading;
}

/** Why it says nothing; facts fail the test. */
export function reasonOf(event: unknown, kind: "ignored" | "parked"): string {
  const { reading } = readEvent(event);
  assert.equal(reading.kind, kind, JSON.stringify(reading));
  return reading.reason;
}
