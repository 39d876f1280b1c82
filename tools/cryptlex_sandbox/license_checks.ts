// What a licence request may not name: unknown ids, taken keys, entries its template misses.

import type { Account } from "./account.ts";
import type { SandboxLicenseTemplate } from "./dto.ts";
import type { LicensePatch, LicenseRequest } from "./license_request.ts";
import { duplicate, Refusal } from "./refusal.ts";

/** The template a request asks for, or its product's. @throws {Refusal} when one is unknown. */
export function templateOf(
  account: Account,
  body: Pick<LicenseRequest, "productId" | "licenseTemplateId" | "licensePolicyId">,
): SandboxLicenseTemplate {
  const product = account.products.get(body.productId);
  if (!product) throw unknownReference(account, "product");
  const id = body.licenseTemplateId || body.licensePolicyId || product.licenseTemplateId;
  const template = account.licenseTemplates.get(id);
  if (!template) throw unknownReference(account, "license template");
  return template;
}

/** @throws {Refusal} for an unknown user or entitlement set, or a set of other products. */
export function requireReferences(account: Account, body: LicensePatch, productId: string): void {
  for (const userId of [body.userId, ...body.additionalUserIds ?? []]) {
    if (userId && !account.users.has(userId)) throw unknownReference(account, "user");
  }
  if (!body.entitlementSetId) return;
  const set = account.entitlementSets.get(body.entitlementSetId);
  if (!set) throw unknownReference(account, "entitlement set");
  if (!set.productIds.includes(productId)) {
    throw new Refusal(400, "The entitlement set is not for this product.");
  }
}

/** @throws {Refusal} `status` when a licence other than `owner` has the key. */
export function requireFreeKey(
  account: Account,
  key: string | null | undefined,
  { status, owner }: { readonly status: number; readonly owner?: string },
): void {
  if (!key || !account.switches.uniqueKeys) return;
  const holder = account.licenseByKey(key);
  if (holder && holder.id !== owner) {
    throw duplicate(status, "License key is already taken!", account.switches);
  }
}

/** @throws {Refusal} 400 when the key or the entries are not as the template demands. */
export function requireTemplate(
  account: Account,
  body: LicenseRequest,
  template: SandboxLicenseTemplate,
): void {
  const { keyPattern, missingRequiredMetadata } = account.switches;
  const pattern = keyPattern === "enforced" ? template.keyPattern : "";
  if (body.key && pattern && !new RegExp(pattern).test(body.key)) {
    throw new Refusal(400, "The license key does not match the key pattern of its template.");
  }
  if (missingRequiredMetadata === "ignored") return;
  requireAll(template.requiredMetadataKeys, body.metadata?.map(({ key }) => key));
  requireAll(template.requiredMeterAttributes, body.meterAttributes?.map(({ name }) => name));
}

function requireAll(required: readonly string[], given: readonly string[] = []) {
  const missing = required.find((name) => !given.includes(name));
  if (missing !== undefined) throw new Refusal(400, `The license template requires ${missing}.`);
}

function unknownReference(account: Account, what: string): Refusal {
  return new Refusal(account.switches.unknownReferenceStatus, `There is no such ${what}.`);
}
