// A person replays an event in the table viewer of development: one cell, and the function follows.

import assert from "node:assert/strict";
import { eventually } from "../eventually.ts";
import { type DevProcess, startDev } from "../tools/dev_process.ts";
import { browserTestCase } from "./browser_test_case.ts";

await browserTestCase(
  "a person sets an event's status back to pending, and it ends applied again",
  async (browser) => {
    const folder = await Deno.makeTempDir({ prefix: "cell-" });
    const dev = await startDev(folder, ["--fresh"]);
    try {
      await dev.send("sale");
      await dev.send("customer");
      await eventually(async () =>
        String((await dev.rows("stripe_events")).map(({ status }) => status)) === "applied,applied"
      );
      const before = await eventOf(dev, "checkout.session.completed");
      const other = await eventOf(dev, "customer.created");

      const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
      await page.goto(dev.tableViewerUrl);
      await page.getByText("stripe_events", { exact: true }).click();
      const row = page.getByRole("row").filter({ hasText: "checkout.session.completed" });
      await row.getByRole("gridcell", { name: "applied", exact: true }).dblclick();
      await page.keyboard.press("Control+A");
      await page.keyboard.type("pending");
      const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
      await page.keyboard.press("Enter");
      assert.equal((await saved).status(), 204);

      await dev.printed(/Worked off what was due: .*"settled":1/);
      await eventually(async () =>
        (await eventOf(dev, "checkout.session.completed")).status === "applied"
      );
      const after = await eventOf(dev, "checkout.session.completed");
      assert.deepEqual([before.attempts, after.attempts], [1, 2]);
      assert.match(String(after.outcome), /^nothing to do: already so/);
      assert.equal((await dev.rows("licenses")).length, 1);
      assert.deepEqual(await eventOf(dev, "customer.created"), other);

      await page.reload();
      await row.getByRole("gridcell", { name: String(after.outcome), exact: true }).waitFor();
    } finally {
      await dev.end("SIGTERM");
      await Deno.remove(folder, { recursive: true });
    }
  },
);

async function eventOf(dev: DevProcess, type: string): Promise<Record<string, unknown>> {
  const rows = (await dev.rows("stripe_events")).filter(({ event_type }) => event_type === type);
  assert.equal(rows.length, 1);
  return rows[0] ?? assert.fail();
}
