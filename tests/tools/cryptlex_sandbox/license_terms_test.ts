// A licence's dates: first expiry, renewal, exact date, interval.

import assert from "node:assert/strict";
import type { SandboxLicense, SandboxSwitches } from "../../../tools/cryptlex_sandbox/sandbox.ts";
import { createSandboxClient, licenseBody } from "./sandbox_client.ts";

const LICENSES = "/v3/licenses";
const stamp = (date: string) => `${date}.0000000Z`;

async function created(change: Record<string, unknown>, switches: Partial<SandboxSwitches> = {}) {
  const { send } = createSandboxClient({ switches });
  const { status, body } = await send<SandboxLicense>("POST", LICENSES, licenseBody(change));
  assert.equal(status, 201);
  return [body.expiresAt, body.perpetual, body.subscriptionInterval];
}

Deno.test("a new licence's month is clamped to the month's end", async () => {
  const month = await created({ subscriptionInterval: "P1M" });
  assert.deepEqual(month, [stamp("2026-02-28T12:00:00"), false, "P1M"]);
});

Deno.test("an empty interval makes a licence perpetual", async () => {
  assert.deepEqual(await created({ subscriptionInterval: "" }), [null, true, null]);
});

Deno.test("a date asked for wins over the interval and over its absence", async () => {
  const expiresAt = "2026-03-01T01:00:00+01:00";
  const date = stamp("2026-03-01T00:00:00");
  assert.deepEqual(await created({ expiresAt }), [date, false, "P1Y"]);
  assert.deepEqual(await created({ expiresAt, subscriptionInterval: "" }), [date, false, null]);
});

Deno.test("an imported licence counts from its creation, or from its effective date by switch", async () => {
  const dates = { createdAt: "2025-05-06T00:00:00Z", effectiveDate: "2025-06-01T00:00:00Z" };
  assert.equal((await created(dates))[0], stamp("2026-05-06T00:00:00"));
  const switched = await created(dates, { intervalStartsAt: "effectiveDate" });
  assert.equal(switched[0], stamp("2026-06-01T00:00:00"));
});

Deno.test("every renewal adds one interval to the date, and the day of the month drifts", async () => {
  const { send, sandbox } = createSandboxClient();
  const license = sandbox.seedLicense({
    subscriptionInterval: "P1M",
    expiresAt: stamp("2027-01-31T00:00:00"),
    suspended: true,
  });
  const dates = [];
  for (const _ of [1, 2]) {
    const path = `${LICENSES}/${license.id}/renew`;
    const { status, body } = await send<SandboxLicense>("POST", path);
    assert.deepEqual([status, body.suspended], [200, true]);
    dates.push(body.expiresAt);
  }
  assert.deepEqual(dates, [stamp("2027-02-28T00:00:00"), stamp("2027-03-28T00:00:00")]);
});

Deno.test("renewing an expired licence counts from the old date, or from now by switch", async () => {
  const renewed = async (renewExpired: SandboxSwitches["renewExpired"], expiresAt: string) => {
    const { send, sandbox } = createSandboxClient({ switches: { renewExpired } });
    const { id } = sandbox.seedLicense({ subscriptionInterval: "P1M", expiresAt });
    return (await send<SandboxLicense>("POST", `${LICENSES}/${id}/renew`)).body.expiresAt;
  };
  const [past, future] = [stamp("2025-06-30T00:00:00"), stamp("2026-02-01T00:00:00")];
  assert.equal(await renewed("from_old_date", past), stamp("2025-07-30T00:00:00"));
  assert.equal(await renewed("from_now", past), stamp("2026-02-28T12:00:00"));
  assert.equal(await renewed("from_now", future), stamp("2026-03-01T00:00:00"));
});

Deno.test("a licence with no date or no interval is not renewed; the status is a switch", async () => {
  for (const renewWithoutExpiry of [400, 409] as const) {
    const { send, sandbox } = createSandboxClient({ switches: { renewWithoutExpiry } });
    const seeds = [
      sandbox.seedLicense({ expiresAt: null }),
      sandbox.seedLicense({ expiresAt: null, perpetual: false }),
      sandbox.seedLicense({ subscriptionInterval: null }),
    ];
    for (const before of seeds) {
      const { status } = await send("POST", `${LICENSES}/${before.id}/renew`);
      assert.equal(status, renewWithoutExpiry);
    }
    assert.deepEqual(sandbox.licenses(), seeds);
  }
});

