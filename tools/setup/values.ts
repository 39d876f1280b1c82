// What a set-up has to be told: by a flag, by the environment, or by the person at the terminal.

import { withProgress } from "../operator/progress.ts";
import { UsageError } from "../run_command.ts";
import type { Asker, Check } from "./ask.ts";

export type Value = {
  readonly what: string;
  /** Without its dashes. */
  readonly flag: string;
  /** In the environment. */
  readonly name: string;
  readonly isSecret: boolean;
  /** Where it is found. */
  readonly where: string;
};

export const values = {
  projectRef: {
    what: "Supabase project",
    flag: "project-ref",
    name: "SUPABASE_PROJECT_REF",
    isSecret: false,
    where: "the ref in its dashboard's address",
  },
  supabaseToken: {
    what: "Supabase access token",
    flag: "supabase-token",
    name: "SUPABASE_ACCESS_TOKEN",
    isSecret: true,
    where: "its dashboard, Account, Access Tokens",
  },
  stripeKey: {
    what: "Stripe key",
    flag: "stripe-key",
    name: "STRIPE_SETUP_KEY",
    isSecret: true,
    where: "may write Webhook Endpoints; it is not stored",
  },
  cryptlexToken: {
    what: "Cryptlex access token",
    flag: "cryptlex-token",
    name: "CRYPTLEX_ACCESS_TOKEN",
    isSecret: true,
    where: "Developer, Access Tokens",
  },
  cryptlexProduct: {
    what: "Cryptlex product id",
    flag: "cryptlex-product",
    name: "CRYPTLEX_PRODUCT_ID",
    isSecret: false,
    where: "Products; empty when licensing.plans say what is sold",
  },
} satisfies Record<string, Value>;

/** What is wrong with how it looks; null: nothing. */
type Shape = (text: string) => string | null;

export type Source = {
  /** Null: neither the flag nor the environment has it. */
  given(value: Value): string | null;
  /**
   * The value, which has the shape of one and passed the check.
   *
   * @throws {UsageError} nobody told it, and nobody can be asked; or it has not that shape.
   * @throws {Error} it does not pass.
   */
  take(value: Value, check: Check, shape?: Shape): Promise<string>;
  /** @throws {UsageError} naming each that nobody told, when nobody can be asked. */
  need(...values: Value[]): void;
};

/** `heard` is told every secret that is taken. */
export function createSource(
  { flags, env, asker, heard }: {
    flags: Readonly<Record<string, string | boolean | undefined>>;
    env: Readonly<Record<string, string | undefined>>;
    asker: Asker | null;
    heard: (secret: string) => void;
  },
): Source {
  const find = ({ flag, name }: Value): { text: string; by: string } | null => {
    const said = flags[flag];
    if (typeof said === "string" && said.trim() !== "") {
      return { text: said.trim(), by: `--${flag}` };
    }
    const text = env[name]?.trim();
    return text ? { text, by: name } : null;
  };
  const source: Source = {
    given: (value) => find(value)?.text ?? null,
    need(...needed) {
      const missing = needed.filter((value) => find(value) === null);
      if (asker !== null || missing.length === 0) return;
      throw new UsageError(missing.map(missingLine).join("\n"));
    },
    async take(value, check, shape = () => null) {
      const found = find(value);
      const hear = (text: string) => void (value.isSecret && heard(text));
      if (found !== null) {
        hear(found.text);
        const badShape = shape(found.text);
        if (badShape !== null) throw new UsageError(`${found.by}: ${badShape}`);
        const problem = await withProgress(value.what, 1, () => check(found.text));
        if (problem !== null) throw new Error(`${found.by}: ${problem}`);
        return found.text;
      }
      if (asker === null) throw new UsageError(missingLine(value));
      return await (value.isSecret ? asker.secret : asker.text)(
        `${value.what} (${value.where})`,
        async (text) => {
          hear(text);
          return shape(text) ?? await check(text);
        },
      );
    },
  };
  return source;
}

function missingLine({ what, flag, name, where }: Value): string {
  return `${what} is missing: say --${flag}, or set ${name} (${where})`;
}
