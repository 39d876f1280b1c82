// A project at Supabase, in our words, through the CLI.

import { z } from "zod";
import type { DatabaseAddress } from "./database_address.ts";
import { sha256 } from "./digest.ts";
import { type SupabaseCli, SupabaseCliError } from "./supabase_cli.ts";
import { pushMigrations } from "./push_migrations.ts";
import { functionFolder, type Stage } from "./stage.ts";
import { writeSecretFile } from "./secret_file.ts";

const slug = functionFolder.slice(functionFolder.indexOf("/") + 1);

const secretList = z.object({
  secrets: z.array(z.object({ name: z.string(), value: z.string() })),
});
const functionList = z.object({
  functions: z.array(z.object({
    slug: z.string(),
    version: z.number().optional(),
    verify_jwt: z.boolean().optional(),
    ezbr_sha256: z.string().nullish(),
  })),
});
const keyList = z.object({
  keys: z.array(z.object({
    name: z.string(),
    type: z.string().nullish(),
    api_key: z.string().nullish(),
  })),
});

export type Deployed = {
  /** Of what runs there: another one, another function. */
  readonly digest: string;
  readonly verifiesJwt: boolean;
};

export type SupabaseProject = {
  readonly ref: string;
  /** What its function's secrets are, by name, as SHA-256: nobody is shown more. */
  secretDigests(): Promise<ReadonlyMap<string, string>>;
  /** The files that a push would apply. */
  pendingMigrations(): Promise<string[]>;
  pushMigrations(): Promise<void>;
  /** Null: there is none. */
  deployed(): Promise<Deployed | null>;
  deploy(): Promise<void>;
  setSecrets(secrets: ReadonlyMap<string, string>): Promise<void>;
  /** The key that opens its database; null: it is not to be had. */
  secretKey(): Promise<string | null>;
  /** Makes it the project of the CLI's commands in that folder. */
  link(folder: string): Promise<void>;
};

export type ProjectOptions = {
  readonly ref: string;
  readonly stage: Stage;
  /** The database, when it is not to be reached by the project's name. */
  readonly database: DatabaseAddress | null;
  /** Besides the environment's own, for the CLI. */
  readonly env: Readonly<Record<string, string>>;
};

/**
 * The project, once the CLI has found it.
 *
 * @throws {SupabaseCliError} nobody is logged in, or not to that project.
 */
export async function openProject(
  cli: SupabaseCli,
  { ref, stage, database, env }: ProjectOptions,
): Promise<SupabaseProject> {
  const run = (args: readonly string[], more: Record<string, string> = {}, cwd = stage.path) =>
    cli(args, { cwd, env: { ...env, ...more } });
  const remote = `--remote=${ref}`;
  const push = (...flags: string[]) =>
    pushMigrations((args, more) => run(args, more), { database, flags });

  await run(["link", ref]);
  return {
    ref,
    async secretDigests() {
      const { secrets } = secretList.parse(await run(["secrets", "list", remote]));
      return new Map(secrets.map(({ name, value }) => [name, value]));
    },
    pendingMigrations: () => push("--dry-run"),
    pushMigrations: async () => void await push(),
    async deployed() {
      const { functions } = functionList.parse(await run(["functions", "list", remote]));
      const found = functions.find((one) => one.slug === slug);
      return found === undefined ? null : {
        digest: await sha256(found.ezbr_sha256 ?? `version ${found.version}`),
        verifiesJwt: found.verify_jwt ?? true,
      };
    },
    deploy: async () => void await run(["functions", "deploy", slug, remote, "--use-api"]),
    async setSecrets(secrets) {
      const file = await writeSecretFile(secrets);
      try {
        await run(["secrets", "set", "--env-file", file, remote]);
      } finally {
        await Deno.remove(file);
      }
    },
    async secretKey() {
      try {
        const { keys } = keyList.parse(await run(["projects", "api-keys", remote, "--reveal"]));
        const chosen = keys.find(({ type, name }) => type === "secret" && name === "default") ??
          keys.find(({ type }) => type === "secret") ??
          keys.find(({ name }) => name === "service_role");
        return chosen?.api_key ?? null;
      } catch (error) {
        // A token may be allowed all but this.
        if (error instanceof SupabaseCliError || error instanceof z.ZodError) return null;
        throw error;
      }
    },
    link: async (folder) => void await run(["link", ref], {}, folder),
  };
}
