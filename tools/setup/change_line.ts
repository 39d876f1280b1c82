// How each change reads: names, never a secret. Pure.

import { pinnedApiVersion } from "../operator/stripe_versions.ts";
import type { Change } from "./change.ts";
import type { Endpoint } from "./endpoint.ts";

export type ChangeLine = {
  /** Whose it is. */
  readonly part: "folder" | "database" | "secrets" | "function" | "Stripe";
  /** What is done. */
  readonly change: string;
};

export function lineOf(change: Change): ChangeLine {
  switch (change.kind) {
    case "link":
      return { part: "folder", change: `link this one with ${change.ref}` };
    case "migrate": {
      const { files } = change;
      const all = files.length === 1 ? "1 migration" : `${files.length} migrations`;
      return { part: "database", change: `apply ${all}: ${files.join(", ")}` };
    }
    case "set":
      return {
        part: "secrets",
        change: change.secrets.map(({ name, isChange }) => `${isChange ? "change" : "set"} ${name}`)
          .join(", "),
      };
    case "deploy":
      return { part: "function", change: `deploy stripe-cryptlex: ${change.why}` };
    case "create_endpoint":
      return { part: "Stripe", change: created(change) };
    case "update_endpoint":
      return { part: "Stripe", change: updated(change) };
    case "store_secret":
      return {
        part: "secrets",
        change: `set ${change.secretName} to the signing secret of ${change.endpoint.id}`,
      };
    case "delete_endpoints":
      return {
        part: "Stripe",
        change: `delete ${idsOf(change.endpoints)}, which a set-up that was cut off left behind`,
      };
  }
}

function created(
  { url, events, secretName, replaces, isCutOff }: Extract<Change, { kind: "create_endpoint" }>,
): string {
  return [
    `make a webhook endpoint for ${url} with API version ${pinnedApiVersion} and ${events.length} ` +
    `events: ${events.join(", ")}`,
    `its signing secret becomes ${secretName}`,
    ...(replaces.length === 0 ? [] : [`then ${idsOf(replaces)} is deleted`]),
    ...(isCutOff
      ? [
        "a set-up that was cut off left it without its signing secret: what Stripe sent it since " +
        "is to be resent from Stripe's dashboard",
      ]
      : []),
  ].join("; ");
}

function idsOf(endpoints: readonly Endpoint[]): string {
  return endpoints.map(({ id }) => id).join(" and ");
}

function updated(
  { endpoint, added, removed, enable }: Extract<Change, { kind: "update_endpoint" }>,
): string {
  return `webhook endpoint ${endpoint.id}: ` + [
    ...(enable ? ["enable it"] : []),
    ...(added.length > 0 ? [`also send ${added.join(", ")}`] : []),
    ...(removed.length > 0 ? [`no longer send ${removed.join(", ")}`] : []),
  ].join("; ");
}
