import assert from "node:assert/strict";
import type Stripe from "stripe";
import { createPriceBook } from "../../../tools/reconcile/price_book.ts";
import type { StripeLists } from "../../../tools/reconcile/stripe_lists.ts";

function bookOf() {
  const asked: string[] = [];
  const shown = <T>(object: T) => Promise.resolve({ object, readAt: new Date(0) });
  const lists = {
    product(id: string) {
      asked.push(id);
      return shown({ id, object: "product", metadata: { CRYPTLEX_PRODUCT_ID: id } });
    },
    price(id: string) {
      asked.push(id);
      return id === "price_gone"
        ? Promise.resolve(null)
        : shown({ id, product: "prod_1", recurring: { usage_type: "metered" }, metadata: {} });
    },
    invoiceLines(id: string) {
      asked.push(id);
      return Promise.resolve([lineOf("price_1"), lineOf("price_gone")]);
    },
  } as unknown as StripeLists;
  return { asked, book: createPriceBook(lists) };
}

function lineOf(price: string) {
  return { id: `il_${price}`, pricing: { price_details: { price, product: "prod_1" } } };
}

const subscription = (...prices: string[]) =>
  ({
    id: "sub_1",
    items: { data: prices.map((id) => ({ id: `si_${id}`, price: { id, product: "prod_1" } })) },
  }) as unknown as Stripe.Subscription;

Deno.test("a product is read once, however many prices are of it", async () => {
  const { asked, book } = bookOf();
  const whole = await book.withProducts(subscription("price_1", "price_2")) as {
    items: { data: { price: { product: { metadata: unknown } } }[] };
  };
  await book.withProducts(subscription("price_1"));
  assert.deepEqual(asked, ["prod_1"]);
  assert.deepEqual(whole.items.data[1]?.price.product.metadata, { CRYPTLEX_PRODUCT_ID: "prod_1" });
});

Deno.test("an invoice has all its lines, and of their prices what they are, not what they say", async () => {
  const { asked, book } = bookOf();
  const lines = { data: [lineOf("price_1")], has_more: true };
  const whole = await book.withPrices({ id: "in_1", lines } as unknown as Stripe.Invoice) as {
    lines: { data: { pricing: { price_details: { price: unknown } } }[] };
  };
  assert.deepEqual(asked, ["in_1", "price_1", "price_gone"]);
  assert.deepEqual(whole.lines.data.map(({ pricing }) => pricing.price_details.price), [
    { id: "price_1", object: "price", product: "prod_1", recurring: { usage_type: "metered" } },
    "price_gone",
  ]);
});