Deno.test("a revoked licence is not renewed, unless the switch allows it", async () => {
  for (const renewRevoked of ["refused", "renews"] as const) {
    const { send, sandbox } = createSandboxClient({ switches: { renewRevoked } });
    const { id } = sandbox.seedLicense({ revoked: true });
    const { status } = await send("POST", `${LICENSES}/${id}/renew`);
    assert.equal(status, renewRevoked === "refused" ? 400 : 200);
  }
});

Deno.test("the exact date is absolute: twice is once, earlier is allowed, null is perpetual", async () => {
  const { send, sandbox } = createSandboxClient();
  const path = `${LICENSES}/${sandbox.seedLicense().id}/expires-at`;
  const set = async (body: unknown) => {
    const reply = await send<SandboxLicense>("PATCH", path, body);
    assert.equal(reply.status, 200);
    return [reply.body.expiresAt, reply.body.perpetual];
  };
  const date = { expiresAt: "2026-02-03T04:05:06.7891234Z" };
  assert.deepEqual(await set(date), ["2026-02-03T04:05:06.7890000Z", false]);
  assert.deepEqual(await set(date), ["2026-02-03T04:05:06.7890000Z", false]);
  assert.deepEqual(await set({ expiresAt: "2020-01-01T00:00:00Z" }), [
    stamp("2020-01-01T00:00:00"),
    false,
  ]);
  assert.deepEqual(await set({ expiresAt: null }), [null, true]);
  assert.deepEqual(await set(date), ["2026-02-03T04:05:06.7890000Z", false]);
  assert.deepEqual(await set({}), [null, true]);
  assert.equal((await send("PATCH", path, { expiresAt: "soon" })).status, 400);
});

Deno.test("a past date is refused when the switch says so, on creation too", async () => {
  const { send, sandbox } = createSandboxClient({ switches: { pastExpiresAt: "refused" } });
  const { id } = sandbox.seedLicense();
  const past = { expiresAt: "2026-01-31T11:59:59Z" };
  const future = { expiresAt: "2026-01-31T12:00:01Z" };
  assert.equal((await send("PATCH", `${LICENSES}/${id}/expires-at`, past)).status, 400);
  assert.equal((await send("POST", LICENSES, licenseBody(past))).status, 400);
  assert.equal((await send("PATCH", `${LICENSES}/${id}/expires-at`, future)).status, 200);
});

Deno.test("a new interval leaves the date, or moves it by switch", async () => {
  for (const subscriptionPatch of ["keeps_expiry", "moves_expiry"] as const) {
    const { send, sandbox } = createSandboxClient({ switches: { subscriptionPatch } });
    const { id, expiresAt } = sandbox.seedLicense();
    const { status, body } = await send<SandboxLicense>("PATCH", `${LICENSES}/${id}/subscription`, {
      subscriptionInterval: "P1M",
    });
    assert.deepEqual([status, body.subscriptionInterval], [200, "P1M"]);
    const moved = stamp("2026-02-28T12:00:00");
    assert.equal(body.expiresAt, subscriptionPatch === "keeps_expiry" ? expiresAt : moved);
  }
});

Deno.test("a new interval is required and must be one; empty leaves none", async () => {
  const { send, sandbox } = createSandboxClient();
  const path = `${LICENSES}/${sandbox.seedLicense().id}/subscription`;
  assert.equal((await send("PATCH", path, {})).status, 400);
  assert.equal((await send("PATCH", path, { subscriptionInterval: null })).status, 400);
  assert.equal((await send("PATCH", path, { subscriptionInterval: "P" })).status, 400);
  const { body } = await send<SandboxLicense>("PATCH", path, {
    subscriptionInterval: "",
    subscriptionStartTrigger: "activation",
  });
  assert.equal(body.subscriptionInterval, null);
  assert.equal(body.subscriptionStartTrigger, "activation");
});
