// Calls the ledger's doors as the function calls its own, with the secret key. Decides nothing.

import { createClient } from "@supabase/supabase-js";
import type { z } from "zod";
import { storableJson } from "../../functions/stripe-cryptlex/storable_json.ts";
import type { OperatorSettings } from "./operator_settings.ts";

/** Of a client with the secret key what the doors are called by. */
export type DoorClient = {
  rpc(door: string, args: { readonly request: string; readonly at?: string }): PromiseLike<{
    readonly data: unknown;
    readonly error: { readonly code: string } | null;
    readonly status?: number;
  }>;
};

/** Calls a door and reads its answer; rejects with an error that says what to look at. */
export type CallDoor = <T extends z.ZodType>(
  door: string,
  request: Record<string, unknown>,
  schema: T,
) => Promise<z.infer<T>>;

const databaseTimeoutMs = 10_000;

/** A client of the target's database. */
export function doorClient(
  { url, secretKey }: Pick<OperatorSettings, "url" | "secretKey">,
): DoorClient {
  return createClient(url, secretKey, {
    auth: { persistSession: false, autoRefreshToken: false },
    db: { timeout: databaseTimeoutMs },
  });
}

/** The doors behind a client; `at` overrides the database's clock, for tests. */
export function createDoorCaller(client: DoorClient, { at }: { at?: Date } = {}): CallDoor {
  return async (door, request, schema) => {
    const { data, error, status = 0 } = await client.rpc(door, {
      request: storableJson(request),
      ...(at && { at: at.toISOString() }),
    });
    if (error !== null) throw new Error(refusal(door, { code: error.code, status }));
    return schema.parse(data);
  };
}

/** The database's own message may quote what it was given; its code tells enough. */
function refusal(door: string, { code, status }: { code?: string; status: number }): string {
  const said = code || (status ? `HTTP ${status}` : "nothing");
  const cures: readonly [boolean, string][] = [
    [code === "PGRST202", "bring its migrations up to date: supabase db push --remote"],
    [
      code === "42501" || status === 401 || status === 403,
      "the key must be the project's secret one",
    ],
    [!code && !status, "is SUPABASE_URL right, and the project awake?"],
  ];
  const cure = cures.find(([applies]) => applies)?.[1];
  return `Cannot ${door}: the database answered ${said}${cure ? ` (${cure})` : ""}`;
}
