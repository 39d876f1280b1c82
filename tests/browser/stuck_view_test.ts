// The view of what is stuck, as a person finds it in the table viewer.

import assert from "node:assert/strict";
import { deliver } from "../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";
import { startDev } from "../tools/dev_process.ts";
import { browserTestCase } from "./browser_test_case.ts";

await browserTestCase(
  "the table viewer lists a parked event, why, and what to do",
  async (browser) => {
    const folder = await Deno.makeTempDir({ prefix: "viewer-" });
    const dev = await startDev(folder, ["--fresh"]);
    try {
      const price = { amount: 1900, interval: "month" } as const;
      const event = createStripeShop({ seed: 70, now: new Date() })
        .subscribe({ email: "ada@example.com", price }).firstInvoicePaid();
      delete event.data.object["lines"];
      const response = await deliver(dev.webhookUrl, event, { secret: dev.signingSecret });
      assert.equal(response.status, 200, await response.text());

      const page = await browser.newPage({ viewport: { width: 1920, height: 720 } });
      await page.goto(dev.tableViewerUrl);
      for (const view of ["done_for_customers", "totals_of_today"]) {
        await page.getByText(view, { exact: true }).waitFor();
      }
      await page.getByText("stuck", { exact: true }).click();
      for (const cell of [event.id, "parked", /^cannot be understood: .*lines/, /^update stripe/]) {
        await page.getByRole("gridcell", { name: cell }).waitFor();
      }
      assert.equal(await page.getByRole("row").count(), 2, "the header and the row");
    } finally {
      await dev.end("SIGTERM");
      await Deno.remove(folder, { recursive: true });
    }
  },
);
