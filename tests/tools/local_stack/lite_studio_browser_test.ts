// Studio in a real browser. Skipped where there is none: Debian's chromium is looked for.

import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startSupabaseLite } from "../../../tools/local_stack/supabase_lite.ts";
import { createFolder, SAMPLE } from "./sample_migrations.ts";

const CHROMIUM = "/usr/bin/chromium";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function isInstalled(program: string): boolean {
  try {
    return Deno.statSync(program).isFile;
  } catch {
    return false;
  }
}

Deno.test({
  name: "a person finds schema licensing in the table editor and changes a cell",
  ignore: !isInstalled(CHROMIUM),
  async fn() {
    const migrations = await createFolder({
      ...SAMPLE,
      "20260103_rows.sql":
        "insert into licensing.plans (stripe_id) values ('price_1'), ('price_2')",
    });
    const profile = await createFolder();
    const lite = await startSupabaseLite({ migrationsFolder: migrations.url, studio: true });
    const browser = await chromium.launchPersistentContext(profile.path, {
      executablePath: CHROMIUM,
      args: FLAGS,
    });
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
      await browser.close();
      await lite.shutdown();
      await profile.remove();
      await migrations.remove();
    }
  },
});
