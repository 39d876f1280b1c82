// Tests of a whole project: what each of them begins with, and what is asked of it in the end.

import assert from "node:assert/strict";
import { sha256 } from "../../../tools/setup/digest.ts";
import { madeBySetup, secretStored, wantedEvents } from "../../../tools/setup/endpoint.ts";
import type { WebhookEndpoints } from "../../../tools/stripe_sandbox/webhook_endpoint.ts";
import { type Hosted, type HostedOptions, startHosted } from "./hosted.ts";

/** What Stripe is to send, customers aside. */
export const events = wantedEvents({ customers: false });

/** A test with a project of its own. */
export function hostedTest(
  name: string,
  options: HostedOptions,
  steps: (hosted: Hosted, t: Deno.TestContext) => Promise<void>,
): void {
  // The database server outlives its first test.
  Deno.test({ name, sanitizeResources: false, sanitizeOps: false }, async (t) => {
    const hosted = await startHosted(options);
    try {
      await steps(hosted, t);
    } finally {
      await hosted.stop();
    }
  });
}

/** Everything that anybody was told to change. */
export function writes({ api, stripe }: Hosted): string[] {
  return [
    ...api.requests.filter((asked) => !asked.startsWith("GET")),
    ...stripe.requests.filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path}`),
  ];
}

/** One endpoint, made by us, whose secret the project has under that name. */
export async function assertWhole(
  { api, endpoints }: Hosted,
  name = "STRIPE_WEBHOOK_SECRET_TEST",
): Promise<ReturnType<WebhookEndpoints["all"]>[number]> {
  const [endpoint, ...others] = endpoints.all();
  assert.ok(endpoint !== undefined && others.length === 0);
  const secret = endpoints.secretOf(endpoint.id) ?? "";
  assert.equal(api.secretValues()[name], secret);
  assert.deepEqual(endpoint.metadata, { ...madeBySetup, ...secretStored(await sha256(secret)) });
  return endpoint;
}
