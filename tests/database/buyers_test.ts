// A sale whose buyer has no e-mail waits for its customer to get one, on a real PostgreSQL.

import { strict as assert } from "node:assert";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import type { Ledger, RecordedEvent } from "../../functions/stripe-cryptlex/ledger.ts";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import { createReplayDoors } from "../../tools/replay/replay_doors.ts";
import { applied, claimOf, databaseTest, failed, parked, recorded } from "./ledger_database.ts";
import { locked, waiting } from "./locks.ts";

const start = new Date("2026-06-01T00:00:00Z");
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000);

/** An event of that customer, about the purchase that `stripeIds` name. */
function ofCustomer(
  customerId: string,
  { eventId, stripeIds, facts }: {
    eventId: string;
    stripeIds: readonly string[];
    facts: Partial<Purchase>;
  },
): RecordedEvent {
  const event = recorded(eventId, stripeIds);
  assert.ok(event.reading.kind === "facts");
  return {
    ...event,
    head: { ...event.head, customerId },
    reading: { ...event.reading, customerId, facts: { ...nothing, ...facts } },
  };
}

const sale = (eventId: string, customerId: string, stripeIds: readonly string[], email?: string) =>
  ofCustomer(customerId, {
    eventId,
    stripeIds,
    facts: email === undefined ? {} : { email: { value: email, at: 1, by: eventId } },
  });

/** The customer has an e-mail now; null: its name alone changed. */
const updated = (eventId: string, customerId: string, email: string | null = "ada@example.com") =>
  ofCustomer(customerId, {
    eventId,
    stripeIds: [customerId],
    facts: {
      customerId: { value: customerId, at: 2, by: eventId },
      email: email === null ? null : { value: email, at: 2, by: eventId },
      name: { value: "Ada", at: 2, by: eventId },
      company: { value: "Ada Ltd", at: 2, by: eventId },
    },
  });

const merged = (claim: Claim) => claim.states.reduce(merge, nothing);
const known = (claim: Claim) => {
  const { customerId, email, name, company } = merged(claim);
  return [customerId, email, name, company].map((said) => said?.value ?? null);
};
const eventIds = ({ events }: Claim) => events.map(({ eventId }) => eventId).sort();
const ada = (customerId: string) => [customerId, "ada@example.com", "Ada", "Ada Ltd"];

/** What a worker settles that lacks an e-mail. */
const lacking = (claim: Claim) => ({ ...parked(claim), state: merged(claim) });

/** Records it and settles what it gets. */
async function take(ledger: Ledger, event: RecordedEvent): Promise<Claim> {
  const claim = claimOf(await ledger.record(event));
  await ledger.settle(claim, applied(claim, { state: merged(claim) }), { takes: "nothing" });
  return claim;
}

