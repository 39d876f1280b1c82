import assert from "node:assert/strict";
import { licenseMetadata } from "../../../functions/stripe-cryptlex/license_metadata.ts";
import { nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { explain } from "../../../tools/explain/explanation.ts";
import { metadataOf } from "../../../tools/explain/facts_words.ts";
import { unknownVerdict } from "../../../tools/explain/unknown_verdict.ts";
import { policyWith } from "../../stripe-cryptlex/builders/policy_with.ts";
import { itemWith } from "../../stripe-cryptlex/builders/purchase_with.ts";
import { detailOf, ledgerNow, toldEvent, unsettled } from "./detail_of.ts";
import { situations } from "./situations.ts";

for (const { name, detail, ledger, kind, says } of situations) {
  Deno.test(`the answer to a purchase that is so: ${name}`, () => {
    const { verdict } = explain(detail, { policy: policyWith(), ledger: ledgerNow(ledger) });
    assert.equal(verdict.kind, kind, verdict.text);
    assert.match(verdict.text, says);
    assert.doesNotMatch(verdict.text, /undefined|null|NaN|\.\.|: \.|@/);
  });
}

Deno.test("what is mapped by nothing here may be mapped by the function's own setting", () => {
  const text = (...events: ReturnType<typeof toldEvent>[]) =>
    explain(detailOf({ purchase: { items: { si_1: itemWith() } }, events }), {
      policy: policyWith({ cryptlexProductId: null }),
      ledger: ledgerNow(),
    }).verdict.text;
  assert.match(text(toldEvent()), /CRYPTLEX_PRODUCT_ID is not set here: set it as the function/);
  assert.doesNotMatch(text(toldEvent({ status: "ignored" })), /not set here/);
});

const nobody = { total: 0, rows: [] };
const asked = { kind: "id", id: "sub_1" } as const;

Deno.test("of what nobody told of it is asked whether it was ever delivered", () => {
  const byId = unknownVerdict(asked, nobody);
  assert.equal(byId.kind, "unknown");
  assert.match(byId.text, /Was its event ever delivered\? .* other mode, account or project\?$/);
  const byEmail = unknownVerdict({ kind: "email", email: "ada@example.com" }, null);
  assert.equal(byEmail.kind, "unknown");
  assert.match(byEmail.text, /^No purchase and no customer is known by this address/);
  assert.ok(!byEmail.text.includes("@"));
});

Deno.test("events without a purchase are the answer where there is none", () => {
  const told = (...rows: ReturnType<typeof toldEvent>[]) =>
    unknownVerdict(asked, { total: rows.length, rows });
  const loose = { isRead: false } as const;
  assert.match(
    told(toldEvent({ ...loose, status: "ignored", outcome: "it failed" })).text,
    /^No purchase is known: it failed\. Was its invoice\.paid/,
  );
  assert.match(
    unknownVerdict({ kind: "id", id: "evt_1" }, { total: 1, rows: [toldEvent(loose)] }).text,
    /Ask by the id of the subscription or payment, or by the buyer's e-mail address\.$/,
  );
  const unread = told(unsettled("parked", "missing: id", loose), toldEvent(loose));
  assert.equal(unread.kind, "parked");
  assert.match(unread.text, /Update stripe-cryptlex and deploy it, then: deno task replay evt_1$/);
  assert.equal(told(unsettled("pending", null, loose)).kind, "waiting");
});

Deno.test("a license made by hand is found by the metadata that is named", () => {
  for (const purchaseId of ["sub_1", "pi_1", "cs_1", "in_1"]) {
    const metadata = licenseMetadata(purchaseId, { purchase: nothing, slot: "a/1", itemId: null });
    const found = metadata.map(({ key, value }) => `${key} = ${value}`);
    assert.ok(found.includes(metadataOf(purchaseId)), purchaseId);
  }
});
