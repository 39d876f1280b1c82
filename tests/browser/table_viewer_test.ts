// The table viewer as a person sees it: a sale's rows, in a real Chromium.

import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { eventually } from "../eventually.ts";
import { type DevProcess, startDev } from "../tools/dev_process.ts";
import { browserTestCase } from "./browser_test_case.ts";
import { takePicture } from "./table_viewer_picture.ts";

await browserTestCase("the table viewer shows a sale's event and its license", async (browser) => {
  const folder = await Deno.makeTempDir({ prefix: "viewer-" });
  const dev = await startDev(folder, ["--fresh"]);
  try {
    await dev.send("sale");
    await eventually(async () => (await dev.rows("stripe_events"))[0]?.status === "applied");
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    const elsewhere: string[] = [];
    page.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith("http") && hostname !== "127.0.0.1") elsewhere.push(request.url());
    });

    await page.goto(dev.tableViewerUrl);
    await showsRow(page, dev, {
      table: "stripe_events",
      columns: ["event_id", "status", "event_type", "outcome"],
    });
    await showsRow(page, dev, {
      table: "licenses",
      columns: ["license_id", "purchase_id", "slot", "origin"],
    });
    assert.deepEqual(elsewhere, [], "it asks nobody but this machine");

    if (Deno.env.get("UPDATE_SCREENSHOT") === "1") await takePicture(page, dev);
    // Ends while the page is still open.
    assert.equal(await dev.end("SIGINT"), 0, dev.output());
  } finally {
    await dev.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});

/** Opens the table in the list of tables; its one row must be shown with what the database holds. */
async function showsRow(
  page: Page,
  dev: DevProcess,
  { table, columns }: { table: string; columns: string[] },
): Promise<void> {
  const [row, ...more] = await dev.rows(table);
  assert.ok(row !== undefined && more.length === 0);
  await page.getByText(table, { exact: true }).click();
  for (const column of columns) {
    await page.getByRole("columnheader", { name: new RegExp(`^${column}\\b`) }).waitFor();
    await page.getByRole("gridcell", { name: String(row[column]), exact: true }).waitFor();
  }
  assert.equal(await page.getByRole("row").count(), 2, "the header and the row");
}
