// The endpoints of products, licence templates and entitlement sets; read only.

import type { Account } from "./account.ts";
import type { Catalogue } from "./catalogue.ts";
import { CATALOGUE_FIELDS } from "./filter_fields.ts";
import { listPage } from "./list_page.ts";
import { Refusal } from "./refusal.ts";
import type { Route } from "./routes.ts";

/** `/v3/products`, `/v3/license-templates`, `/v3/entitlement-sets`. */
export const CATALOGUE_ROUTES: readonly Route[] = [
  ...reads("/v3/products", "products", ["product:read"]),
  // The document names one scope, Cryptlex's own pages the other.
  ...reads("/v3/license-templates", "licenseTemplates", [
    "licensePolicy:read",
    "licenseTemplate:read",
  ]),
  ...reads("/v3/entitlement-sets", "entitlementSets", ["entitlementSet:read"]),
];

function reads(path: string, kind: keyof Catalogue, scopes: readonly string[]): Route[] {
  return [
    {
      method: "GET",
      path,
      scopes,
      handle({ account, query }) {
        const all = [...account[kind].values()];
        const { records, headers } = listPage(all, query, { account, fields: CATALOGUE_FIELDS });
        return { status: 200, body: records.map((record) => counted(account, record)), headers };
      },
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      scopes,
      handle({ account, id }) {
        const record = account[kind].get(id);
        if (!record) throw new Refusal(404, `There is no such record in ${path}.`);
        return { status: 200, body: counted(account, record) };
      },
    },
  ];
}

function counted(account: Account, record: { readonly id: string }): unknown {
  if (!account.products.has(record.id)) return record;
  const licenses = [...account.licenses.values()].filter((l) => l.productId === record.id);
  return { ...record, totalLicenses: licenses.length };
}
