// The webhook endpoint in Stripe: there, enabled, and sending what the function reads.

import { z } from "zod";
import { handledEventTypes } from "../../../functions/stripe-cryptlex/event_readers.ts";
import { isKnownVersion } from "../../operator/stripe_versions.ts";
import { type Exam, recordsIn } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";
import { bare, isLoopback, said } from "../http.ts";

const endpointSchema = z.object({
  url: z.string(),
  status: z.string(),
  enabled_events: z.array(z.string()),
  api_version: z.string().nullish(),
});

type Endpoint = z.infer<typeof endpointSchema>;

const destinationSchema = z.object({
  event_payload: z.string(),
  webhook_endpoint: z.object({ url: z.string().nullish() }).nullish(),
});

const name = "Stripe endpoint";
const where = "in Stripe's dashboard, Developers, Webhooks";

export async function checkStripeEndpoint(exam: Exam): Promise<Finding[]> {
  const listed = await exam.stripe("/v1/webhook_endpoints?limit=100");
  if (listed.status !== 200) {
    const isRefused = listed.status === 403 || listed.status === 401;
    const cure = "a key with Read for Webhook Endpoints, as STRIPE_SECRET_KEY of this run alone";
    return [
      isRefused
        ? skipped(name, "the key may not read webhook endpoints", cure)
        : skipped(name, `Stripe answers ${said(listed)}`),
    ];
  }
  const here = bare(exam.functionUrl);
  const [thin] = await thinDestinations(exam, here);
  const endpoints = recordsIn(listed.body, endpointSchema).filter(({ url }) => bare(url) === here);
  const endpoint = endpoints.find(({ status }) => status === "enabled") ?? endpoints[0];
  return [
    ...(thin === undefined ? [] : [failed(
      "Stripe destination",
      "a destination sends thin events here, which are ignored",
      `make it anew with the payload style Snapshot, ${where}`,
    )]),
    ...(endpoint === undefined
      ? [missing(exam, here)]
      : [enabled(endpoint, endpoints.length), events(endpoint), version(endpoint)]),
  ];
}

/** No information where they cannot be read: the older list has all that matter. */
async function thinDestinations(exam: Exam, here: string): Promise<unknown[]> {
  const listed = await exam.stripe(
    "/v2/core/event_destinations?limit=100&include[0]=webhook_endpoint.url",
  );
  return recordsIn(listed.body, destinationSchema).filter((destination) =>
    destination.event_payload === "thin" &&
    bare(destination.webhook_endpoint?.url ?? "") === here
  );
}

function missing({ settings }: Exam, here: string): Finding {
  if (isLoopback(here)) return skipped(name, `none for ${here}, which Stripe cannot reach`);
  const mode = settings.livemode ? "live" : "test";
  return failed(
    name,
    `in ${mode} mode there is none for ${here}`,
    `have deno task setup make one; or make one with that URL and the README's events, ${where}; or ` +
      "look with the key of the other mode",
  );
}

function enabled({ status }: Endpoint, count: number): Finding {
  if (status !== "enabled") {
    return failed(
      name,
      "it is disabled: what happens meanwhile is never sent",
      `enable it ${where}; then look for what was missed`,
    );
  }
  return count === 1 ? ok(name, "there and enabled") : failed(
    name,
    `${count} endpoints send to the same address`,
    `delete all but one, ${where}`,
  );
}

/** The older name of what `refund.updated` tells. */
const olderName = "charge.refund.updated";

function events({ enabled_events: sent }: Endpoint): Finding {
  const name = "Stripe events";
  const missing = handledEventTypes.filter(({ type, isOptional }) =>
    !isOptional && type !== olderName && !sent.includes(type) && !sent.includes("*")
  ).map(({ type }) => type);
  const holdsUp = sent.includes("*") || sent.includes("invoice.created");
  const problems = [
    ...(missing.length > 0 ? [`not sent: ${missing.join(", ")}`] : []),
    ...(holdsUp
      ? ["invoice.created is sent: whenever the function fails it, all your invoices are held up"]
      : []),
  ];
  if (problems.length > 0) {
    return failed(name, problems.join("; "), `choose the events of the README, ${where}`);
  }
  const others = sent.filter((type) => !handledEventTypes.some((known) => known.type === type));
  return ok(name, `all that are read${others.length > 0 ? `, and ${others.length} more` : ""}`);
}

function version({ api_version }: Endpoint): Finding {
  const name = "Stripe API version";
  if (!api_version) return ok(name, "the account's default");
  const plain = api_version.replace(/[^\w.-]/g, "");
  return isKnownVersion(api_version) ? ok(name, plain) : failed(
    name,
    `${plain} is none we know`,
    `make the endpoint anew with a version from 2025-03-31.basil to endive, ${where}; or update this repository`,
  );
}
