// Pictures of the success page, for who wants to look: with SCREENSHOTS=<folder> every state is kept.

import { join } from "node:path";
import type { Page } from "playwright-core";

/** Writes what is shown, when pictures are asked for. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("SCREENSHOTS");
  if (folder === undefined) return;
  await Deno.mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
}
