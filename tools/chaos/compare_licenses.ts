// What Cryptlex has against what the model says. Pure.

import type { SandboxLicense } from "../cryptlex_sandbox/sandbox.ts";
import { licenseDifferences } from "./license_differences.ts";
import type { ExpectedBuyer } from "./model/expected_buyers.ts";
import type { ExpectedPurchase } from "./model/expected_licenses.ts";

/** A purchase that is not as it must be; `problems` are sentences. */
export type WrongPurchase = {
  readonly expected: ExpectedPurchase;
  /** Its licenses, also those that cannot be used. */
  readonly found: readonly SandboxLicense[];
  readonly problems: readonly string[];
};

/** The purchases whose usable licenses are not exactly as the model says. */
export function wrongPurchases(
  expected: readonly ExpectedPurchase[],
  { licenses, buyers }: {
    licenses: readonly SandboxLicense[];
    buyers: readonly ExpectedBuyer[];
  },
): WrongPurchase[] {
  return expected.map((purchase) => {
    const found = licenses.filter((license) => names(license, purchase));
    const emails = buyers.filter(({ stripeIds }) => stripeIds.includes(purchase.stripeIds[0] ?? ""))
      .flatMap((buyer) => buyer.emails);
    return { expected: purchase, found, problems: problemsOf(purchase, { found, emails }) };
  }).filter(({ problems }) => problems.length > 0);
}

/** Licenses of no purchase. */
export function strayProblems(
  expected: readonly ExpectedPurchase[],
  licenses: readonly SandboxLicense[],
): string[] {
  return licenses.filter((license) => !expected.some((purchase) => names(license, purchase)))
    .map(({ id }) => `license ${id} belongs to no purchase`);
}

/** Neither revoked nor suspended. */
export function isUsable({ revoked, suspended }: SandboxLicense): boolean {
  return !revoked && !suspended;
}

function names(license: SandboxLicense, { stripeIds }: ExpectedPurchase): boolean {
  return license.metadata.some(({ value }) => stripeIds.includes(value));
}

function problemsOf(
  { licenses, isEntitled }: ExpectedPurchase,
  { found, emails }: { found: readonly SandboxLicense[]; emails: readonly string[] },
): string[] {
  const usable = found.filter(isUsable);
  return [
    ...(isEntitled || found.length === 0 ? [] : ["a license was made, and nothing was paid for"]),
    ...doubles(found),
    ...(usable.length === licenses.length
      ? paired(licenses, { usable, emails })
      : [`there must be ${licenses.length} usable licenses, there are ${usable.length}`]),
  ];
}

/** One slot is one license, for ever. */
function doubles(found: readonly SandboxLicense[]): string[] {
  const slots = found.flatMap(({ metadata }) =>
    metadata.filter(({ key }) => key === "stripe_cryptlex_slot").map(({ value }) => value)
  );
  const twice = slots.filter((slot, at) => slots.indexOf(slot) !== at);
  return [...new Set(twice)].map((slot) => `a license was made more than once for ${slot}`);
}

/** Each with the one most like it, until all are taken; then what still differs. */
function paired(
  wanted: ExpectedPurchase["licenses"],
  { usable, emails }: { usable: readonly SandboxLicense[]; emails: readonly string[] },
): string[] {
  const left = [...usable];
  const waiting = [...wanted];
  const problems: string[] = [];
  for (let most = 0; waiting.length > 0; most++) {
    for (const license of [...waiting]) {
      const at = left.findIndex((one) => licenseDifferences(one, license, emails).length <= most);
      const [taken] = at < 0 ? [] : left.splice(at, 1);
      if (taken === undefined) continue;
      waiting.splice(waiting.indexOf(license), 1);
      problems.push(...licenseDifferences(taken, license, emails));
    }
  }
  return problems;
}