databaseTest("a sale without an e-mail is taken up once its customer has one", async (db, t) => {
  const ledger = db.ledger(start);
  const due = () => ledger.claimDue({ ignoreBackoff: false });
  const finish = async (claim: Claim) =>
    assert.equal((await ledger.settle(claim, applied(claim))).claim, null);
  const park = async (event: RecordedEvent) => {
    const claim = claimOf(await ledger.record(event));
    assert.equal((await ledger.settle(claim, lacking(claim))).claim, null);
  };

  await t.step("it is due at once, read first, with who buys", async () => {
    await park(sale("evt_1", "cus_1", ["sub_1", "in_1"]));
    assert.equal((await due()).claim, null);
    await take(ledger, updated("evt_u1", "cus_1"));
    const claim = claimOf(await due());
    assert.deepEqual([claim.purchaseId, claim.mustRead, eventIds(claim)], [
      "sub_1",
      true,
      ["evt_1"],
    ]);
    assert.deepEqual(known(claim), ada("cus_1"));
    await finish(claim);
    assert.equal((await due()).claim, null);
  });

  await t.step("all sales of that customer are, and nobody else's", async () => {
    await park(sale("evt_2a", "cus_2", ["sub_2"]));
    await park(sale("evt_2b", "cus_2", ["pi_2"]));
    await park(sale("evt_3", "cus_3", ["sub_3"]));
    await take(ledger, updated("evt_u2", "cus_2"));
    for (const id of ["sub_2", "pi_2"]) {
      const claim = claimOf(await due());
      assert.deepEqual([claim.purchaseId, known(claim)], [id, ada("cus_2")]);
      await finish(claim);
    }
    assert.equal((await due()).claim, null);
  });

  await t.step("not by a change that brings no e-mail", async () => {
    await take(ledger, updated("evt_u3", "cus_3", null));
    assert.equal((await due()).claim, null);
  });

  await t.step(
    "an e-mail told of the purchase itself counts more, however late it comes",
    async () => {
      await take(ledger, updated("evt_u20", "cus_20"));
      const early = await take(ledger, sale("evt_20", "cus_20", ["sub_20"]));
      assert.deepEqual(known(early), ada("cus_20"));
      const own = claimOf(
        await ledger.record(sale("evt_20b", "cus_20", ["sub_20"], "own@example.com")),
      );
      assert.deepEqual(known(own), ["cus_20", "own@example.com", "Ada", "Ada Ltd"]);
      await finish(own);
    },
  );

  await t.step("a purchase whose e-mail is known is left alone", async () => {
    await park(sale("evt_4", "cus_4", ["sub_4"], "own@example.com"));
    await take(ledger, updated("evt_u4", "cus_4"));
    assert.equal((await due()).claim, null);
    const next = claimOf(await ledger.record(sale("evt_4b", "cus_4", ["sub_4"])));
    assert.deepEqual(known(next), [null, "own@example.com", null, null]);
    await finish(next);
  });

  await t.step("also one that was joined meanwhile", async () => {
    await park(sale("evt_5", "cus_5", ["in_5"]));
    await park(sale("evt_5b", "cus_5", ["pi_5"]));
    await db.sql`update licensing.purchases set joined_to = 'pi_5' where purchase_id = 'in_5'`;
    await take(ledger, updated("evt_u5", "cus_5"));
    const claim = claimOf(await due());
    assert.deepEqual([claim.purchaseId, eventIds(claim)], ["pi_5", ["evt_5", "evt_5b"]]);
    assert.deepEqual(known(claim), ada("cus_5"));
    await finish(claim);
  });

  await t.step("one that is being worked on is taken up again when that parks it", async () => {
    const busy = claimOf(await ledger.record(sale("evt_6", "cus_6", ["sub_6"])));
    await take(ledger, updated("evt_u6", "cus_6"));
    const next = claimOf(await ledger.settle(busy, lacking(busy)));
    assert.deepEqual([next.purchaseId, eventIds(next)], ["sub_6", ["evt_6"]]);
    assert.deepEqual(known(next), ada("cus_6"));
    await ledger.settle(next, lacking(next));
    assert.equal((await due()).claim, null, "parked for another reason it stays so");
  });

  await t.step("so is one that was parked and is being worked on for something else", async () => {
    await park(sale("evt_7", "cus_7", ["sub_7"]));
    const busy = claimOf(await ledger.record(sale("evt_7b", "cus_7", ["sub_7"])));
    await take(ledger, updated("evt_u7", "cus_7"));
    const next = claimOf(await ledger.settle(busy, lacking(busy)));
    assert.deepEqual([next.purchaseId, next.mustRead], ["sub_7", true]);
    assert.deepEqual([eventIds(next), known(next)], [["evt_7", "evt_7b"], ada("cus_7")]);
    await finish(next);
  });

  await t.step(
    "one that waits for its back-off gets the e-mail with its next attempt",
    async () => {
      const claim = claimOf(await ledger.record(sale("evt_8", "cus_8", ["sub_8"])));
      await ledger.settle(claim, failed(claim, { state: merged(claim), retrySeconds: 600 }));
      await take(ledger, updated("evt_u8", "cus_8"));
      const next = claimOf(await db.ledger(later(601)).claimDue({ ignoreBackoff: false }));
      assert.deepEqual([next.purchaseId, known(next)], ["sub_8", ada("cus_8")]);
      await finish(next);
    },
  );

  await t.step("a sale that comes after the customer's e-mail has it", async () => {
    await take(ledger, updated("evt_u9", "cus_9"));
    const claim = claimOf(await ledger.record(sale("evt_9", "cus_9", ["sub_9"])));
    assert.deepEqual(known(claim), ada("cus_9"));
    await finish(claim);
    const next = claimOf(await ledger.record(sale("evt_9b", "cus_9", ["pi_9"])));
    await ledger.settle(next, lacking(next));
    const [preview] = await createReplayDoors(db.client).preview(["pi_9"]);
    assert.deepEqual(preview && known(preview), ada("cus_9"));
  });

  await t.step("an erased one is not", async () => {
    await park(sale("evt_10", "cus_10", ["sub_10"]));
    await db.sql`update licensing.purchases set state = state || '[{"erased": true}]'
      where purchase_id = 'sub_10'`;
    await take(ledger, updated("evt_u10", "cus_10"));
    assert.equal((await due()).claim, null);
    const next = claimOf(await ledger.record(sale("evt_10b", "cus_10", ["sub_10"])));
    assert.deepEqual(known(next), [null, null, null, null]);
    assert.equal((await ledger.settle(next, lacking(next))).claim, null);
  });

  await t.step("nor is one of an erased customer", async () => {
    await park(sale("evt_11", "cus_11", ["sub_11"]));
    await take(
      ledger,
      ofCustomer("cus_11", { eventId: "evt_d", stripeIds: ["cus_11"], facts: { erased: true } }),
    );
    await take(ledger, updated("evt_u11", "cus_11"));
    assert.equal((await due()).claim, null);
  });
});

