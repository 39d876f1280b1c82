// What a rehearsal holds, page by page, on a real PostgreSQL.

import { strict as assert } from "node:assert";
import { merge, nothing } from "../../functions/stripe-cryptlex/purchase.ts";
import type { RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { createRehearsalDoor, type RehearsalPage } from "../../tools/rehearsal/rehearsal_door.ts";
import {
  applied,
  claimOf,
  databaseTest,
  type LedgerDatabase,
  received,
  recorded,
} from "./ledger_database.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** The event is recorded, and what would be done is written down; nothing is done. */
async function rehearse(db: LedgerDatabase, event: RecordedEvent, at: Date): Promise<void> {
  const ledger = db.ledger(at, { recordOnly: true });
  const claim = claimOf(await ledger.record(event));
  const events = claim.events.map(({ eventId }) => ({
    ...{ eventId, outcome: "would …", lastError: null },
    status: "pending" as const,
  }));
  await ledger.settle(
    claim,
    applied(claim, { state: claim.states.reduce(merge, nothing), events, mustRead: true }),
  );
}

async function allPages(db: LedgerDatabase): Promise<RehearsalPage[]> {
  const pageAfter = createRehearsalDoor(db.client, { at: later(1000) });
  const pages = [await pageAfter(null)];
  for (let page = pages[0]; page?.next; pages.push(page)) page = await pageAfter(page.next);
  return pages;
}

databaseTest("what a rehearsal holds is told page by page, each purchase once", async (db, t) => {
  await t.step("nothing was rehearsed", async () => {
    const [page, ...more] = await allPages(db);
    assert.deepEqual(page, { begunAt: null, total: 0, claims: [], next: null, unread: [] });
    assert.deepEqual(more, []);
  });

  await t.step("250 purchases are three pages, as a claim describes them", async () => {
    for (let n = 0; n < 250; n++) {
      await rehearse(db, recorded(`evt_${n}`, [`sub_${n}`]), later(n));
    }
    await rehearse(db, recorded("evt_again", ["sub_7"]), later(300));
    const pages = await allPages(db);
    assert.deepEqual(pages.map(({ claims }) => claims.length), [100, 100, 50]);
    assert.deepEqual(pages.map(({ total }) => total), [250, 250, 250]);
    const ids = pages.flatMap(({ claims }) => claims.map(({ purchaseId }) => purchaseId));
    assert.equal(new Set(ids).size, 250);
    assert.equal(pages[0]?.begunAt?.getTime(), later(0).getTime());
    const claim = pages.flatMap(({ claims }) => claims)
      .find(({ purchaseId }) => purchaseId === "sub_7");
    assert.deepEqual(claim?.events.map(({ eventId }) => eventId).sort(), ["evt_7", "evt_again"]);
    assert.equal(claim?.mustRead, true);
  });

  await t.step("what was worked off, or never rehearsed, is not among them", async () => {
    await db.sql`update licensing.stripe_events set status = 'applied' where event_id <> 'evt_1'`;
    await db.ledger(later(400)).record(recorded("evt_real", ["sub_real"]));
    const [page] = await allPages(db);
    assert.deepEqual(page?.claims.map(({ purchaseId }) => purchaseId), ["sub_1"]);
  });

  await t.step("two that proved to be one are told as one", async () => {
    await rehearse(db, recorded("evt_pi", ["pi_1"]), later(500));
    await rehearse(db, recorded("evt_link", ["pi_1", "sub_1"]), later(501));
    const [page] = await allPages(db);
    assert.equal(page?.total, 1);
    assert.deepEqual(page?.claims.map(({ purchaseId }) => purchaseId), ["sub_1"]);
    assert.equal(page?.claims[0]?.events.length, 3);
  });

  await t.step(
    "what came since and tells of no purchase is counted by type and reason",
    async () => {
      const told = (id: string, type: string) =>
        received({ id, object: "event", type, created: 1, livemode: false, data: { object: {} } });
      for (const n of [1, 2]) {
        await db.ledger(later(600)).record(told(`evt_p${n}`, "product.created"));
      }
      await db.ledger(later(601)).record(told("evt_i", "invoice.paid"));
      const [page] = await allPages(db);
      assert.deepEqual(
        page?.unread.map(({ eventType, status, count }) => [eventType, status, count]),
        [
          ["product.created", "ignored", 2],
          ["invoice.paid", "parked", 1],
        ],
      );
      assert.match(page?.unread[1]?.reason ?? "", /cannot be understood/i);
    },
  );
});
