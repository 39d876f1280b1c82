// What a set-up is called with. Types only.

import type { Asker } from "./ask.ts";

export type Env = Readonly<Record<string, string | undefined>>;

export type SetupFlags = Readonly<
  & Partial<
    Record<
      | "project-ref"
      | "supabase-token"
      | "db-url"
      | "stripe-key"
      | "cryptlex-token"
      | "cryptlex-product"
      | "signing-secret"
      | "function-url",
      string
    >
  >
  & Partial<Record<"by-plans" | "customers" | "new-endpoint" | "dry-run" | "yes", boolean>>
>;

export type SetupOrder = {
  readonly flags: SetupFlags;
  readonly env: Env;
  /** Null: nobody can be asked. */
  readonly asker: Asker | null;
  /** The folder of this repository, with a trailing slash. */
  readonly repository: URL;
  /** Told every secret: none may be told further. */
  readonly heard: (secret: string) => void;
};
