// Prices and products, each read once: lists name them by id, and what they sell is in their metadata.

import type Stripe from "stripe";
import type { StripeLists } from "./stripe_lists.ts";

export type PriceBook = {
  /** The subscription with the products of its prices in it: a list goes no deeper than its prices. */
  withProducts(subscription: Stripe.Subscription): Promise<unknown>;
  /** A session's lines with their products. */
  linesWithProducts(lines: readonly Stripe.LineItem[]): Promise<unknown[]>;
  /** The invoice with all its lines, and their prices: those tell what is billed in arrears. */
  withPrices(invoice: Stripe.Invoice): Promise<unknown>;
};

export function createPriceBook(lists: StripeLists): PriceBook {
  const products = remembered((id) => lists.product(id));
  const prices = remembered((id) => lists.price(id));

  async function priceShown(price: Stripe.Price): Promise<Stripe.Price> {
    const { product } = price;
    const shown = typeof product === "string" ? (await products.get(product)) ?? product : product;
    const whole = { ...price, product: shown };
    prices.know(price.id, whole);
    return whole;
  }

  async function lineShown(line: Stripe.InvoiceLineItem): Promise<unknown> {
    const id = line.pricing?.price_details?.price;
    if (typeof id !== "string" || line.pricing === null) return line;
    const price = await prices.get(id);
    if (price === null) return line;
    const { product } = price;
    const details = {
      ...line.pricing.price_details,
      // Its metadata is no fact of the invoice: it may have changed since.
      price: { id, object: "price", product: idOf(product), recurring: price.recurring },
    };
    return { ...line, pricing: { ...line.pricing, price_details: details } };
  }

  return {
    async withProducts(subscription) {
      const data = await Promise.all(subscription.items.data.map(async (item) => ({
        ...item,
        price: await priceShown(item.price),
      })));
      return { ...subscription, items: { ...subscription.items, data } };
    },
    linesWithProducts: (lines) =>
      Promise.all(
        lines.map(async (line) =>
          line.price === null ? line : { ...line, price: await priceShown(line.price) }
        ),
      ),
    async withPrices(invoice) {
      const { lines } = invoice;
      const all = lines.has_more ? await lists.invoiceLines(invoice.id ?? "") : lines.data;
      const data = await Promise.all(all.map(lineShown));
      return { ...invoice, lines: { ...lines, data, has_more: false } };
    },
  };
}

function remembered<T>(ask: (id: string) => Promise<{ object: T } | null>) {
  const known = new Map<string, Promise<T | null>>();
  return {
    get(id: string): Promise<T | null> {
      const found = known.get(id) ?? ask(id).then((shown) => shown?.object ?? null);
      known.set(id, found);
      return found;
    },
    know: (id: string, object: T) => void known.set(id, Promise.resolve(object)),
  };
}

function idOf(reference: string | { readonly id: string }): string {
  return typeof reference === "string" ? reference : reference.id;
}
