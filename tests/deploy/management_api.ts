// The little of Supabase's Management API that the CLI asks when it links, deploys and sets
// secrets. Keeps what it was sent and judges nothing.
// Source: https://supabase.com/docs/reference/api, and what CLI 3.1.0 asks of it.

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
  shutdown(): Promise<void>;
};

/** Starts it on a free loopback port. Anything else than the above is answered 404. */
export function serveManagementApi(): ManagementApi {
  // The CLI looks at the shape of both.
  const accessToken = `sbp_${"0123456789abcdef".repeat(3).slice(0, 40)}`;
  const projectRef = "abcdefghijklmnopqrst";
  const uploads: Upload[] = [];
  const secrets: unknown[] = [];

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${accessToken}`) {
      return Response.json({ message: "Unauthorized" }, { status: 401 });
    }
    switch (`${request.method} ${url.pathname.replace(projectRef, "{ref}")}`) {
      case "GET /v1/projects/{ref}":
        return Response.json(project(projectRef));
      case "GET /v1/projects/{ref}/api-keys":
        return Response.json([{ name: "service_role", api_key: "none" }]);
      case "POST /v1/projects/{ref}/functions/deploy": {
        const upload = await readUpload(request);
        uploads.push(upload);
        return Response.json(deployed(upload.slug), { status: 201 });
      }
      case "POST /v1/projects/{ref}/secrets":
        secrets.push(await request.json());
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

function deployed(slug: string | null) {
  return { id: crypto.randomUUID(), slug, name: slug, status: "ACTIVE", version: 1 };
}
