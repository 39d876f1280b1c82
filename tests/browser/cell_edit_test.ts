// The table viewer's cells can be edited, as an operator does to replay an event.

import assert from "node:assert/strict";
import { startSupabaseLite } from "../../tools/local_stack/supabase_lite.ts";
import { createFolder, SAMPLE } from "../tools/local_stack/sample_migrations.ts";
import { browserTestCase } from "./browser_test_case.ts";

await browserTestCase(
  "a person finds schema licensing in the table editor and changes a cell",
  async (browser) => {
    const migrations = await createFolder({
      ...SAMPLE,
      "20260103_rows.sql":
        "insert into licensing.plans (stripe_id) values ('price_1'), ('price_2')",
    });
    const lite = await startSupabaseLite({ migrationsFolder: migrations.url, studio: true });
    try {
      const page = await browser.newPage();
      await page.goto(lite.url);
      await page.getByText("plans", { exact: true }).click();
      const row = page.getByRole("row").filter({ hasText: "price_1" });
      await row.getByText("ignore").dblclick();
      await page.keyboard.press("Control+A");
      await page.keyboard.type("licenses");
      const saved = page.waitForResponse((response) => response.request().method() === "PATCH");
      await page.keyboard.press("Enter");
      assert.equal((await saved).status(), 204);
      await row.getByText("licenses").waitFor();
      assert.deepEqual(
        await lite.query("select stripe_id, seats from licensing.plans order by 1"),
        [
          { stripe_id: "price_1", seats: "licenses" },
          { stripe_id: "price_2", seats: "ignore" },
        ],
      );
    } finally {
      await lite.shutdown();
      await migrations.remove();
    }
  },
);
