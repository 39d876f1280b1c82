// A test in a real Chromium: Debian's, driven by playwright-core, with a profile of its own.

import assert from "node:assert/strict";
import { type Browser, chromium } from "playwright-core";

/** Where Debian's package `chromium` puts it. */
const chromiumPath = "/usr/bin/chromium";

/** One for all tests of a file: it takes longer to start than most of them, and each makes its own context. */
let shared: Promise<Browser> | null = null;
Deno.test.afterAll(async () => await (await shared)?.close());

/** Without a browser the test is skipped and says so; a run that is to prove something fails. */
export async function browserTestCase(
  name: string,
  body: (browser: Browser) => Promise<void>,
): Promise<void> {
  const isThere = await hasChromium();
  const ignore = !isThere && !Deno.env.get("CI");
  const why = ignore ? ` (skipped: there is no ${chromiumPath}, apt-get install chromium)` : "";
  // Playwright keeps a timer and a pipe of its own until the process ends.
  const options = { ignore, sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name: name + why, ...options }, async () => {
    assert.ok(isThere, `There is no ${chromiumPath}: apt-get install chromium`);
    const browser = await (shared ??= openChromium());
    const before = browser.contexts();
    try {
      await body(browser);
    } finally {
      const made = browser.contexts().filter((context) => !before.includes(context));
      await Promise.all(made.map((context) => context.close()));
    }
  });
}

async function hasChromium(): Promise<boolean> {
  try {
    return (await Deno.stat(chromiumPath)).isFile;
  } catch {
    return false;
  }
}

/** Starts it, headless, in a fresh profile that goes with it; it calls nobody on its own. */
function openChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
