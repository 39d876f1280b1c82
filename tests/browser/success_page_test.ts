// The success page in a real Chromium: each of its states, by eye, by keyboard and as it is read aloud.

import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { browserTestCase } from "./browser_test_case.ts";
import { type LicenseEndpoint, serveLicenseEndpoint, type Told } from "./license_endpoint.ts";
import { keepPicture } from "./success_page_picture.ts";

const making: Told = { status: 202, retryAfter: 2 };
const unknown: Told = { status: 404 };
const one: Told = {
  status: 200,
  licenses: [{
    product: "product-app",
    key: "0A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54",
    expiresAt: "2027-11-30T12:00:00.000Z",
  }],
};
const three: Told = {
  status: 200,
  licenses: ["product-app", "product-plugin", "product-unheard-of"].map((product, n) => ({
    product,
    key: `${n}A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54`,
    expiresAt: n === 1 ? null : "2027-11-30T12:00:00.000Z",
  })),
};

type Opened = { page: Page; shop: LicenseEndpoint; problems: string[] };

/** The page before an endpoint that tells this; its clock moves only when told to. */
async function withPage(
  browser: Browser,
  told: Told,
  use: (opened: Opened) => Promise<void>,
  { stray = false, ...options }: BrowserContextOptions & { stray?: boolean } = {},
): Promise<void> {
  const shop = await serveLicenseEndpoint(told);
  const context = await browser.newContext({
    viewport: { width: 900, height: 640 },
    locale: "en-US",
    timezoneId: "UTC",
    ...options,
  });
  try {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on("pageerror", (error) => void problems.push(error.message));
    await page.clock.install();
    await page.goto(stray ? shop.strayUrl : shop.pageUrl);
    await use({ page, shop, problems });
    assert.deepEqual(problems, []);
  } finally {
    await context.close();
    await shop.stop();
  }
}

/** Lets so many seconds pass on the page, as many answers coming as it asks for. */
async function pass(page: Page, seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second++) {
    await page.clock.runFor(1000);
    // Answers come over a real network.
    await page.waitForTimeout(15);
  }
}

const state = (page: Page) => page.getByRole("status").first();

await browserTestCase("the key appears by itself once it is made", async (browser) => {
  await withPage(browser, unknown, async ({ page, shop }) => {
    await state(page).getByText("Your license key is being made").waitFor();
    await keepPicture(page, "waiting");
    await pass(page, 20);
    assert.ok(shop.asked() >= 3, "an unknown session is asked for again at first");
    shop.tell(making);
    await pass(page, 4);
    assert.equal(await page.locator("#busy").isVisible(), true);
    shop.tell(one);
    await pass(page, 3);
    await state(page).getByText("Your license key is ready").waitFor();
    await page.getByRole("heading", { name: "Your license key", level: 1 }).waitFor();
    await page.getByRole("heading", { name: "App", exact: true }).waitFor();
    await page.getByText("0A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54").waitFor();
    await page.getByText("Valid until November 30, 2027").waitFor();
    assert.equal(await page.locator("#busy").isVisible(), false);
    const asked = shop.asked();
    await pass(page, 30);
    assert.equal(shop.asked(), asked, "who has the key asks no more");
    await keepPicture(page, "ready");
  });
});

await browserTestCase("every key of an order has its name and its button", async (browser) => {
  await withPage(browser, three, async ({ page }) => {
    await state(page).getByText("Your license keys are ready").waitFor();
    const named = ["App (1 of 3)", "Plug-in (2 of 3)", "License (3 of 3)"];
    assert.deepEqual(await page.getByRole("heading", { level: 2 }).allInnerTexts(), named);
    for (const name of named) {
      await page.getByRole("button", { name: `Copy the key of ${name}`, exact: true }).waitFor();
    }
    assert.equal(await page.getByText("Valid until").count(), 2);
    await keepPicture(page, "several");
  });
});

await browserTestCase("a key is copied by keyboard, and that is said", async (browser) => {
  const permissions = ["clipboard-read", "clipboard-write"];
  await withPage(browser, three, async ({ page }) => {
    await page.getByRole("heading", { level: 2 }).first().waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    const button = page.getByRole("button").nth(1);
    await page.locator("li:nth-child(2) button:focus").waitFor();
    const outline = await page.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert.equal(outline, "solid", "one sees where the keyboard is");
    await keepPicture(page, "focus");
    await page.keyboard.press("Enter");
    await page.getByText("The key of Plug-in (2 of 3) is copied").waitFor();
    assert.equal(await button.innerText(), "Copied");
    const copied = await page.evaluate("navigator.clipboard.readText()");
    assert.equal(copied, "1A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54");
    await page.clock.runFor(3000);
    assert.equal(await button.innerText(), "Copy");
  }, { permissions });
});

await browserTestCase("where nothing may be copied the key is selected", async (browser) => {
  await withPage(browser, one, async ({ page }) => {
    await page.evaluate("navigator.clipboard.writeText = () => Promise.reject(new Error()); 0");
    await page.getByRole("button", { name: /^Copy/ }).click();
    await page.getByText("The key is selected").waitFor();
    assert.equal(
      await page.evaluate("String(getSelection())"),
      "0A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54",
    );
  });
});

