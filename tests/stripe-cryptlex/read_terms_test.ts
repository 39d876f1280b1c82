import assert from "node:assert/strict";
import { readTerms } from "../../functions/stripe-cryptlex/read_terms.ts";

Deno.test("the keys are those of Cryptlex's own script", () => {
  const metadata = {
    CRYPTLEX_PRODUCT_ID: "product-a",
    CRYPTLEX_LICENSE_TEMPLATE: "template-a",
    CRYPTLEX_ENTITLEMENT_SET_ID: "set-a",
    other: "x",
  };
  assert.deepEqual(readTerms(metadata), {
    productId: "product-a",
    licenseTemplateId: "template-a",
    entitlementSetId: "set-a",
  });
});

Deno.test("without a product nothing is named, whatever else is", () => {
  const template = { CRYPTLEX_LICENSE_TEMPLATE: "template-a" };
  for (const metadata of [null, {}, template, { ...template, CRYPTLEX_PRODUCT_ID: " " }]) {
    assert.equal(readTerms(metadata), null);
  }
});

Deno.test("a blank value is none, and white space is no part of one", () => {
  const metadata = {
    CRYPTLEX_PRODUCT_ID: " product-a\n",
    CRYPTLEX_LICENSE_TEMPLATE: "",
    CRYPTLEX_ENTITLEMENT_SET_ID: "  ",
  };
  assert.deepEqual(readTerms(metadata), {
    productId: "product-a",
    licenseTemplateId: null,
    entitlementSetId: null,
  });
});
