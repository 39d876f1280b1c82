// Events that sell nothing.

import type { StripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { oneTimeProduct } from "../chaos_catalogue.ts";
import type { ChaosPurchase } from "./chaos_purchase.ts";

export function noise(shop: StripeShop, nth: number): ChaosPurchase {
  switch (nth % 4) {
    case 0:
      return { title: "noise", events: [shop.other("product.created", { id: oneTimeProduct })] };
    case 1:
      return { title: "noise", events: [shop.setup({ email: "only@chaos.example" }).completed()] };
    case 2:
      return { title: "noise", events: [shop.thin("v1.invoice.paid")] };
    default: {
      const customer = shop.customer({
        email: `only-${nth}@chaos.example`,
        name: "Chaosname Only",
      });
      const change = { at: new Date("2026-05-05T05:05:05Z"), name: "Chaosname Still" };
      return { title: "a customer who buys nothing", events: [customer.updated(change)] };
    }
  }
}
