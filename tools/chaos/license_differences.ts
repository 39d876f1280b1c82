// In what a license differs from what it must be, a sentence each. Pure.

import { addInterval, parseInterval } from "../cryptlex_sandbox/calendar_interval.ts";
import type { SandboxLicense } from "../cryptlex_sandbox/sandbox.ts";
import { account } from "./chaos_catalogue.ts";
import type { ExpectedLicense } from "./model/expected_licenses.ts";

const hourMs = 60 * 60 * 1000;

/** `emails`: whose it may be, in small letters. */
export function licenseDifferences(
  license: SandboxLicense,
  wanted: ExpectedLicense,
  emails: readonly string[],
): string[] {
  const facts: [name: string, is: unknown, must: unknown][] = [
    ["product", license.productId, wanted.productId],
    ["entitlement set", license.entitlementSetId, wanted.entitlementSetId],
    ["activations", license.allowedActivations, wanted.allowedActivations],
    ["floating clients", license.allowedFloatingClients, wanted.allowedFloatingClients],
  ];
  const email = license.user?.email.toLowerCase();
  return [
    ...facts.filter(([_name, is, must]) => is !== must)
      .map(([name, is, must]) => `${name} must be ${must}, is ${is}`),
    ...(email !== undefined && emails.includes(email)
      ? []
      : [`user must be ${emails.join(" or ")}, is ${email}`]),
    ...expiryDifference(license, wanted),
  ];
}

function expiryDifference(license: SandboxLicense, wanted: ExpectedLicense): string[] {
  const until = wanted.until === "template" ? templateEnd(license, wanted) : wanted.until;
  const is = license.expiresAt === null ? null : new Date(license.expiresAt);
  const isRight = until === null || is === null
    ? until === is && license.perpetual === (until === null)
    : Math.abs(is.getTime() - until.getTime()) <= hourMs;
  if (isRight) return [];
  return [`it must expire ${until?.toISOString() ?? "never"}, expires ${license.expiresAt}`];
}

/** Null: its template makes it perpetual. */
function templateEnd({ createdAt }: SandboxLicense, wanted: ExpectedLicense): Date | null {
  const id = wanted.templateId ??
    account.products.find((product) => product.id === wanted.productId)?.licenseTemplateId;
  const interval = account.licenseTemplates.find((template) => template.id === id)
    ?.subscriptionInterval;
  const length = parseInterval(interval ?? "");
  return length === null ? null : addInterval(new Date(createdAt), length);
}
