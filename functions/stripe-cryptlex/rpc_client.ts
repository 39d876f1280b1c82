// The database behind PostgREST, as far as the ledger needs it.

/** What is called is a database function of one text holding JSON. */
export type RpcClient = {
  rpc(
    door: string,
    args: { readonly request: string; readonly at?: string },
  ): PromiseLike<{
    readonly data: unknown;
    readonly error: { readonly code: string } | null;
  }>;
};

/**
 * A client that is made at the first call: what it is made of is half of what the function imports.
 * One that could not be made is made anew at the next.
 */
export function lazyRpcClient(connect: () => Promise<RpcClient>): RpcClient {
  let connected: Promise<RpcClient> | null = null;
  return {
    async rpc(door, args) {
      connected ??= connect().catch((error) => {
        connected = null;
        throw error;
      });
      return await (await connected).rpc(door, args);
    },
  };
}
