// What is there when the story is over, as tables for the terminal. Pure.

import type { SandboxLicense } from "../cryptlex_sandbox/sandbox.ts";
import { sampleAccount } from "../sample_account.ts";
import { alignColumns } from "../table.ts";
import type { Style } from "../terminal.ts";
import { wrapWords } from "../wrap_words.ts";
import type { EventRow } from "./end_state.ts";

const indent = "  ";
/** Of the terminal, without the indent of an outcome. */
const outcomeWidth = 96;

const { products, entitlementSets } = sampleAccount;
const names = new Map([...products, ...entitlementSets].map(({ id, name }) => [id, name]));

/** A line a license. */
export function licenseLines(licenses: readonly SandboxLicense[], style: Style): string[] {
  const rows = licenses.map((license) => [
    license.user?.email ?? "",
    named(license.productId),
    license.entitlementSetId === null ? "" : named(license.entitlementSetId),
    String(license.allowedActivations),
    stateOf(license),
    license.metadata.find(({ value }) => /^(sub|pi|cs)_/.test(value))?.value ?? "",
  ]);
  const heads = ["user", "product", "set", "seats", "state", "Stripe purchase"];
  const [head = "", ...lines] = alignColumns([heads, ...rows]);
  return [style.dim(indent + head), ...lines.map((line) => indent + line)];
}

/** A line an event, and what came of it below. */
export function eventLines(events: readonly EventRow[], style: Style): string[] {
  const rows = events.map((event) => [
    event.event_type,
    event.status,
    event.purchase_id ?? "",
  ]);
  const [head = "", ...lines] = alignColumns([["event_type", "status", "purchase_id"], ...rows]);
  return [
    style.dim(indent + head),
    ...events.flatMap(({ outcome, last_error }, index) => [
      indent + lines[index],
      ...wrapWords(outcome ?? last_error ?? "", outcomeWidth)
        .map((line) => style.dim(indent + indent + line)),
    ]),
  ];
}

function named(id: string): string {
  return names.get(id) ?? id;
}

function stateOf({ revoked, suspended, perpetual, expiresAt }: SandboxLicense): string {
  if (revoked) return "revoked";
  if (suspended) return "suspended";
  return perpetual ? "never expires" : `until ${(expiresAt ?? "").slice(0, 10)}`;
}
