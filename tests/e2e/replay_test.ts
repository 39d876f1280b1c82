// A person asks for events again with the tool, as a process of its own, and the function follows.

import { strict as assert } from "node:assert";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { runTool } from "../tools/tool_process.ts";
import { type Bridge, bridgeTest, product } from "./bridge.ts";

const price = { amount: 1900, interval: "month" } as const;
const late = { id: "product-late", licenseTemplateId: "template-monthly" };

bridgeTest("a person replays events once their cause is mended", {}, async (bridge, t) => {
  let seed = 1200;
  const subscribe = (productId: string) =>
    createStripeShop({ seed: seed++, now: new Date() }).subscribe({
      email: `asked-${seed}@example.com`,
      price,
      startedAt: new Date(),
      subscriptionMetadata: { CRYPTLEX_PRODUCT_ID: productId },
    });
  const replay = (...args: string[]) => replayOn(bridge, args);
  const sale = subscribe(late.id);
  const event = sale.firstInvoicePaid();

  await t.step("a sale of a product that Cryptlex refuses is parked", async () => {
    await bridge.send(event);
    const [row] = await bridge.settled(event);
    assert.equal(row?.status, "parked");
    bridge.sandbox.seedProduct(late);
  });

  await t.step("a dry run tells what would be done, asks nobody and changes nothing", async () => {
    const before = await ledgerOf(bridge);
    bridge.forget();
    const { code, stdout } = await replay("--parked", "--dry-run");
    assert.equal(code, 0);
    const day = new Date(sale.periodEnd(0).getTime() + 3 * 86_400_000).toISOString().slice(0, 10);
    const lines = stdout.split("\n");
    assert.ok(
      lines.some((line) => line.startsWith(`  ${event.id}  invoice.paid  parked  ${sale.id}`)),
    );
    assert.ok(lines.includes(
      `  ${sale.id}  would make sure of a license of product product-late, until ${day}`,
    ));
    assert.match(stdout, /nothing was changed, and Cryptlex was not asked/);
    assert.deepEqual(bridge.sandbox.calls(), []);
    assert.deepEqual(await ledgerOf(bridge), before);
  });

  await t.step("replayed, it becomes one license, however often that is asked for", async () => {
    const first = await replay(event.id);
    assert.match(first.stdout, /parked +sub_\w+ +replayed$/m);
    assert.match(first.stdout, /The schedule works this off/);
    const again = await replay(event.id);
    assert.match(again.stdout, /pending +sub_\w+ +is pending already$/m);
    assert.deepEqual([first.code, again.code], [0, 0]);
    await bridge.drain();
    assert.equal((await bridge.rows(event))[0]?.status, "applied");
    assert.equal(bridge.usable(sale.id).length, 1);

    await Promise.all([replay("--since", "1h"), replay(event.id)]);
    await bridge.drain();
    assert.match((await bridge.rows(event))[0]?.outcome ?? "", /^nothing to do: already so/);
    assert.equal(bridge.usable(sale.id).length, 1);
  });

  await t.step(
    "an event that could not be read is read again, while its payload is kept",
    async () => {
      const other = subscribe(product.id);
      const whole = other.firstInvoicePaid();
      const broken = structuredClone(whole);
      delete (broken.data.object as Record<string, unknown>)["lines"];
      await bridge.send(broken);
      assert.equal((await bridge.rows(whole))[0]?.status, "parked");

      const { stdout } = await replay("--parked");
      assert.match(stdout, /parked +- +is read again$/m);
      await bridge.drain();
      const [row] = await bridge.rows(whole);
      assert.deepEqual([row?.status, row?.attempts], ["parked", 1]);

      await bridge.lite.query(
        "update licensing.stripe_events set payload = null where event_id = $1",
        [
          whole.id,
        ],
      );
      const pruned = await replay("--parked");
      assert.match(pruned.stdout, /its payload is gone: resend it from Stripe$/m);
      assert.equal((await bridge.rows(whole))[0]?.status, "parked");
      await bridge.send(whole);
      await bridge.settled(whole);
      assert.equal(bridge.usable(other.id).length, 1);
    },
  );

  await t.step("what is not there is told, and is no success", async () => {
    const { code, stdout } = await replay("evt_none", event.id);
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}evt_none {2}not found$/m);
    assert.match(stdout, /^ {2}evt_\w+ .* replayed$/m);
    await bridge.drain();
  });

  await t.step("more than 500 are replayed only when that is said", async () => {
    await bridge.lite.query(
      `insert into licensing.stripe_events (event_id, status, event_type, purchase_id, livemode,
         event_created_at, received_at, settled_at)
       select 'evt_many' || n, 'applied', 'invoice.paid', $1, false, now(), now(), now()
       from generate_series(1, 501) n`,
      [sale.id],
    );
    const before = await ledgerOf(bridge);
    const refused = await replay("--since", "1h");
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^50\d events in http/);
    assert.match(refused.stderr, /^Cannot replay more than 500 events without --yes/);
    assert.deepEqual(await ledgerOf(bridge), before);

    const dry = await replay("--since", "1h", "--dry-run");
    assert.match(dry.stdout, /^ {2}and \d more$/m);
    assert.deepEqual(await ledgerOf(bridge), before);

    assert.equal((await replay("--since", "1h", "--yes")).code, 0);
    await bridge.drain();
    const left = await bridge.lite.query(
      "select event_id from licensing.stripe_events where status = 'pending'",
    );
    assert.deepEqual(left, []);
    assert.equal(bridge.usable(sale.id).length, 1);
  });

  await t.step("a wrong key is told as such", async () => {
    const { code, stderr } = await runTool("replay.ts", ["--parked"], {
      env: { SUPABASE_URL: bridge.lite.url, SUPABASE_SERVICE_ROLE_KEY: "sb_secret_wrong" },
    });
    assert.equal(code, 1);
    assert.match(stderr, /^Cannot replay_stripe_events: the database answered .*secret one\)$/m);
    assert.ok(!stderr.includes("sb_secret"));
  });
});

/** Runs the tool on the bridge's database; whatever it prints must give nobody away. */
async function replayOn({ lite }: Bridge, args: string[]) {
  const result = await runTool("replay.ts", args, {
    env: {
      SUPABASE_URL: lite.url,
      SUPABASE_SECRET_KEYS: JSON.stringify({ default: lite.secretKey }),
      CRYPTLEX_PRODUCT_ID: product.id,
    },
  });
  const said = result.stdout + result.stderr;
  assert.ok(!said.includes("@") && !said.includes(lite.secretKey), said);
  return result;
}

async function ledgerOf({ lite }: Bridge): Promise<unknown[]> {
  return [
    await lite.query("select * from licensing.stripe_events order by event_id"),
    await lite.query("select * from licensing.purchases order by purchase_id"),
  ];
}
