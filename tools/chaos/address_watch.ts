// Watches that no user's e-mail address is ever changed, not even for a moment.

import type { CryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";

export type AddressWatch = {
  /** The sandbox, every call to its users watched. */
  readonly sandbox: CryptlexSandbox;
  /** A sentence for each user whose address was another one before. */
  problems(): string[];
};

export function watchAddresses(sandbox: CryptlexSandbox): AddressWatch {
  const first = new Map<string, string>();
  const changed = new Set<string>();

  function look(): void {
    for (const { id, email } of sandbox.users()) {
      const known = first.get(id);
      if (known === undefined) first.set(id, email);
      else if (known !== email) changed.add(`the address of user ${id} was changed from ${known}`);
    }
  }
  look();

  return {
    sandbox: {
      ...sandbox,
      async fetch(input, init) {
        const { url } = new Request(input, init);
        try {
          return await sandbox.fetch(input, init);
        } finally {
          if (new URL(url).pathname.startsWith("/v3/users")) look();
        }
      },
    },
    problems() {
      look();
      return [...changed];
    },
  };
}
