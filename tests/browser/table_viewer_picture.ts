// The README's picture of the table viewer: a short life of purchases in `licensing.stripe_events`.

import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { eventually } from "../eventually.ts";
import { type DevProcess } from "../tools/dev_process.ts";

const picture = new URL("../../docs/table-viewer.png", import.meta.url);

/** What happens after the sale that is there already. */
const story = [
  ...["first-invoice", "renewal", "duplicate", "renewal", "one-time", "setup", "unpaid"],
  ...["customer", "paid-later", "unknown", "free", "sale", "first-invoice", "thin"],
];

/** In pixels, so that every outcome can be read; 100 is the least. */
const widths = { event_id: 100, status: 100, event_type: 200, outcome: 560 };

/** Makes the page show the story and writes the picture, 1280 x 720 as the page is. */
export async function takePicture(page: Page, dev: DevProcess): Promise<void> {
  for (const name of story) {
    await dev.send(name);
    await eventually(async () =>
      (await dev.rows("stripe_events")).every(({ status }) => status !== "pending")
    );
  }
  await page.goto(`${dev.tableViewerUrl}/editor/licensing.stripe_events`);
  await sortAsReceived(page, dev);
  for (const [column, width] of Object.entries(widths)) await widen(page, column, width);
  await page.locator(":focus").blur();
  await Deno.mkdir(new URL(".", picture), { recursive: true });
  await page.screenshot({ path: fileURLToPath(picture), animations: "disabled" });
}

async function sortAsReceived(page: Page, dev: DevProcess): Promise<void> {
  await page.getByRole("button", { name: "Sort" }).click();
  // The menu is longer than the page: by keyboard.
  await page.getByRole("menuitem", { name: "received_at (ascending)" }).press("Enter");
  // While it closes, it swallows what the mouse does.
  await page.getByRole("menu").waitFor({ state: "hidden" });
  const asReceived = (await dev.rows("stripe_events"))
    .sort((a, b) => String(a.received_at) < String(b.received_at) ? -1 : 1)
    .map(({ event_id }) => event_id);
  const firstColumn = page.locator('[role=gridcell][aria-colindex="2"]');
  await eventually(async () => String(await firstColumn.allInnerTexts()) === String(asReceived));
}

async function widen(page: Page, column: string, width: number): Promise<void> {
  const header = page.getByRole("columnheader", { name: new RegExp(`^${column}\\b`) });
  const [box, handle] = await Promise.all([
    header.boundingBox(),
    header.locator(".rdg-resize-handle").boundingBox(),
  ]);
  if (box === null || handle === null) throw new Error(`Cannot widen ${column}: it is not shown`);
  const [x, y] = [handle.x + handle.width / 2, handle.y + handle.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + width - box.width, y, { steps: 5 });
  await page.mouse.up();
}
