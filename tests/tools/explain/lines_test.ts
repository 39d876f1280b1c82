import assert from "node:assert/strict";
import { explain } from "../../../tools/explain/explanation.ts";
import { explanationLines, listLines } from "../../../tools/explain/lines.ts";
import type { Style } from "../../../tools/terminal.ts";
import { knownLicense, licenseFields } from "../../stripe-cryptlex/builders/known_license.ts";
import { policyWith } from "../../stripe-cryptlex/builders/policy_with.ts";
import {
  chargeWith,
  itemWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
} from "../../stripe-cryptlex/builders/purchase_with.ts";
import { detailOf, later, ledgerNow, madeCall, now, toldEvent, unsettled } from "./detail_of.ts";
import { situations } from "./situations.ts";

const same = (text: string) => text;
const style: Style = { bold: same, dim: same, red: same, green: same, yellow: same };
const policy = policyWith();
const page = { width: 80, style };

const linesOf = (detail: ReturnType<typeof detailOf>, ledger = ledgerNow()) =>
  explanationLines(explain(detail, { policy, ledger }), { policy, ledger, ...page });

Deno.test("one purchase is told in the order of what happened, and ends with the answer", () => {
  const refusal = "Cryptlex refused POST /v3/licenses with 404: The product does not exist.";
  const lines = linesOf(detailOf({
    purchase: {
      items: { si_1: itemWith({ quantity: 3 }) },
      sessions: { cs_1: sessionWith() },
      subscription: said(snapshotWith({ si_1: { quantity: 3 } })),
    },
    events: [
      toldEvent({
        eventId: "evt_0",
        eventType: "checkout.session.completed",
        outcome: "waits for the first invoice",
      }),
      unsettled("parked", refusal),
    ],
    actions: [
      madeCall({ action: "create_user", licenseId: null }),
      madeCall({ status: 404, error: refusal, licenseId: null, ms: 1200 }),
      madeCall({ action: "get_license", status: null, error: "no answer came" }),
    ],
    lastError: refusal,
  }));
  assert.equal(
    lines.join("\n"),
    `sub_1, first told of 2026-11-02 10:00:00, UTC

What Stripe told
  2026-11-02 10:00:00  checkout.session.completed  applied
    evt_0: waits for the first invoice
  2026-11-02 10:00:00  invoice.paid                parked
    evt_1: Cryptlex refused POST /v3/licenses with 404: The product does not
    exist.

What is known
  buyer     ada@example.com
  customer  cus_1
  session   paid, cs_1
  item      price_a x 3, paid through 2026-12-02 10:00; si_1
  status    active, as of 2026-11-02 10:00

Licenses, as the ledger knows them
  none

What should be
  a license of product product-a, until 2026-12-05
  would make sure of a license of product product-a, until 2026-12-05
  decided by CRYPTLEX_PRODUCT_ID product-a, RENEWAL_GRACE_DAYS 3, ON_CANCEL
  revoke, ON_REFUND revoke, ON_DISPUTE suspend

Calls to Cryptlex
  2026-11-02 10:00:00  create_user     201        120 ms
  2026-11-02 10:00:00  create_license  404        1.2 s
    Cryptlex refused POST /v3/licenses with 404: The product does not exist.
  2026-11-02 10:00:00  get_license     no answer  120 ms
    no answer came

What is next
  nothing of itself: it needs a person

Parked since 2026-11-02 10:00: Cryptlex refused POST /v3/licenses with 404: The
product does not exist. Mend the plan, or the metadata in Stripe, or what they
name in Cryptlex, then: deno task replay evt_1`,
  );
});

