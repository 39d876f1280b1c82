// Everything a set-up has to know, each value looked at as it comes. Changes nothing.

import type { ExamTools } from "../doctor/exam.ts";
import { type Finding, ok, skipped } from "../doctor/finding.ts";
import type { Needs } from "./plan_changes.ts";
import { databaseAddress } from "./database_address.ts";
import { takeCryptlexValues } from "./cryptlex_values.ts";
import { wantedEvents } from "./endpoint.ts";
import { findProject } from "./find_project.ts";
import { withProject } from "./keys.ts";
import { linkedRef } from "./linked_ref.ts";
import { withProgress } from "../operator/progress.ts";
import { neededDeploy } from "./needed_deploy.ts";
import { neededSecrets } from "./needed_secrets.ts";
import type { Env, SetupOrder } from "./order.ts";
import { ownSettings } from "./own_settings.ts";
import type { Stage } from "./stage.ts";
import type { StripeEndpoints } from "./stripe_endpoints.ts";
import { createSupabaseCli, findSupabase } from "./supabase_cli.ts";
import type { Deployed, SupabaseProject } from "./supabase_project.ts";
import { takeEndpoint } from "./take_endpoint.ts";
import { takeStripe } from "./take_stripe.ts";
import { createSource, values } from "./values.ts";

export type Situation = {
  readonly project: SupabaseProject;
  readonly stripe: StripeEndpoints;
  readonly stripeKey: string;
  readonly mode: "live" | "test";
  readonly functionUrl: string;
  /** The function's settings as far as they are known. */
  readonly env: Env;
  readonly needs: Needs;
  readonly seen: SeenProject;
};

/** What a project was seen to have. */
export type SeenProject = {
  /** Its secrets, by name, as SHA-256. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly deployed: Deployed | null;
};

export async function lookAround(
  order: SetupOrder,
  { stage, tools, tell }: { stage: Stage; tools: ExamTools; tell: (finding: Finding) => void },
): Promise<Situation> {
  const { flags, asker, repository } = order;
  const given = withProject(order.env, flags["project-ref"]);
  const source = createSource({ ...order, env: given });
  source.need(values.projectRef, values.stripeKey);
  const settings = ownSettings(given);
  const databaseUrl = flags["db-url"]?.trim() || given.SUPABASE_DB_URL?.trim() || null;
  const database = databaseUrl === null ? null : databaseAddress(databaseUrl);

  const executable = await withProgress("Supabase CLI from npm", 1, findSupabase);
  const project = await findProject(source, {
    cli: createSupabaseCli(executable, definedIn(order.env)),
    stage,
    database,
  });
  tell(ok(values.projectRef.what, project.ref));
  const { stripe, stripeKey, mode } = await takeStripe(source, given);
  tell(ok(values.stripeKey.what, `of ${mode} mode, sees webhook endpoints`));
  const [digests, migrations, deployed] = await withProgress(
    "Looking",
    1,
    () =>
      Promise.all([
        project.secretDigests(),
        project.pendingMigrations(),
        project.deployed(),
      ]),
  );
  const { token, product } = await takeCryptlexValues(source, {
    env: given,
    tools,
    has: (name) => digests.has(name),
    byPlans: flags["by-plans"] === true,
    tell,
  });
  if (token !== null) settings.set("CRYPTLEX_ACCESS_TOKEN", token);
  if (product !== null) settings.set("CRYPTLEX_PRODUCT_ID", product);

  const supabaseUrl = given.SUPABASE_URL?.trim().replace(/\/+$/, "") ||
    `https://${project.ref}.supabase.co`;
  const functionUrl = flags["function-url"]?.replace(/\/+$/, "") ??
    `${supabaseUrl}/functions/v1/stripe-cryptlex`;
  const secretName = `STRIPE_WEBHOOK_SECRET_${mode.toUpperCase()}`;
  const events = wantedEvents({ customers: flags.customers === true });
  const endpoint = await takeEndpoint({
    endpoints: await withProgress("Stripe", 1, stripe.list),
    functionUrl,
    events,
    stored: ["STRIPE_WEBHOOK_SECRET", secretName].flatMap((name) => digests.get(name) ?? []),
    given: signingSecret(order, secretName),
    anew: flags["new-endpoint"] === true,
  }, { asker, secretName });
  if (endpoint.kind === "keep" && endpoint.secret.kind === "unseen") {
    tell(skipped(
      "signing secret",
      `the project has one, and whether it is that of ${endpoint.endpoint.id} cannot be seen`,
      "say --signing-secret, or --new-endpoint, to be sure",
    ));
  }
  const needs: Needs = {
    ref: project.ref,
    isLinked: await linkedRef(repository) === project.ref,
    migrations,
    secrets: await neededSecrets(settings, digests),
    deploy: await neededDeploy(stage, { deployed, secrets: digests }),
    endpoint,
    events,
    secretName,
  };
  return {
    project,
    stripe,
    stripeKey,
    mode,
    functionUrl,
    env: { ...given, ...Object.fromEntries(settings), SUPABASE_URL: supabaseUrl },
    needs,
    seen: { secrets: digests, deployed },
  };
}

function signingSecret({ flags, env, heard }: SetupOrder, name: string): string | null {
  const found = [flags["signing-secret"], env[name], env.STRIPE_WEBHOOK_SECRET]
    .find((text) => text?.trim())?.trim();
  for (const secret of found?.split(",") ?? []) heard(secret.trim());
  return found ?? null;
}

function definedIn(env: Env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => value === undefined ? [] : [[name, value]]),
  );
}
