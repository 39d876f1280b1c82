import assert from "node:assert/strict";
import { fillSuccessPage } from "../../../tools/dev/success_page.ts";

const page = new URL("../../../examples/success.html", import.meta.url);
const shop = {
  license: "http://127.0.0.1:1/stripe-cryptlex/license",
  contact: "a@example.com",
  products: { "product-app": "App </script> $1" },
};

Deno.test("the page gets a shop's values, whatever they hold, and stays the same otherwise", async () => {
  const html = await Deno.readTextFile(page);
  const filled = fillSuccessPage(html, shop);
  const place = /<script type="application\/json" id="shop">([\s\S]*?)<\/script>/;
  assert.deepEqual(JSON.parse(place.exec(filled)?.[1] ?? ""), shop);
  assert.equal(filled.replace(place, ""), html.replace(place, ""));
});

Deno.test("what a merchant is to set is JSON as it stands", async () => {
  const html = await Deno.readTextFile(page);
  const [, text = ""] = /id="shop">([\s\S]*?)<\/script>/.exec(html) ?? [];
  assert.deepEqual(Object.keys(JSON.parse(text)), Object.keys(shop));
});

Deno.test("a page without a place for the values is refused", () => {
  assert.throws(() => fillSuccessPage("<html></html>", shop), /no <script id="shop">/);
});

Deno.test("the page loads nothing from elsewhere", async () => {
  const html = await Deno.readTextFile(page);
  assert.doesNotMatch(html, /\b(?:src|href)="|@import|url\(/);
});