await browserTestCase("a wrong or old session is said to have none, politely", async (browser) => {
  await withPage(browser, unknown, async ({ page, shop }) => {
    // The clock of the page goes on by itself, too: not up to the last second.
    await pass(page, 25);
    assert.match(await state(page).innerText(), /is being made/, "in its first half minute");
    await pass(page, 20);
    await state(page).getByText("There is no key to show here").waitFor();
    await page.getByRole("link", { name: "help@example.com" }).waitFor();
    await keepPicture(page, "missing");
    const asked = shop.asked();
    await pass(page, 60);
    assert.equal(shop.asked(), asked, "it asks no more by itself");

    // The money came meanwhile.
    shop.tell(one);
    await page.getByRole("button", { name: "Try again" }).press("Enter");
    await state(page).getByText("Your license key is ready").waitFor();
  });
});

await browserTestCase(
  "what takes long says what to do, and ends well all the same",
  async (browser) => {
    await withPage(browser, { status: 202, retryAfter: 20 }, async ({ page, shop }) => {
      await pass(page, 59);
      assert.match(await state(page).innerText(), /is being made/);
      assert.equal(shop.asked(), 3, "as often as it is told to");
      await pass(page, 22);
      await state(page).getByText("This takes longer than usual").waitFor();
      assert.equal(await page.locator("#busy").isVisible(), true, "it goes on");
      await keepPicture(page, "slow");
      shop.tell(one);
      await pass(page, 21);
      await state(page).getByText("Your license key is ready").waitFor();
    });
  },
);

await browserTestCase("it gives up after half an hour, and may be asked again", async (browser) => {
  await withPage(browser, { status: 202, retryAfter: 60 }, async ({ page, shop }) => {
    for (let minute = 0; minute < 31; minute++) {
      await page.clock.runFor(60_000);
      await page.waitForTimeout(15);
    }
    await page.getByRole("button", { name: "Try again" }).waitFor();
    const asked = shop.asked();
    await page.clock.runFor(600_000);
    assert.equal(shop.asked(), asked);
  });
});

await browserTestCase("without a network it waits for one", async (browser) => {
  await withPage(browser, "silence", async ({ page, shop }) => {
    await state(page).getByText("No connection at the moment").waitFor();
    await keepPicture(page, "offline");
    shop.tell(one);
    // The browser says that it is back: nobody waits for a timer.
    await page.evaluate("dispatchEvent(new Event('online'))");
    await state(page).getByText("Your license key is ready").waitFor();
  });
});

await browserTestCase("a state that lasts is not read aloud again and again", async (browser) => {
  await withPage(browser, making, async ({ page }) => {
    await state(page).getByText("is being made").waitFor();
    await page.evaluate(`
      globalThis.changes = 0;
      new MutationObserver(() => changes++)
        .observe(document.querySelector("[role=status]"), { childList: true, subtree: true });
    `);
    await pass(page, 20);
    assert.equal(await page.evaluate("changes"), 0);
  });
});

await browserTestCase("opened without a session it says what it is for", async (browser) => {
  await withPage(browser, one, async ({ page, shop }) => {
    await state(page).getByText("it is opened by the checkout").waitFor();
    assert.equal(shop.asked(), 0);
  }, { stray: true });
});

await browserTestCase(
  "it fits a small screen, light and dark, and large letters",
  async (browser) => {
    for (const colorScheme of ["light", "dark"] as const) {
      for (const [name, told] of Object.entries({ one, three, unknown })) {
        await withPage(browser, told, async ({ page }) => {
          if (told === unknown) await pass(page, 44);
          else await page.getByRole("heading", { level: 2 }).first().waitFor();
          await keepPicture(page, `small-${colorScheme}-${name}`);
          const fits = () => page.evaluate("document.documentElement.scrollWidth <= innerWidth");
          assert.ok(await fits(), name);
          await page.addStyleTag({ content: "html { font-size: 32px }" });
          assert.ok(await fits(), `${name}, in letters of twice the size`);
          const texts = await contrasts(page);
          assert.ok(texts.length > 3);
          for (const { text, ratio } of texts) assert.ok(ratio >= 4.5, text);
        }, { viewport: { width: 320, height: 640 }, colorScheme });
      }
    }
  },
);

/** How well each text is told from what is behind it (w3.org/TR/WCAG22, relative luminance). */
function contrasts(page: Page): Promise<{ text: string; ratio: number }[]> {
  return page.evaluate(`(() => {
    function luminance(color) {
      const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map((part) => {
        const share = part / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    function behind(node) {
      const { backgroundColor } = getComputedStyle(node);
      return /^rgb\\(/.test(backgroundColor) ? backgroundColor : behind(node.parentElement);
    }
    return [...document.querySelectorAll("h1, h2, p, li, a, strong, code, button")]
      .filter((node) => node.innerText.trim() !== "")
      .map((node) => {
        const [light, dark] = [getComputedStyle(node).color, behind(node)]
          .map(luminance).sort((a, b) => b - a);
        return { text: node.innerText, ratio: (light + 0.05) / (dark + 0.05) };
      });
  })()`);
}
