// The ledger's functions, straight over a connection to PostgreSQL.

import postgres from "postgres";
import type { RpcClient } from "../../functions/stripe-cryptlex/rpc_client.ts";

/** Of a Supabase client what the ledger needs of it; the connection is to be service_role's. */
export function postgresRpc(sql: postgres.Sql): RpcClient {
  const rpc = async (door: string, { request, at }: Parameters<RpcClient["rpc"]>[1]) => {
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
  return { rpc };
}
