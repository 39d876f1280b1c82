// Compares the licenses a purchase has in Cryptlex with the one the story says. Pure.

import type { SandboxLicense } from "../cryptlex_sandbox/sandbox.ts";
import type { StoryLicense } from "./story_step.ts";

/** What differs, a sentence each; empty: it is as the story says. Null says there must be none. */
export function licenseProblems(
  expected: StoryLicense | null,
  found: readonly SandboxLicense[],
): string[] {
  if (expected === null) {
    return found.length === 0 ? [] : [`there must be no license, there are ${found.length}`];
  }
  const [license] = found;
  if (license === undefined || found.length > 1) {
    return [`there must be one license, there are ${found.length}`];
  }
  const facts: [name: string, is: unknown, must: unknown][] = [
    ["user", license.user?.email ?? "nobody", expected.email],
    ["product", license.productId, expected.productId],
    ["entitlement set", license.entitlementSetId ?? "none", expected.entitlementSetId ?? "none"],
    ["activations", license.allowedActivations, expected.activations],
    ["suspended", license.suspended, expected.suspended],
    ["revoked", license.revoked, expected.revoked],
    ["expires", expiryOf(license, expected.expires), expiryWord(expected.expires)],
  ];
  return facts
    .filter(([_name, is, must]) => is !== must)
    .map(([name, is, must]) => `${name} must be ${must}, is ${is}`);
}

/** The licenses that name this Stripe id in their metadata. */
export function licensesOf(
  purchaseId: string,
  licenses: readonly SandboxLicense[],
): SandboxLicense[] {
  return licenses.filter(({ metadata }) => metadata.some(({ value }) => value === purchaseId));
}

function expiryOf(license: SandboxLicense, expected: StoryLicense["expires"]): string {
  if (license.perpetual) return "never";
  if (license.expiresAt === null) return "undecided";
  return expected === "template" ? "template" : new Date(license.expiresAt).toISOString();
}

function expiryWord(expires: StoryLicense["expires"]): string {
  return expires instanceof Date ? expires.toISOString() : expires;
}
