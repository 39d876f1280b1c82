import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { LedgerError } from "../../functions/stripe-cryptlex/ledger.ts";
import type { LogEntry } from "../../functions/stripe-cryptlex/log.ts";
import { createSchedule } from "../../functions/stripe-cryptlex/schedule.ts";

const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const digestOf = (text: string) => createHash("sha256").update(text).digest();

/** A schedule and the database it talks to: `announced` are the URLs that one was told. */
function scheduleWith(options: { functionUrl?: string | null } = {}) {
  const database = { secret: "first", isDown: false, announced: [] as (string | null)[] };
  const clock = { ms: 1_000_000 };
  const logged: LogEntry[] = [];
  const schedule = createSchedule({
    announce(url) {
      database.announced.push(url);
      if (database.isDown) return Promise.reject(new LedgerError("announce_function", null));
      return Promise.resolve(digestOf(database.secret).toString("hex"));
    },
  }, { functionUrl, log: (entry) => logged.push(entry), nowMs: () => clock.ms, ...options });
  return { schedule, database, clock, logged };
}

Deno.test("where the function is is announced once", async () => {
  const { schedule, database, clock } = scheduleWith();
  await Promise.all([schedule.announce(), schedule.announce()]);
  clock.ms += 3_600_000;
  await schedule.announce();
  assert.deepEqual(database.announced, [functionUrl]);
});

Deno.test("an announcement that failed is made again with the next request, and logged", async () => {
  const { schedule, database, logged } = scheduleWith();
  database.isDown = true;
  await schedule.announce();
  await schedule.announce();
  database.isDown = false;
  await schedule.announce();
  await schedule.announce();
  assert.deepEqual(database.announced, [functionUrl, functionUrl, functionUrl]);
  assert.deepEqual(logged.map(({ action }) => action), ["announce", "announce"]);
});

Deno.test("where nobody can tell where the function is nothing is announced", async () => {
  const { schedule, database } = scheduleWith({ functionUrl: null });
  await schedule.announce();
  assert.deepEqual(database.announced, []);
});

Deno.test("the secret is asked for on its own where there is nothing to announce", async () => {
  const { schedule, database } = scheduleWith({ functionUrl: null });
  assert.deepEqual(new Uint8Array(await schedule.drainSecretDigest()), bytesOf("first"));
  assert.deepEqual(database.announced, [null]);
});

Deno.test("the secret is asked for with the announcement, and once a minute at most", async () => {
  const { schedule, database, clock } = scheduleWith();
  await schedule.announce();
  database.secret = "second";
  clock.ms += 59_999;
  assert.deepEqual(new Uint8Array(await schedule.drainSecretDigest()), bytesOf("first"));
  assert.equal(database.announced.length, 1);
  clock.ms += 1;
  const several = [schedule.drainSecretDigest(), schedule.drainSecretDigest()];
  for (const digest of await Promise.all(several)) {
    assert.deepEqual(new Uint8Array(digest), bytesOf("second"));
  }
  assert.equal(database.announced.length, 2);
});

Deno.test("a secret that cannot be asked for is an error, and asked for again", async () => {
  const { schedule, database, clock } = scheduleWith();
  await schedule.announce();
  clock.ms += 60_000;
  database.isDown = true;
  await assert.rejects(schedule.drainSecretDigest(), LedgerError);
  database.isDown = false;
  assert.deepEqual(new Uint8Array(await schedule.drainSecretDigest()), bytesOf("first"));
});

function bytesOf(secret: string): Uint8Array {
  return new Uint8Array(digestOf(secret));
}
