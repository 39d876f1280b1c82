// Licenses in words: those the ledger knows, and those that should be. Pure.

import type { LicenseFacts } from "./license_facts.ts";
import type { ShouldBe } from "./should_be.ts";
import { day } from "./words.ts";

/** The cells of a license, and a line about it. */
export function licenseWords(license: LicenseFacts): { cells: string[]; note: string } {
  const { slot, origin, mappedBy, byHand, endedAt, goneAt } = license;
  const condition = byHand ? `${license.condition} by hand` : license.condition;
  const over = endedAt ?? goneAt;
  return {
    cells: [
      license.licenseId,
      untilWords(license),
      over === null ? condition : `${condition}, ${day(over)}`,
    ],
    note: [
      `slot ${slot}`,
      ...seatWords(license),
      origin === "adopted" ? "found in Cryptlex" : `mapped by ${mappedBy}`,
    ].join("; "),
  };
}

/** What should be, a line a license, and why it is not to work. */
export function desiredWords({ licenses, revokes, suspends }: ShouldBe): string[] {
  const state = revokes.length > 0
    ? `revoked: ${revokes.join(", ")}`
    : suspends.length > 0
    ? `suspended: ${suspends.join(", ")}`
    : null;
  return licenses.map((license) =>
    [
      `a license of product ${license.productId}`,
      license.expiresAt === null
        ? "its end left to the template"
        : `until ${day(license.expiresAt)}`,
      ...seatWords(license),
      ...(state === null ? [] : [state]),
    ].join(", ")
  );
}

function untilWords({ expiresAt, perpetual }: LicenseFacts): string {
  if (expiresAt !== null) return `until ${day(expiresAt)}`;
  return perpetual ? "perpetual" : "from activation";
}

function seatWords(
  { allowedActivations, allowedFloatingClients }: {
    allowedActivations: number | null;
    allowedFloatingClients: number | null;
  },
): string[] {
  const words = (count: number | null, noun: string) =>
    count === null ? [] : [`${count > 0 ? count : "unlimited"} ${noun}${count === 1 ? "" : "s"}`];
  return [
    ...words(allowedActivations, "activation"),
    ...words(allowedFloatingClients, "floating client"),
  ];
}
