// Stripe's API behind a real socket, on the loopback address only: with a key, a clock, and faults on
// demand.
import { answerRead, type StripeBooks } from "./stripe_api.ts";
import { failureAnswer, type StripeAnswer } from "./stripe_errors.ts";
import { createStripeFaults, type StripeFaults } from "./stripe_faults.ts";
import type { StripeEvent } from "./stripe_event.ts";
import type { WebhookEndpoints } from "./webhook_endpoint.ts";

export type ServeStripeOptions = {
  /** Whose objects there are; shops can be added while it serves. */
  shops: readonly (StripeBooks & Partial<Pick<WebhookEndpoints, "write">>)[];
  /** Whether every endpoint has taken that event; default they have all. */
  isDelivered?: (event: StripeEvent) => boolean;
  /** The only key it takes, `rk_…` or `sk_…`; or the only ones. */
  key: string | readonly string[];
  /** Beginnings of the paths that the key may not use, or of `POST /v1/…`; default none. */
  forbidden?: readonly string[];
  /** The clock of what there is and of the `Date` header; default the real one. */
  now?: () => Date;
  /** Default: a free one. */
  port?: number;
};

export type SeenRequest = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
};

export type StripeServer = {
  /** Its origin, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Every request so far, refused and faulty ones too. */
  readonly requests: readonly SeenRequest[];
  readonly faults: StripeFaults;
  /** Stops serving; who still waits for an answer gets none. */
  shutdown(): Promise<void>;
};

export function serveStripe(options: ServeStripeOptions): StripeServer {
  const { shops, key, isDelivered, forbidden = [], now = () => new Date(), port = 0 } = options;
  const requests: SeenRequest[] = [];
  const bearers = [key].flat().map((one) => `Bearer ${one}`);
  const { take, ...faults } = createStripeFaults();
  const stop = new AbortController();

  async function answer(request: Request, url: URL): Promise<StripeAnswer | "hang"> {
    const planned = take();
    if (planned?.fault === "hang") return "hang";
    if (planned) return failureAnswer(planned.fault, planned);
    if (!bearers.includes(request.headers.get("authorization") ?? "")) return failureAnswer(401);
    const { method } = request;
    const asked = [url.pathname, `${method} ${url.pathname}`];
    if (forbidden.some((start) => asked.some((one) => one.startsWith(start)))) {
      return failureAnswer(403);
    }
    if (method !== "GET") {
      const form = new URLSearchParams(await request.text());
      for (const { write } of shops) {
        const written = write?.({ method, path: url.pathname, form });
        if (written) return written;
      }
    }
    return answerRead(shops, { method, url, at: now(), ...(isDelivered && { isDelivered }) });
  }

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const { pathname: path, searchParams: query } = url;
    requests.push({ method: request.method, path, query });
    const answered = await answer(request, url);
    if (answered === "hang") {
      await untilEither(request.signal, stop.signal);
      return new Response(null, { status: 500 });
    }
    return Response.json(answered.body, {
      status: answered.status,
      headers: {
        "Date": now().toUTCString(),
        "Request-Id": `req_${String(requests.length).padStart(14, "0")}`,
        ...answered.headers,
      },
    });
  }

  const server = Deno.serve(
    { hostname: "127.0.0.1", port, signal: stop.signal, onListen() {} },
    handle,
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    requests,
    faults,
    async shutdown() {
      stop.abort();
      await server.finished;
    },
  };
}

/** Resolves once one of them is aborted. */
function untilEither(...signals: AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      if (signal.aborted) return resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    }
  });
}
