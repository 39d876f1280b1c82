// A merchant's page and the function's end of it, both played: the page of one origin, the answers of
// another, as a test scripts them.

import { fillSuccessPage } from "../../tools/dev/success_page.ts";

const successPage = new URL("../../examples/success.html", import.meta.url);

/** What a page is told; `silence`: nothing it may read, as of a network that fails. */
export type Told = "silence" | {
  readonly status: number;
  readonly retryAfter?: number;
  readonly licenses?: readonly { product: string; key: string; expiresAt: string | null }[];
};

export type LicenseEndpoint = {
  /** The page with a session in its address. */
  readonly pageUrl: string;
  /** Without one. */
  readonly strayUrl: string;
  /** How often it was asked. */
  asked(): number;
  /** From now on everybody is told this. */
  tell(told: Told): void;
  stop(): Promise<void>;
};

export async function serveLicenseEndpoint(first: Told): Promise<LicenseEndpoint> {
  let told = first;
  let asked = 0;
  const license = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, () => {
    asked++;
    if (told === "silence") return new Response(null, { status: 500 });
    const { status, retryAfter, licenses } = told;
    return new Response(JSON.stringify(licenses ? { licenses } : { message: "" }), {
      status,
      headers: {
        "access-control-allow-origin": "*",
        "access-control-expose-headers": "retry-after",
        ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      },
    });
  });
  const html = fillSuccessPage(await Deno.readTextFile(successPage), {
    license: `http://127.0.0.1:${license.addr.port}/license`,
    contact: "help@example.com",
    products: { "product-app": "App", "product-plugin": "Plug-in" },
  });
  const page = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } }),
  );
  const strayUrl = `http://127.0.0.1:${page.addr.port}/success.html`;
  return {
    strayUrl,
    pageUrl: `${strayUrl}?session_id=cs_test_a1${"x".repeat(56)}`,
    asked: () => asked,
    tell: (next) => void (told = next),
    async stop() {
      await Promise.all([license.shutdown(), page.shutdown()]);
    },
  };
}
