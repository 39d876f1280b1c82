// What a newcomer sees: pay in the pretended checkout, wait, key. All of it real but Stripe and Cryptlex.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type DevProcess, startDev } from "../tools/dev_process.ts";
import { browserTestCase } from "./browser_test_case.ts";

const picture = new URL("../../docs/success-page.png", import.meta.url);

await browserTestCase("in development one pays, waits, and has the key", async (browser) => {
  const folder = await Deno.makeTempDir({ prefix: "bought-" });
  const dev = await startDev(folder, ["--fresh"]);
  try {
    const context = await browser.newContext({
      viewport: { width: 760, height: 400 },
      locale: "en-US",
    });
    const page = await context.newPage();
    const answers: number[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/license?")) answers.push(response.status());
    });
    for (
      const [button, product] of [["Pay $19 a month for App", "App"], [
        "Pay $249 for App Forever by card",
        "App Forever",
      ]] as const
    ) {
      answers.length = 0;
      await page.goto(dev.shopUrl);
      await page.getByRole("button", { name: button }).click();
      await page.getByText("Your license key is being made").waitFor();
      await page.getByRole("heading", { name: product, exact: true }).waitFor();
      assert.equal(answers[0], 404, "the buyer is there before the webhook");
      assert.equal(answers.at(-1), 200);
      const key = await page.locator("code").innerText();
      assert.equal((await licensesOf(dev)).filter((one) => one.key === key).length, 1);
      if (product === "App" && Deno.env.get("UPDATE_SCREENSHOT") === "1") {
        await page.screenshot({ path: fileURLToPath(picture), animations: "disabled" });
      }
    }
    // Who opens it again a moment later sees it again.
    await page.reload();
    await page.getByRole("heading", { name: "App Forever" }).waitFor();

    // The sale is the one that the next sample event follows.
    assert.match(await dev.send("renewal"), /^invoice\.paid/);
    for (const license of await licensesOf(dev)) {
      assert.ok(!dev.output().includes(license.key), "no key is logged");
    }
  } finally {
    await dev.end("SIGTERM");
    await Deno.remove(folder, { recursive: true });
  }
});

async function licensesOf(dev: DevProcess): Promise<{ key: string }[]> {
  const headers = { authorization: "Bearer sandbox-access-token" };
  const response = await fetch(`${dev.cryptlex}/v3/licenses?limit=100&page=1`, { headers });
  assert.equal(response.status, 200);
  return await response.json();
}
