// A change that a set-up makes. Types only.

import type { Endpoint } from "./endpoint.ts";

export type Change =
  | { readonly kind: "link"; readonly ref: string }
  | { readonly kind: "migrate"; readonly files: readonly string[] }
  | { readonly kind: "set"; readonly secrets: readonly NamedSecret[] }
  | { readonly kind: "deploy"; readonly why: string }
  | {
    readonly kind: "create_endpoint";
    readonly url: string;
    readonly events: readonly string[];
    /** The setting that its signing secret becomes. */
    readonly secretName: string;
    readonly replaces: readonly Endpoint[];
    readonly isCutOff: boolean;
  }
  | {
    readonly kind: "update_endpoint";
    readonly endpoint: Endpoint;
    readonly events: readonly string[] | null;
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly enable: boolean;
  }
  | {
    readonly kind: "store_secret";
    readonly endpoint: Endpoint;
    readonly secretName: string;
    readonly value: string;
    /** To be noted on the endpoint; null: nothing proves that it is its own. */
    readonly digest: string | null;
  }
  | { readonly kind: "delete_endpoints"; readonly endpoints: readonly Endpoint[] };

export type NamedSecret = {
  readonly name: string;
  readonly value: string;
  /** It had another value. */
  readonly isChange: boolean;
};
