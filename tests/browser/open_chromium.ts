// A real Chromium for tests: Debian's, driven by playwright-core, with a profile of its own.

import { type Browser, chromium } from "playwright-core";

/** Where Debian's package `chromium` puts it. */
export const chromiumPath = "/usr/bin/chromium";

export async function hasChromium(): Promise<boolean> {
  try {
    return (await Deno.stat(chromiumPath)).isFile;
  } catch {
    return false;
  }
}

/** Starts it, headless, in a fresh profile that goes with it; it calls nobody on its own. */
export function openChromium(): Promise<Browser> {
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
