// Which Cryptlex development talks to: yours when you give its token, else a sandbox that is kept.

import { serveCryptlexSandbox } from "../cryptlex_sandbox/serve.ts";
import { app, sampleAccount } from "../sample_account.ts";
import { openKeptSandbox } from "./kept_sandbox.ts";

/** `sandboxUrl` is null for the real one. */
export type CryptlexOfDev = { readonly sandboxUrl: string | null; stop(): Promise<void> };

export async function startCryptlex(
  given: Readonly<Record<string, string>>,
  { file, port }: { file: string; port: number },
): Promise<CryptlexOfDev> {
  if (given.CRYPTLEX_ACCESS_TOKEN !== undefined) {
    return { sandboxUrl: null, stop: () => Promise.resolve() };
  }
  const { products } = sampleAccount;
  const named = given.CRYPTLEX_PRODUCT_ID;
  // A product you name is sold here, too.
  const missing = named !== undefined && products.every(({ id }) => id !== named)
    ? [{ ...app, id: named, name: named }]
    : [];
  const sandbox = await openKeptSandbox(file, {
    ...sampleAccount,
    products: [...products, ...missing],
  });
  const { url, shutdown } = await serveCryptlexSandbox(sandbox, { port });
  return { sandboxUrl: url, stop: shutdown };
}
