import assert from "node:assert/strict";
import Stripe from "stripe";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { otherModeReason } from "../../../functions/stripe-cryptlex/livemode.ts";
import type { CallDoor } from "../../../tools/operator/call_doors.ts";
import { proveArrival, testEventId } from "../../../tools/setup/test_event.ts";

const id = "evt_setup_1";
const secret = "whsec_of_the_endpoint";
const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const now = new Date("2026-11-24T12:00:00Z");

type Row = { status: string; outcome: string | null };

/** `answers`: the function's, the last for good, 0 for none; `rows`: what the ledger shows likewise. */
async function prove(
  { answers = [200], rows, secret: given = secret, mode = "test" }: {
    answers?: number[];
    rows: (Row | null)[];
    secret?: string | null;
    mode?: "live" | "test";
  },
) {
  const posted: Request[] = [];
  const waited: number[] = [];
  const next = <T>(list: T[]) => list.length > 1 ? list.shift() : list[0];
  const door = ((name: string, request: Record<string, unknown>) => {
    assert.equal(name, "explain_purchases");
    assert.match(String(request.id), new RegExp(`^${id}`));
    const row = next(rows);
    return Promise.resolve({ events: { rows: row ? [row] : [] } });
  }) as CallDoor;
  const finding = await proveArrival(id, {
    functionUrl,
    mode,
    secret: given,
    door,
    tools: {
      fetch: ((input: string, init: RequestInit) => {
        posted.push(new Request(input, init));
        const status = next(answers) ?? 0;
        return status === 0
          ? Promise.reject(new TypeError("nobody there"))
          : Promise.resolve(new Response("", { status }));
      }) as typeof fetch,
      now: () => now,
      wait: (ms) => {
        waited.push(ms);
        return Promise.resolve();
      },
    },
  });
  return { finding, posted, waited };
}

const ignored = { status: "ignored", outcome: "it says nothing" };

Deno.test("a test event is signed as Stripe signs, and one that the function ignores", async () => {
  const { finding, posted: [request] } = await prove({ rows: [null, ignored] });
  assert.equal(finding.state, "ok", finding.found);
  assert.match(finding.found, /evt_setup_1 arrived in licensing\.stripe_events, ignored/);
  assert.ok(request);
  assert.equal(request.url, functionUrl);
  const event = await Stripe.webhooks.constructEventAsync(
    await request.text(),
    request.headers.get("stripe-signature") ?? "",
    secret,
    300,
    undefined,
    now.getTime(),
  );
  assert.deepEqual([event.id, event.livemode], [id, false]);
  assert.equal(readEvent(event).reading.kind, "ignored");
});

Deno.test("it is of the mode that is set up, so that a function of that mode alone takes it", async () => {
  for (const mode of ["live", "test"] as const) {
    const { posted: [request] } = await prove({ rows: [null, ignored], mode });
    const { livemode } = await request?.json();
    assert.equal(livemode, mode === "live");
    const said = { status: "ignored", outcome: otherModeReason(livemode) };
    const { finding } = await prove({ rows: [null, said], mode });
    assert.equal(finding.state, "ok", "said of the other mode's events, it is none of ours");
  }
});

Deno.test("a function that acts on the other mode only fails it, with the cure, then and later", async () => {
  for (const mode of ["live", "test"] as const) {
    const row = { status: "ignored", outcome: otherModeReason(mode !== "live") };
    for (
      const [rows, secret] of [[[null, row], "whsec_1"], [[row], "whsec_1"], [[row], null]] as const
    ) {
      const { finding, posted } = await prove({ rows: [...rows], secret, mode });
      assert.equal(posted.length, secret === null ? 0 : 1);
      assert.equal(finding.state, "failed");
      assert.match(finding.found, new RegExp(`everything of ${mode} mode is ignored`));
      assert.match(finding.cure ?? "", new RegExp(`STRIPE_SECRET_KEY=rk_${mode}_…`));
    }
  }
});

Deno.test("once its key was mended another one is sent, and taken", async () => {
  const row = { status: "ignored", outcome: otherModeReason(true) };
  const { finding, posted: [request] } = await prove({ rows: [row, ignored] });
  assert.equal(finding.state, "ok", finding.found);
  assert.match((await request?.json()).id, /^evt_setup_1_\d+$/);
});

Deno.test("until the function and its secret are everywhere it is sent again, and then watched", async () => {
  const { finding, posted, waited } = await prove({
    answers: [404, 503, 400, 0, 200],
    rows: [null, null, { status: "pending", outcome: null }, ignored],
  });
  assert.equal(finding.state, "ok", finding.found);
  assert.equal(posted.length, 5);
  assert.equal(waited.length, 6);
});

Deno.test("it gives up within a minute, and says what it saw", async () => {
  for (
    const [broken, found] of [
      [{ answers: [400], rows: [null] }, /never taken: .* 400$/],
      [{ answers: [0], rows: [null] }, /no answer$/],
      [{ rows: [null] }, /answered 200, and .* it is not there$/],
      [{ rows: [null, { status: "pending", outcome: null }] }, /it is pending$/],
    ] as const
  ) {
    const { finding, waited } = await prove(structuredClone(broken) as never);
    assert.equal(finding.state, "failed");
    assert.match(finding.found, found);
    assert.ok(waited.reduce((sum, ms) => sum + ms, 0) <= 60_000);
  }
});

Deno.test("one that arrived before is not sent again, and without a secret none is", async () => {
  const again = await prove({ rows: [ignored] });
  assert.equal(again.finding.state, "ok");
  assert.deepEqual(again.posted, []);
  const unsigned = await prove({ rows: [null], secret: null });
  assert.equal(unsigned.finding.state, "skipped");
  assert.match(unsigned.finding.cure ?? "", /--signing-secret/);
  assert.deepEqual(unsigned.posted, []);
});

Deno.test("the same endpoint, function and key have the same test event", async () => {
  const ids = await Promise.all([
    testEventId("we_1", { deployed: "a", keyDigest: "" }),
    testEventId("we_1", { deployed: "a", keyDigest: "" }),
    testEventId("we_2", { deployed: "a", keyDigest: "" }),
    testEventId("we_1", { deployed: "b", keyDigest: "" }),
    testEventId("we_1", { deployed: "a", keyDigest: "k" }),
  ]);
  assert.equal(ids[0], ids[1]);
  assert.equal(new Set(ids).size, 4);
  assert.match(ids[0] ?? "", /^evt_setup_\w+$/);
});
