// What is to become of the webhook endpoint and of its signing secret. Pure.
// Stripe tells a signing secret once, when the endpoint is made, and Supabase tells of a secret that it
// keeps only the SHA-256. So that is noted on the endpoint, too: by it the two can be compared.

import { isKnownVersion } from "../operator/stripe_versions.ts";
import { type Endpoint, isMadeBySetup, storedDigest } from "./endpoint.ts";

export type EndpointSituation = {
  /** Those that send to the function. */
  readonly endpoints: readonly Endpoint[];
  readonly functionUrl: string;
  readonly events: readonly string[];
  /** The project's secrets that hold signing secrets, as SHA-256. */
  readonly stored: readonly string[];
  /** The signing secrets that were given, and the SHA-256 of each; of the text as a whole, too. */
  readonly given: { readonly digest: string; readonly secrets: readonly GivenSecret[] } | null;
  /** It is to be made anew. */
  readonly anew: boolean;
};

export type GivenSecret = { readonly secret: string; readonly digest: string };

export type EndpointDecision =
  | {
    readonly kind: "create";
    readonly url: string;
    /** Deleted once the new one works. */
    readonly replaces: readonly Endpoint[];
    /** Of what it replaces nothing could be verified. */
    readonly isCutOff: boolean;
  }
  | {
    readonly kind: "keep";
    readonly endpoint: Endpoint;
    /** Events of it, in place of those it sends; null: it sends them. */
    readonly events: { readonly added: string[]; readonly removed: string[] } | null;
    readonly enable: boolean;
    readonly secret: SecretStanding;
    /** What set-ups that were cut off left besides. */
    readonly leftovers: readonly Endpoint[];
  }
  /** Without its signing secret nothing it sends can be verified. */
  | { readonly kind: "needs_secret"; readonly endpoint: Endpoint; readonly why: string }
  /** Its payloads are none we know. */
  | { readonly kind: "unsupported"; readonly endpoint: Endpoint };

export type SecretStanding =
  /** The project has it; `value` null: nobody told us which it is. */
  | { readonly kind: "stored"; readonly value: string | null }
  /** The project has one; whether it is this one cannot be seen. */
  | { readonly kind: "unseen" }
  | { readonly kind: "store"; readonly values: readonly string[]; readonly digest: string | null };

export function decideEndpoint(situation: EndpointSituation): EndpointDecision {
  const { endpoints, functionUrl, events, stored, anew } = situation;
  const endpoint = bestOf(endpoints, stored);
  if (endpoint === null) {
    return { kind: "create", url: functionUrl, replaces: [], isCutOff: false };
  }
  const again = (isCutOff: boolean): EndpointDecision => ({
    kind: "create",
    // Its query may name a region.
    url: endpoint.url,
    replaces: isCutOff ? endpoints.filter(isMadeBySetup) : endpoints,
    isCutOff,
  });
  if (anew) return again(false);
  if (!isKnownVersion(endpoint.apiVersion)) return { kind: "unsupported", endpoint };
  const secret = standingOf(endpoint, situation);
  if (secret === "cut off") return again(true);
  if (typeof secret === "string") return { kind: "needs_secret", endpoint, why: secret };
  const added = events.filter((type) => !endpoint.events.includes(type));
  const removed = endpoint.events.filter((type) => !events.includes(type));
  return {
    kind: "keep",
    endpoint,
    events: added.length + removed.length > 0 ? { added, removed } : null,
    enable: !endpoint.isEnabled,
    secret,
    leftovers: endpoints.filter((one) => one !== endpoint && isMadeBySetup(one)),
  };
}

/** One whose secret the project has, else one that was not finished, one that is enabled, or any. */
function bestOf(endpoints: readonly Endpoint[], stored: readonly string[]): Endpoint | null {
  return endpoints.find((one) => stored.includes(storedDigest(one) ?? "")) ??
    endpoints.find((one) => isMadeBySetup(one) && storedDigest(one) === null) ??
    endpoints.find((one) => one.isEnabled) ?? endpoints[0] ?? null;
}

/** Words: why it must be told. */
function standingOf(
  endpoint: Endpoint,
  { stored, given }: EndpointSituation,
): SecretStanding | "cut off" | string {
  const noted = storedDigest(endpoint);
  const mine = given?.secrets.find(({ digest }) => digest === noted);
  if (noted !== null && stored.includes(noted)) {
    return { kind: "stored", value: mine?.secret ?? null };
  }
  if (given !== null && noted !== null && mine === undefined) {
    return "what was given is another's";
  }
  if (given !== null) {
    const secrets = mine === undefined ? given.secrets : [mine];
    const isStored = stored.includes(given.digest) ||
      secrets.every(({ digest }) => stored.includes(digest));
    return isStored ? { kind: "stored", value: secrets[0]?.secret ?? null } : {
      kind: "store",
      values: secrets.map(({ secret }) => secret),
      digest: mine?.digest ?? null,
    };
  }
  if (noted !== null) return "the project no longer has it";
  if (isMadeBySetup(endpoint)) return "cut off";
  return stored.length > 0 ? { kind: "unseen" } : "the project has none";
}
