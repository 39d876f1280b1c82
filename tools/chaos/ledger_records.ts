// What the ledger says at the end: every event accounted for, and what was done about a purchase.

import type postgres from "postgres";

export type EventRow = {
  readonly event_id: string;
  readonly event_type: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly last_error: string | null;
  readonly attempts: number;
  readonly purchase_id: string | null;
};

export type ActionRow = {
  readonly acted_at: string;
  readonly action: string;
  readonly license_id: string | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly event_ids: readonly string[];
};

export type LedgerRecords = {
  readonly events: readonly EventRow[];
  /** Ids of the licenses that can be used, as far as the ledger knows. */
  readonly usableLicenses: readonly string[];
  /** Calls to Cryptlex by action. */
  readonly actionCounts: Readonly<Record<string, number>>;
};

export async function readLedger(sql: postgres.Sql): Promise<LedgerRecords> {
  const events = await sql<EventRow[]>`
    select event_id, event_type, status, outcome, last_error, attempts, purchase_id
    from licensing.stripe_events order by received_at`;
  const licenses = await sql<{ license_id: string }[]>`
    select license_id from licensing.licenses 
    where ended_at is null and gone_at is null and not revoked and not suspended`;
  const actions = await sql<{ action: string; times: number }[]>`
    select action, count(*)::integer as times from licensing.license_actions
    group by action order by action`;
  return {
    events: [...events],
    usableLicenses: licenses.map((row) => row.license_id),
    actionCounts: Object.fromEntries(actions.map(({ action, times }) => [action, times])),
  };
}

/** What was done for a purchase known by any of these ids, in the order it was written down. */
export async function readActions(
  sql: postgres.Sql,
  stripeIds: readonly string[],
): Promise<ActionRow[]> {
  return [
    ...await sql<ActionRow[]>`
    select acted_at::text, action, license_id, status, error, event_ids
    from licensing.license_actions where purchase_id = any (${[...stripeIds]})
    order by action_id`,
  ];
}

/** Events that were sent and are not there, not settled, or there though nobody sent them. */
export function eventProblems(
  sent: readonly { readonly id: string }[],
  rows: readonly EventRow[],
): string[] {
  const wanted = new Set(sent.map(({ id }) => id));
  const there = new Map(rows.map((row) => [row.event_id, row]));
  const lost = [...wanted].filter((id) => !there.has(id)).map((id) => `${id} is not recorded`);
  const strange = rows.filter((row) => !wanted.has(row.event_id))
    .map((row) => `${row.event_id} was never sent`);
  const unsettled = rows.filter(({ status }) => status !== "applied" && status !== "ignored")
    .map((row) => `${row.event_id} (${row.event_type}) is ${row.status}: ${row.last_error}`);
  return [...lost, ...strange, ...unsettled];
}

/** Where ledger and Cryptlex differ on which licenses are usable. */
export function licenseRowProblems(
  inLedger: readonly string[],
  usable: readonly string[],
): string[] {
  return [
    ...usable.filter((id) => !inLedger.includes(id))
      .map((id) => `license ${id} is usable and the ledger does not know it`),
    ...inLedger.filter((id) => !usable.includes(id))
      .map((id) => `license ${id} is usable only in the ledger`),
  ];
}
