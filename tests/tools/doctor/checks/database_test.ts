import assert from "node:assert/strict";
import {
  checkDatabase,
  checkEvents,
  checkModes,
} from "../../../../tools/doctor/checks/database.ts";
import { diagnosed, doors, examOf, health, provoked, type World } from "../healthy.ts";

const both = (status: number, body: unknown = {}): World => ({
  [doors.health]: { status, body },
  [doors.diagnose]: { status, body },
});

provoked("database", checkDatabase, {
  "no answer": {
    broken: { world: both(0) },
    name: "database",
    found: /^it answers no answer$/,
    cure: /SUPABASE_URL right\? A paused project/,
  },
  "a wrong key": {
    broken: { world: both(401) },
    name: "database",
    found: /401/,
    cure: /must be the project's secret key/,
  },
  "no migration at all": {
    broken: { world: both(404, { code: "PGRST202", message: "ada@example.com" }) },
    name: "database",
    found: /^it answers 404 PGRST202$/,
    cure: /supabase db push --remote/,
  },
  "an error": {
    broken: { world: both(500) },
    name: "database",
    found: /500/,
    cure: /database's log/,
  },
  "older migrations": {
    broken: { world: { [doors.diagnose]: { status: 404, body: { code: "PGRST202" } } } },
    name: "migrations",
    found: /newest door answers 404 PGRST202/,
    cure: /^supabase db push --remote$/,
  },
});

const told = (changes: Partial<Record<keyof typeof health, unknown>>): World => ({
  [doors.health]: { status: 200, body: { ...health, ...changes } },
});
const since = "2026-11-24T10:00:00Z";

provoked("events", checkEvents, {
  "some are parked": {
    broken: { world: { ...told({ parked: 2 }), ...diagnosed({ oldest_parked: since }) } },
    name: "parked events",
    found: /^2 events for a person, since 2026-11-24 10:00Z$/,
    cure: /licensing\.stuck.*deno task replay --parked/,
  },
  "some have waited for long": {
    broken: { world: told({ pending: 1, oldest_pending: since }) },
    name: "waiting events",
    found: /^1 event, the oldest since 2026-11-24 10:00Z$/,
    cure: /licensing\.stuck/,
  },
  "Cryptlex refuses the function": {
    broken: { world: told({ token_refused_since: since }) },
    name: "function's keys",
    found: /^Cryptlex refuses the function's token since/,
    cure: /secrets set CRYPTLEX_ACCESS_TOKEN/,
  },
  "Stripe refuses the function": {
    broken: { world: told({ stripe_refused_since: since }) },
    name: "function's keys",
    found: /^Stripe refuses/,
    cure: /secrets set STRIPE_SECRET_KEY/,
  },
  "Stripe knows nothing": {
    broken: { world: told({ stripe_not_found_since: since }) },
    name: "function's keys",
    found: /^Stripe does not know/,
    cure: /account and mode/,
  },
});

provoked("modes", checkModes, {
  "both make licenses": {
    broken: {
      env: { STRIPE_SECRET_KEY: "" },
      world: diagnosed({ modes: { live: 1, test: 2 } }),
    },
    name: "test and live",
    found: /1 live, 2 test: both make licenses/,
    cure: /set STRIPE_SECRET_KEY/,
  },
  "the key is of the other mode": {
    broken: { world: diagnosed({ modes: { live: 5, test: 0 } }) },
    name: "test and live",
    found: /the key is of test mode, so all are ignored/,
    cure: /of one mode/,
  },
});

Deno.test("events that wait for less than an hour, or are held, are as they should be", async () => {
  const recent = "2026-11-24T11:30:00Z";
  const { exam } = examOf({ world: told({ pending: 3, oldest_pending: recent, held: 1 }) });
  const waiting = (await checkEvents(exam)).find(({ name }) => name === "waiting events");
  assert.deepEqual([waiting?.state, waiting?.found], [
    "ok",
    "3, and 1 held by a rehearsal (RECORD_ONLY)",
  ]);
});

Deno.test("what the database does not tell is not looked at", async () => {
  const world = { [doors.diagnose]: { status: 404 } };
  for (const check of [checkEvents, checkModes]) {
    assert.deepEqual((await check(examOf({ world }).exam)).map(({ state }) => state), ["skipped"]);
  }
});
