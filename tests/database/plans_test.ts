// licensing.plans is filled in by people: what cannot mean anything is refused, and named.

import { strict as assert } from "node:assert";
import { databaseTest } from "./ledger_database.ts";

const sense = { stripe_id: "price_1", cryptlex_product_id: "product-app" };

const nonsense: readonly [constraint: string, row: Record<string, string | number | null>][] = [
  ["stripe_id_is_a_price_or_product", { stripe_id: "sub_1" }],
  ["stripe_id_is_a_price_or_product", { stripe_id: "Basic plan" }],
  ["stripe_id_is_a_price_or_product", { stripe_id: "" }],
  ["stripe_id_is_a_price_or_product", { stripe_id: " price_1" }],
  ["cryptlex_product_id_not_blank", { cryptlex_product_id: "" }],
  ["cryptlex_product_id_not_blank", { cryptlex_product_id: "   " }],
  ["license_template_id_not_blank", { license_template_id: "" }],
  ["entitlement_set_id_not_blank", { entitlement_set_id: " " }],
  ["seats_is_known", { seats: "users" }],
  ["seats_is_known", { seats: "" }],
  ["activations_per_unit_is_positive", { activations_per_unit: 0 }],
  ["activations_per_unit_is_positive", { activations_per_unit: -1 }],
];

databaseTest("licensing.plans takes what makes sense only", async ({ sql }, t) => {
  const insert = (row: Record<string, string | number | null>) =>
    sql`insert into licensing.plans ${sql({ ...sense, ...row })}`;
  const constraintOf = async (statement: Promise<unknown>) => {
    const error = await statement.then(() => null, (error) => error);
    return error?.constraint_name ?? error?.column_name ?? error?.message ?? null;
  };

  for (const [constraint, row] of nonsense) {
    await t.step(`refused: ${JSON.stringify(row)}`, async () => {
      assert.equal(await constraintOf(insert(row)), constraint);
    });
  }

  await t.step("refused: no product", async () => {
    assert.equal(await constraintOf(insert({ cryptlex_product_id: null })), "cryptlex_product_id");
  });

  await t.step("taken: all ways to count, of prices and products; once each", async () => {
    for (const seats of ["ignore", "activations", "floating_clients", "licenses"]) {
      await insert({ stripe_id: `price_${seats}`, seats, activations_per_unit: 5 });
    }
    await insert({ stripe_id: "prod_1", license_template_id: "t", entitlement_set_id: "s" });
    assert.equal(await constraintOf(insert({ stripe_id: "prod_1" })), "plans_pkey");
  });

  await t.step("refused: nonsense that is written over what made sense", async () => {
    assert.equal(
      await constraintOf(sql`update licensing.plans set seats = 'many' where stripe_id = 'prod_1'`),
      "seats_is_known",
    );
  });
});