databaseTest(
  "whoever is first, a sale and its customer's e-mail find each other",
  async (db, t) => {
    await t.step("sales, their settlements and the e-mail at the same moment", async () => {
      for (let round = 0; round < 60; round++) {
        const ledger = db.ledger(later(round));
        const customer = `cus_${round}`;
        const busy = claimOf(
          await ledger.record(sale(`evt_a${round}`, customer, [`sub_a${round}`])),
        );
        const [settled, recorded] = await Promise.all([
          ledger.settle(busy, lacking(busy)),
          ledger.record(sale(`evt_b${round}`, customer, [`sub_b${round}`])),
          ledger.record(updated(`evt_u${round}`, customer)).then(({ claim }) =>
            claim && ledger.settle(claim, applied(claim, { state: merged(claim) }))
          ),
        ]);
        const claims = [settled.claim, recorded.claim].filter((claim) => claim !== null);
        for (;;) {
          const claim = claims.shift() ?? (await ledger.claimDue({ ignoreBackoff: true })).claim;
          if (claim === null) break;
          const hasEmail = merged(claim).email !== null;
          const done = hasEmail ? applied(claim, { state: merged(claim) }) : lacking(claim);
          const { claim: more } = await ledger.settle(claim, done);
          if (more !== null) claims.push(more);
        }
      }
      const open = await db.sql`select event_id, status from licensing.stripe_events
      where status <> 'applied'`;
      assert.deepEqual([...open], []);
    });

    await t.step("an e-mail waits for a sale that is being recorded", async () => {
      const ledger = db.ledger(later(500));
      const link = `insert into licensing.purchase_links values ('sub_slow', 'sub_slow')`;
      await locked(db.sql, link, async (letGo) => {
        const slow = ledger.record(sale("evt_slow", "cus_slow", ["sub_slow"]));
        await waiting(db.sql, 1);
        const told = take(ledger, updated("evt_fast", "cus_slow"));
        await waiting(db.sql, 2);
        await letGo();
        const busy = claimOf(await slow);
        await told;
        const next = claimOf(await ledger.settle(busy, lacking(busy)));
        assert.deepEqual(known(next), ada("cus_slow"));
        await ledger.settle(next, applied(next));
      });
    });

    await t.step("deletions and e-mails of one customer never wait in a circle", async () => {
      for (let round = 0; round < 20; round++) {
        const ledger = db.ledger(later(1000 + round));
        const customer = `cus_d${round}`;
        for (const id of [`in_d${round}`, `pi_d${round}`, `sub_d${round}`]) {
          const claim = claimOf(await ledger.record(sale(`evt_${id}`, customer, [id])));
          await ledger.settle(claim, lacking(claim));
        }
        const answers = await Promise.all([
          ledger.record(updated(`evt_x${round}`, customer)),
          ledger.record(ofCustomer(customer, {
            eventId: `evt_y${round}`,
            stripeIds: [customer],
            facts: { erased: true },
          })),
          ledger.record(updated(`evt_z${round}`, customer)),
          ledger.record(sale(`evt_j${round}`, customer, [`in_d${round}`, `sub_d${round}`])),
          ledger.claimDue({ ignoreBackoff: true }),
        ]);
        const claims = answers.flatMap(({ claim }) => claim ?? []);
        for (;;) {
          const claim = claims.shift() ?? (await ledger.claimDue({ ignoreBackoff: true })).claim;
          if (claim === null) break;
          const { claim: more } = await ledger.settle(claim, applied(claim));
          if (more !== null) claims.push(more);
        }
        const named = await db.sql`select purchase_id from licensing.purchases
        where customer_id = ${customer} and state::text ~ 'example.com'`;
        assert.deepEqual([...named], []);
      }
    });
  },
);
