// Where the read API keeps an object, told by the beginning of its id. Pure.

const COLLECTIONS: Record<string, string> = {
  ch: "charges",
  cs: "checkout/sessions",
  cus: "customers",
  du: "disputes",
  in: "invoices",
  price: "prices",
  prod: "products",
  re: "refunds",
  sub: "subscriptions",
};

/** `/v1/subscriptions/sub_…` for `sub_…`; null for ids of other things. */
export function objectPath(id: string): string | null {
  const collection = COLLECTIONS[id.slice(0, id.indexOf("_"))];
  return collection === undefined ? null : `/v1/${collection}/${id}`;
}

/** `/v1/subscriptions/sub_…` as what it names and whose: `subscription`, `sub_…`. */
export function namedObject(path: string): { what: string; id: string } | null {
  for (const collection of Object.values(COLLECTIONS)) {
    const [, id] = new RegExp(`^/v1/${collection}/([^/]+)(/line_items|/lines)?$`).exec(path) ?? [];
    if (id !== undefined) {
      return { what: collection.replace(/s$/, "").replace("/", "."), id };
    }
  }
  return null;
}
