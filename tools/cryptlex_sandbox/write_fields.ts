// What a request writes into a record: plain fields, and metadata entries with ids of their own.

import type { Account } from "./account.ts";
import type { SandboxMetadata, ViewPermission } from "./dto.ts";
import type { MetadataRequest } from "./field_rules.ts";
import type { SandboxSwitches } from "./switches.ts";

/**
 * The fields of `body` to write over a record. An absent one stays as it is; `null` and an id of
 * `""` follow the switches; `empty` holds what a cleared field becomes.
 */
export function fieldsToWrite(
  body: Readonly<Record<string, unknown>>,
  empty: Readonly<Record<string, unknown>>,
  switches: SandboxSwitches,
): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(body)) {
    if (value === undefined) continue;
    const emptyId = value === "" && name.endsWith("Id");
    if (value !== null && !emptyId) fields[name] = value;
    else if (name in empty && switches[emptyId ? "patchEmptyId" : "patchNull"] === "clears") {
      fields[name] = empty[name];
    }
  }
  return fields;
}

/**
 * `old` with `incoming` written over it by key. An entry keeps its id, and its permissions when
 * none are sent.
 */
export function writeMetadata(
  account: Account,
  old: readonly SandboxMetadata[],
  incoming: readonly MetadataRequest[],
): SandboxMetadata[] {
  const now = account.stamp();
  const entries = new Map(old.map((entry) => [entry.key, entry]));
  for (const { key, value, viewPermissions: sent, visible } of incoming) {
    const before = entries.get(key);
    const deprecated: readonly ViewPermission[] | undefined = visible ? ["activation"] : undefined;
    const viewPermissions = sent ?? deprecated ?? before?.viewPermissions ?? [];
    entries.set(key, {
      id: before?.id ?? crypto.randomUUID(),
      createdAt: before?.createdAt ?? now,
      updatedAt: now,
      key,
      value,
      viewPermissions,
      visible: viewPermissions.includes("activation"),
    });
  }
  return [...entries.values()];
}
