// Several valid licenses where one was bought, as Cryptlex's script made them. Pure.

import { isLiving, type KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import type { Finding } from "./finding.ts";
import type { ListedLicense } from "../operator/listed_license.ts";

/** Each but the one to keep, with a proposal; all are kept in step meanwhile. */
export function findDoubles(
  purchaseId: string,
  licenses: readonly KnownLicense[],
  shown: (licenseId: string) => ListedLicense | null,
): Finding[] {
  const valid = licenses.filter((license) => isLiving(license) && !license.seen.revoked);
  const slots = Map.groupBy(valid, ({ slot }) => slot);
  return [...slots.values()].filter((holders) => holders.length > 1).flatMap((holders) => {
    const [kept, ...others] = holders.map(({ licenseId }) => ({ licenseId, ...usedBy(licenseId) }))
      .sort((a, b) => b.activations - a.activations || a.madeAt - b.madeAt);
    return others.map(({ licenseId, activations }): Finding => ({
      kind: "doubled",
      state: "person",
      purchaseId,
      licenseId,
      found: `beside license ${kept?.licenseId}, which has ${kept?.activations} activations; ` +
        `this one has ${activations}`,
      proposal: activations === 0
        ? "revoke it in Cryptlex: nobody uses it"
        : "ask the buyer which one is used, and revoke the other in Cryptlex",
    }));
  });

  function usedBy(licenseId: string): { activations: number; madeAt: number } {
    const license = shown(licenseId);
    return {
      activations: license?.totalActivations ?? 0,
      madeAt: license?.createdAt.getTime() ?? 0,
    };
  }
}
