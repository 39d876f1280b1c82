// Whether what is here runs there. Supabase tells of a function only what it made of it, so after a
// deploy a mark of both is left among the project's secrets, whose digests it tells.

import { sha256 } from "./digest.ts";
import type { Stage } from "./stage.ts";
import type { Deployed } from "./supabase_project.ts";

/** No secret: what was deployed last, and what Supabase made of it, as one digest. */
export const deployedName = "STRIPE_CRYPTLEX_DEPLOYED";

/** The same for the same files and the same function there. */
export async function deploymentMark(
  { digest }: Pick<Stage, "digest">,
  deployed: Deployed,
): Promise<string> {
  return await sha256(`${digest} ${deployed.digest}`);
}

/** Why it has to be deployed; null: it is. */
export async function neededDeploy(
  stage: Pick<Stage, "digest">,
  { deployed, secrets }: {
    deployed: Deployed | null;
    /** The project's, as SHA-256. */
    secrets: ReadonlyMap<string, string>;
  },
): Promise<string | null> {
  if (deployed === null) return "it is not there";
  if (deployed.verifiesJwt) return "it asks for a JWT, which Stripe cannot send";
  const mark = await sha256(await deploymentMark(stage, deployed));
  return secrets.get(deployedName) === mark ? null : "what runs there is not what is here";
}
