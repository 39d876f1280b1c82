// The decision about the webhook endpoint, with its signing secret asked for where that is needed.

import { bare } from "../doctor/http.ts";
import { UsageError } from "../run_command.ts";
import type { Asker } from "./ask.ts";
import {
  decideEndpoint,
  type EndpointDecision,
  type EndpointSituation,
} from "./decide_endpoint.ts";
import { sha256 } from "./digest.ts";
import type { Endpoint } from "./endpoint.ts";

type Settled = Extract<EndpointDecision, { kind: "keep" | "create" }>;

/**
 * `given`: the signing secret or secrets, with commas between; null: none was.
 *
 * @throws {UsageError} its signing secret is needed, and nobody can be asked.
 * @throws {Error} what it sends is not understood.
 */
export async function takeEndpoint(
  { endpoints, functionUrl, given, ...situation }: Omit<EndpointSituation, "given"> & {
    given: string | null;
  },
  { asker, secretName }: { asker: Asker | null; secretName: string },
): Promise<Settled> {
  const here = {
    ...situation,
    functionUrl,
    endpoints: endpoints.filter(({ url }) => bare(url) === bare(functionUrl)),
  };
  const decision = decideEndpoint({ ...here, given: await digested(given) });
  if (decision.kind === "keep" || decision.kind === "create") return decision;
  const { endpoint } = decision;
  if (decision.kind === "unsupported") {
    throw new Error(
      `Webhook endpoint ${endpoint.id} sends API version ${endpoint.apiVersion}, which is none we ` +
        "know and cannot be changed: say --new-endpoint to have another made in its place",
    );
  }
  const problem = `The signing secret of webhook endpoint ${endpoint.id} is needed ` +
    `(${decision.why})`;
  if (asker === null) {
    throw new UsageError(
      `${problem}: say --signing-secret, or set ${secretName} (Stripe's dashboard, Developers, ` +
        "Webhooks, shows it), or say --new-endpoint to have another made in its place",
    );
  }
  const typed = await askFor(endpoint, asker);
  return await takeEndpoint(
    { ...here, given: typed === "" ? null : typed, anew: typed === "" },
    { asker, secretName },
  );
}

async function askFor({ id }: Endpoint, asker: Asker): Promise<string> {
  return await asker.secret(
    `Signing secret of webhook endpoint ${id} (Stripe's dashboard shows it; empty: another one is ` +
      "made in its place)",
    (text) => Promise.resolve(/^(whsec_\S+)?$/.test(text) ? null : "it does not look like whsec_…"),
  );
}

async function digested(given: string | null): Promise<EndpointSituation["given"]> {
  if (given === null) return null;
  const secrets = given.split(",").map((secret) => secret.trim()).filter((one) => one !== "");
  return {
    digest: await sha256(given),
    secrets: await Promise.all(
      secrets.map(async (secret) => ({ secret, digest: await sha256(secret) })),
    ),
  };
}
