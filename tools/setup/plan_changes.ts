// What has to change, and in which order. Pure.

import type { Change, NamedSecret } from "./change.ts";
import type { EndpointDecision } from "./decide_endpoint.ts";

/** The ids of the endpoints that are deleted: nobody can undo that. */
export function deletedBy(changes: readonly Change[]): string[] {
  return changes.flatMap((change) =>
    change.kind === "create_endpoint"
      ? change.replaces
      : change.kind === "delete_endpoints"
      ? change.endpoints
      : []
  ).map(({ id }) => id);
}

/** All that is needed to tell what has to change. */
export type Needs = {
  readonly ref: string;
  readonly isLinked: boolean;
  readonly migrations: readonly string[];
  readonly secrets: readonly NamedSecret[];
  /** Null: what is here runs there. */
  readonly deploy: string | null;
  readonly endpoint: Extract<EndpointDecision, { kind: "keep" | "create" }>;
  readonly events: readonly string[];
  readonly secretName: string;
};

/**
 * What has to change, in the order it is done: what can fail first, Stripe last, so that it sends to
 * a function that is there.
 */
export function planChanges(needs: Needs): Change[] {
  const { ref, isLinked, migrations, secrets, deploy, endpoint, events, secretName } = needs;
  const changes: Change[] = [];
  if (!isLinked) changes.push({ kind: "link", ref });
  if (migrations.length > 0) changes.push({ kind: "migrate", files: migrations });
  if (secrets.length > 0) changes.push({ kind: "set", secrets });
  if (deploy !== null) changes.push({ kind: "deploy", why: deploy });
  if (endpoint.kind === "create") {
    const { url, replaces, isCutOff } = endpoint;
    changes.push({ kind: "create_endpoint", url, events, secretName, replaces, isCutOff });
    return changes;
  }
  const { secret } = endpoint;
  if (secret.kind === "store") {
    changes.push({
      kind: "store_secret",
      endpoint: endpoint.endpoint,
      secretName,
      value: secret.values.join(","),
      digest: secret.digest,
    });
  }
  if (endpoint.events !== null || endpoint.enable) {
    changes.push({
      kind: "update_endpoint",
      endpoint: endpoint.endpoint,
      events: endpoint.events === null ? null : events,
      added: endpoint.events?.added ?? [],
      removed: endpoint.events?.removed ?? [],
      enable: endpoint.enable,
    });
  }
  if (endpoint.leftovers.length > 0) {
    changes.push({ kind: "delete_endpoints", endpoints: endpoint.leftovers });
  }
  return changes;
}
