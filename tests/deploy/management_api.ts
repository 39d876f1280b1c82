// The little of Supabase's Management API that the CLI asks when it links, deploys, sets secrets and
// tells what is there. Keeps what it was sent and judges nothing.
// Source: https://supabase.com/docs/reference/api, and what CLI 3.1.0 asks of it.

import { sha256 } from "../../tools/setup/digest.ts";

/** What one `functions deploy` sends for one function. */
export type Upload = {
  readonly slug: string | null;
  readonly metadata: unknown;
  /** Path relative to the repository -> text. */
  readonly files: ReadonlyMap<string, string>;
};

export type ManagementApi = {
  readonly url: string;
  /** The only token it accepts, and the only project it has. */
  readonly accessToken: string;
  readonly projectRef: string;
  readonly uploads: readonly Upload[];
  /** The body of each request that sets secrets. */
  readonly secrets: readonly unknown[];
  /** What is set, by name. */
  secretValues(): Record<string, string>;
  /** As somebody else would: these are set, too. */
  set(values: Readonly<Record<string, string>>): Promise<void>;
  /** Of every request, method and path, the project's ref as `{ref}`. */
  readonly requests: readonly string[];
  /** Requests that begin so are answered 500, at once or when it is called again; null: none. */
  breakDown(beginning: string | null, how?: "500" | "hang"): void;
  shutdown(): Promise<void>;
};

export type ManagementApiOptions = {
  /** The project's secret key; default: it has none. */
  secretKey?: string;
  /** Awaited after a deploy and after secrets were set, before that is answered. */
  onChange?: () => Promise<void>;
};

/** Starts it on a free loopback port. Anything else than the above is answered 404. */
export function serveManagementApi(
  { secretKey, onChange = () => Promise.resolve() }: ManagementApiOptions = {},
): ManagementApi {
  // The CLI looks at the shape of both.
  const accessToken = `sbp_${"0123456789abcdef".repeat(3).slice(0, 40)}`;
  const projectRef = "abcdefghijklmnopqrst";
  const uploads: Upload[] = [];
  const secrets: { name: string; value: string }[][] = [];
  const requests: string[] = [];
  let broken: string | null = null;
  let brokenHow = "500";
  const hanging: (() => void)[] = [];
  const secretValues = () =>
    Object.fromEntries(secrets.flat().map(({ name, value }) => [name, value]));

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${accessToken}`) {
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    const asked = `${request.method} ${url.pathname.replace(projectRef, "{ref}")}`;
    requests.push(asked);
    if (broken !== null && asked.startsWith(broken)) {
      if (brokenHow === "hang") {
        await new Promise<void>((resolve) => hanging.push(resolve));
      }
      return Response.json({ message: "It is down" }, { status: 500 });
    }
    switch (asked) {
      case "GET /v1/projects/{ref}":
        return Response.json(project(projectRef));
      case "GET /v1/projects/{ref}/api-keys":
        return Response.json([
          { name: "service_role", api_key: "none", type: "legacy" },
          ...(secretKey === undefined ? [] : [{
            name: "default",
            type: "secret",
            api_key: url.searchParams.get("reveal") === "true" ? secretKey : "sb_secret_···",
          }]),
        ]);
      case "GET /v1/projects/{ref}/functions":
        return Response.json(await listed(uploads));
      case "GET /v1/projects/{ref}/secrets":
        return Response.json(
          await Promise.all(
            Object.entries(secretValues()).map(async ([name, value]) => ({
              name,
              value: await sha256(value),
            })),
          ),
        );
      case "POST /v1/projects/{ref}/functions/deploy": {
        const upload = await readUpload(request);
        uploads.push(upload);
        await onChange();
        return Response.json(deployed(upload.slug), { status: 201 });
      }
      case "POST /v1/projects/{ref}/secrets":
        secrets.push(await request.json());
        await onChange();
        return new Response(null, { status: 201 });
      default:
        return Response.json({ message: "Not found" }, { status: 404 });
    }
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    accessToken,
    projectRef,
    uploads,
    secrets,
    secretValues,
    async set(values) {
      secrets.push(Object.entries(values).map(([name, value]) => ({ name, value })));
      await onChange();
    },
    requests,
    breakDown(beginning, how = "500") {
      broken = beginning;
      brokenHow = how;
      for (const giveUp of hanging.splice(0)) giveUp();
    },
    shutdown: () => server.shutdown(),
  };
}

async function readUpload(request: Request): Promise<Upload> {
  const form = await request.formData();
  const files = new Map<string, string>();
  for (const part of form.getAll("file")) {
    if (part instanceof File) files.set(part.name, await part.text());
  }
  return {
    slug: new URL(request.url).searchParams.get("slug"),
    metadata: JSON.parse(String(form.get("metadata"))),
    files,
  };
}

function project(ref: string) {
  return {
    id: ref,
    ref,
    name: "A project",
    organization_id: "organization",
    organization_slug: "organization",
    region: "eu-central-1",
    created_at: "2026-01-01T00:00:00Z",
    status: "ACTIVE_HEALTHY",
    database: {
      host: "127.0.0.1",
      version: "17.1",
      postgres_engine: "17",
      release_channel: "ga",
    },
  };
}

/** The newest of each, with a digest of what it is made of. */
async function listed(uploads: readonly Upload[]) {
  const newest = new Map(uploads.map((upload) => [upload.slug, upload]));
  return await Promise.all([...newest].map(async ([slug, { files, metadata }]) => ({
    ...deployed(slug),
    created_at: 0,
    updated_at: 0,
    verify_jwt: (metadata as { verify_jwt?: boolean }).verify_jwt ?? true,
    ezbr_sha256: await sha256(JSON.stringify([...files].sort())),
  })));
}

function deployed(slug: string | null) {
  return { id: crypto.randomUUID(), slug, name: slug, status: "ACTIVE", version: 1 };
}
