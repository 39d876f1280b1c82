// The ledger's functions, straight over a connection to PostgreSQL.

import type { SupabaseClient } from "@supabase/supabase-js";
import postgres from "postgres";

type Arguments = { readonly request: string; readonly at?: string };

/** Of a Supabase client what the ledger needs of it; the connection is to be service_role's. */
export function postgresRpc(sql: postgres.Sql): Pick<SupabaseClient, "rpc"> {
  const rpc = async (door: string, { request, at }: Arguments) => {
    try {
      const [row] = await sql`select ${sql(`public.${door}`)}(${request}, coalesce(${
        at ?? null
      }::timestamptz, now())) as data`;
      return { data: row?.["data"], error: null };
    } catch (error) {
      if (!(error instanceof postgres.PostgresError)) throw error;
      return { data: null, error: { code: error.code, message: error.message } };
    }
  };
  // Of its answer, too, only data and error are used.
  return { rpc } as unknown as Pick<SupabaseClient, "rpc">;
}
