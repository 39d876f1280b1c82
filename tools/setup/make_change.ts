// Makes one change. Each can be cut off anywhere: the next run sees what is left to do.

import type { Change } from "./change.ts";
import { sha256 } from "./digest.ts";
import { madeBySetup, secretStored } from "./endpoint.ts";
import { deployedName, deploymentMark } from "./needed_deploy.ts";
import type { Stage } from "./stage.ts";
import type { StripeEndpoints } from "./stripe_endpoints.ts";
import type { SupabaseProject } from "./supabase_project.ts";

export type Hands = {
  readonly project: SupabaseProject;
  readonly stripe: StripeEndpoints;
  readonly stage: Stage;
  /** This folder. */
  readonly repository: string;
};

/** An endpoint that was made, with its signing secret. */
export type MadeEndpoint = { readonly id: string; readonly signingSecret: string };

/** Null: no endpoint was made. */
export async function makeChange(change: Change, hands: Hands): Promise<MadeEndpoint | null> {
  const { project, stripe, stage, repository } = hands;
  switch (change.kind) {
    case "link":
      await project.link(repository);
      return null;
    case "migrate":
      await project.pushMigrations();
      return null;
    case "set":
      await project.setSecrets(new Map(change.secrets.map(({ name, value }) => [name, value])));
      return null;
    case "deploy": {
      await project.deploy();
      const deployed = await project.deployed();
      if (deployed === null) throw new Error("Supabase took the function and does not list it");
      await project.setSecrets(new Map([[deployedName, await deploymentMark(stage, deployed)]]));
      return null;
    }
    case "create_endpoint":
      return await createEndpoint(change, hands);
    case "update_endpoint":
      await stripe.update(change.endpoint.id, {
        ...(change.events && { events: change.events }),
        ...(change.enable && { enable: true }),
      });
      return null;
    case "store_secret":
      await project.setSecrets(new Map([[change.secretName, change.value]]));
      if (change.digest !== null) {
        await stripe.update(change.endpoint.id, { metadata: secretStored(change.digest) });
      }
      return null;
    case "delete_endpoints":
      for (const { id } of change.endpoints) await stripe.remove(id);
      return null;
  }
}

/** What it replaces goes last: until then nothing Stripe sends is lost. */
async function createEndpoint(
  { url, events, secretName, replaces }: Extract<Change, { kind: "create_endpoint" }>,
  { project, stripe }: Hands,
): Promise<MadeEndpoint> {
  const made = await stripe.create({ url, events, metadata: madeBySetup });
  const { id, signingSecret } = made;
  try {
    await project.setSecrets(new Map([[secretName, signingSecret]]));
  } catch (error) {
    // Nobody is told its secret again: without that it is of no use. Should this fail, too, the next
    // run finds it unmarked, and makes another.
    await stripe.remove(id).catch(() => {});
    throw error;
  }
  await stripe.update(id, { metadata: secretStored(await sha256(signingSecret)) });
  for (const old of replaces) await stripe.remove(old.id);
  return made;
}
