// The products behind the prices: the read API gives them, events only name them.
import type Stripe from "stripe";
import type { StripeAccount } from "./stripe_account.ts";
import type { Wire } from "./stripe_wire.ts";
import { unixTime } from "./unix_time.ts";

/** Has the read API give the product; what is undefined stays as it was. */
export function publishProduct(
  account: StripeAccount,
  product: {
    id: string;
    name: string | undefined;
    metadata: Record<string, string> | undefined;
  },
): void {
  const path = `/v1/products/${product.id}`;
  const before = account.read(path, account.now) ?? productObject(account, product.id);
  const { name, metadata } = product;
  const after = {
    ...before,
    ...(name === undefined ? {} : { name }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  account.publish(path, () => after);
}

function productObject(account: StripeAccount, id: string): Record<string, unknown> {
  const created = unixTime(account.now);
  return {
    id,
    object: "product",
    active: true,
    created,
    default_price: null,
    description: null,
    images: [],
    livemode: account.livemode,
    marketing_features: [],
    metadata: {},
    name: `Product ${id.slice(-4)}`,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    type: "service",
    unit_label: null,
    updated: created,
    url: null,
  } satisfies Wire<Stripe.Product>;
}