Deno.test("refunds, disputes, seats and ends are told in words", () => {
  const text = linesOf(detailOf({
    purchase: {
      items: { si_1: itemWith() },
      charges: { pi_1: chargeWith({ refunded: 400 }), pi_2: chargeWith() },
      disputes: { du_1: { status: "under_review", createdAt: saidAt } },
      trialThrough: saidAt,
      ended: true,
    },
    claim: {
      joinedIds: ["pi_1"],
      licenses: [
        knownLicense({
          origin: "adopted",
          seen: licenseFields({ suspended: true, allowedActivations: 5 }),
          perpetual: true,
          expiresAt: null,
        }),
        knownLicense({ licenseId: "license-2", slot: "product-a/2", goneAt: later(-60) }),
      ],
    },
  })).join("\n");
  for (
    const line of [
      "also      pi_1",
      "trial     through 2026-11-02 10:00",
      "refund    400 of 9900 went back, in cents or the like; pi_1",
      "dispute   under_review, opened 2026-11-02 10:00; du_1",
      "ended     the subscription is over",
      "license-1  perpetual         suspended by hand",
      "  slot product-a/1; 5 activations; found in Cryptlex",
      "license-2  until 2026-12-05  deleted in Cryptlex, 2026-11-02",
    ]
  ) assert.ok(text.includes(`\n  ${line}\n`), `${line}\n\n${text}`);
  assert.ok(!text.includes("pi_2"));
});

Deno.test("what is next is told with its times", () => {
  const next = (...[detail, ledger]: Parameters<typeof linesOf>) => {
    const lines = linesOf(detail, ledger);
    const begin = lines.indexOf("What is next") + 1;
    return lines.slice(begin, lines.indexOf("", begin)).map((line) => line.trim()).join(" ");
  };
  const events = [unsettled("pending", "it failed")];
  const claim = { mustRead: true };
  assert.equal(
    next(
      detailOf({
        events,
        claim,
        attempts: 2,
        nextAttemptAt: later(1),
        notBefore: later(2),
        lookAgainAt: later(60),
      }),
      ledgerNow({ pausedUntil: later(3) }),
    ),
    "quiet until 2026-11-02 12:02:00: a call without an answer may still land in Cryptlex " +
      "no call to Cryptlex until 2026-11-02 12:03:00: it takes no more " +
      "tried again at 2026-11-02 12:01:00, after 2 attempts, or at once when something new comes " +
      "at 2026-11-02 13:00:00 one look at what a call without an answer may have left " +
      "Cryptlex is read before any call",
  );
  assert.match(next(detailOf({ events, leaseUntil: later(1) })), /^somebody works on it/);
  assert.match(next(detailOf({ events, leaseUntil: later(-1) })), /is gone: the next drain takes/);
  assert.match(next(detailOf({ events })), /^the next delivery or drain takes it up$/);
  const held = [unsettled("pending", null, { held: true })];
  assert.match(next(detailOf({ events: held })), /^held by a rehearsal/);
  assert.match(next(detailOf()), /^nothing, until Stripe tells of something new$/);
});

Deno.test("of many events and calls the newest are told, and how many there are", () => {
  const events = Array.from({ length: 50 }, (_, n) => toldEvent({ eventId: `evt_n${n}` }));
  const actions = Array.from({ length: 13 }, () => madeCall());
  const text = linesOf({
    ...detailOf({ actions }),
    events: { total: 1071, rows: events },
  }).join("\n");
  assert.match(text, /and 1,059 earlier ones\n/);
  assert.match(text, /and 1 earlier one\n/);
  assert.ok(text.includes("evt_n49:") && text.includes("evt_n38:") && !text.includes("evt_n37:"));
});

Deno.test("nothing is wider than the screen, and what others wrote moves no cursor", () => {
  const rude = `${"\x1b[2J".repeat(3)}${"word ".repeat(40)}\r\n`;
  const details = [
    ...situations.map(({ detail }) => detail),
    detailOf({ events: [toldEvent({ outcome: rude, eventType: `a.${"b".repeat(90)}` })] }),
  ];
  for (const detail of details) {
    for (const line of linesOf(detail)) {
      assert.ok(line.length <= 80, line);
      // deno-lint-ignore no-control-regex
      assert.doesNotMatch(line, /[\x00-\x1f]/);
    }
  }
});

Deno.test("several purchases are listed, the newest first", () => {
  const listed = (purchaseId: string, licenses: number, unsettled: number) => ({
    purchaseId,
    createdAt: now,
    licenses,
    unsettled,
  });
  const lines = listLines({
    total: 60,
    purchases: [listed("sub_2", 0, 1), listed("pi_1", 1, 0)],
    details: [],
    loose: null,
    ledger: ledgerNow(),
  }, page);
  assert.deepEqual(lines, [
    "60 purchases",
    "  sub_2  since 2026-11-02  0 licenses  1 unsettled",
    "  pi_1   since 2026-11-02  1 license",
    "  and 58 more",
  ]);
});
