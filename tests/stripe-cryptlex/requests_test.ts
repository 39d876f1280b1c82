// Whatever is asked, by whatever method, with whatever token: the answer is the one that is meant,
// and nothing opens that should not.

import assert from "node:assert/strict";
import fc from "fast-check";
import { createDoor, drainSecret } from "./builders/door.ts";
import { createFakeLedger } from "./builders/fake_ledger.ts";

const base = "/stripe-cryptlex";
/** Every path there is, and what may be done with it. */
const meant = new Map<string, string>(
  ["", "/functions/v1"].flatMap((prefix) =>
    ["", "/"].flatMap((slash) => [
      [`${prefix}${base}${slash}`, "POST"] as const,
      [`${prefix}${base}/drain${slash}`, "POST"] as const,
      [`${prefix}${base}/health${slash}`, "GET"] as const,
    ])
  ),
);

const segment = fc.oneof(
  fc.constantFrom(
    "stripe-cryptlex",
    "drain",
    "health",
    "functions",
    "v1",
    "",
    ".",
    "..",
    "__proto__",
  ),
  fc.constantFrom("%2e%2e", "drain%2F", "%00", "STRIPE-CRYPTLEX", "stripe-cryptlex ", "drain;x"),
  fc.string({ unit: "binary" }),
);
const anyPath = fc.oneof(
  fc.constantFrom(...meant.keys()),
  fc.tuple(fc.constantFrom(...meant.keys()), segment).map(([path, more]) => `${path}/${more}`),
  fc.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`),
);
const anyQuery = fc.oneof(fc.constant(""), fc.string({ unit: "binary" }).map((text) => `?${text}`));
/** Those that no browser or client may send are refused before they get here. */
const anyMethod = fc.oneof(
  fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "get", "PROPFIND"),
  fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/),
).filter((method) => !/^(connect|trace|track)$/i.test(method));
const latin1 = fc.string({
  unit: fc.integer({ min: 0x20, max: 0xff }).filter((code) => code < 0x7f || code >= 0xa0)
    .map((code) => String.fromCharCode(code)),
});

/** Nearly the header that opens, or nothing like it. */
const anyAuthorization = fc.oneof(
  latin1,
  latin1.map((token) => `Bearer ${token}`),
  fc.record({ at: fc.nat(drainSecret.length), length: fc.nat(3), piece: latin1 })
    .map(({ at, length, piece }) =>
      `Bearer ${drainSecret.slice(0, at)}${piece}${drainSecret.slice(at + length)}`
    ),
  fc.constantFrom("Basic ", "Bearer", "Bearer  ", "Bearer\t", "bearer=", "Token ", "Bearer Bearer ")
    .map((scheme) => scheme + drainSecret),
  fc.constantFrom(drainSecret.toUpperCase(), `"${drainSecret}"`, `${drainSecret},`, "", "null")
    .map((token) => `Bearer ${token}`),
);

function requestOf(
  path: string,
  { method, headers = [], body = "" }: {
    method: string;
    headers?: [string, string][];
    body?: BodyInit;
  },
): Request {
  const isBodiless = /^(get|head)$/i.test(method);
  return new Request(`http://127.0.0.1${path}`, {
    method,
    headers,
    ...(isBodiless ? {} : { body }),
  });
}

Deno.test("a path nobody meant is answered 404, a method nobody meant 405", async () => {
  const asked = fc.record({ path: anyPath, query: anyQuery, method: anyMethod, body: latin1 });
  const property = fc.asyncProperty(asked, async ({ path, query, method, body }) => {
    const ledger = createFakeLedger();
    const request = requestOf(path + query, { method, body });
    const { pathname } = new URL(request.url);
    const allowed = meant.get(pathname);
    const isHealth = /health/.test(pathname);
    const isDrain = /drain/.test(pathname);
    const status = allowed === undefined
      ? 404
      : allowed !== request.method
      ? 405
      : isHealth
      ? 200
      : isDrain
      ? 401
      : 400;
    assert.equal(await createDoor(ledger).knock(request), status, `${request.method} ${pathname}`);
    assert.deepEqual([ledger.recorded, ledger.askedForDue], [[], []]);
  });
  await fc.assert(property, { numRuns: 3000 });
});

Deno.test("no token but the secret opens the drain or the figures of health", async () => {
  const asked = fc.record({
    path: fc.constantFrom("/drain", "/health"),
    authorizations: fc.array(anyAuthorization, { minLength: 1, maxLength: 3 }),
  });
  const property = fc.asyncProperty(asked, async ({ path, authorizations }) => {
    const headers = authorizations.map((each): [string, string] => ["authorization", each]);
    const sent = new Headers(headers).get("authorization") ?? "";
    fc.pre(sent.toLowerCase() !== `bearer ${drainSecret}` || !sent.endsWith(` ${drainSecret}`));
    let asksHealth = 0;
    const ledger = createFakeLedger();
    const watched = {
      ...ledger,
      health() {
        asksHealth++;
        return ledger.health();
      },
    };
    const request = requestOf(base + path, { method: path === "/drain" ? "POST" : "GET", headers });
    assert.equal(await createDoor(watched).knock(request), 401, sent);
    assert.deepEqual([ledger.askedForDue, asksHealth], [[], 0]);
  });
  await fc.assert(property, { numRuns: 3000 });
});

Deno.test("with the secret any body drains or is refused, and never more", async () => {
  const flag = fc.oneof(fc.boolean(), fc.jsonValue());
  const anyBody = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.json(),
    fc.constantFrom("", " \n", '{"__proto__":{"ignore_backoff":true}}', "[".repeat(100_000)),
    fc.record({ ignore_backoff: flag, other: flag }, { requiredKeys: [] })
      .map((body) => JSON.stringify(body)),
  );
  const property = fc.asyncProperty(anyBody, async (body) => {
    const ledger = createFakeLedger();
    const headers: [string, string][] = [["authorization", `bearer ${drainSecret}`]];
    const request = requestOf(`${base}/drain`, { method: "POST", headers, body });
    const status = await createDoor(ledger).knock(request);
    const isMeant = body.trim() === "" || meansDrain(body);
    assert.equal(status, isMeant ? 200 : 400, body);
    assert.equal(ledger.askedForDue.length, isMeant ? 1 : 0);
    const ignores = isMeant && body.trim() !== "" && JSON.parse(body).ignore_backoff === true;
    assert.equal(ledger.askedForDue.some((asked) => asked.ignoreBackoff), ignores);
  });
  await fc.assert(property, { numRuns: 1000 });
});

function meansDrain(body: string): boolean {
  try {
    const parsed = JSON.parse(body);
    const isObject = typeof parsed === "object" && parsed !== null && !Array.isArray(parsed);
    return isObject && ["boolean", "undefined"].includes(typeof parsed.ignore_backoff);
  } catch {
    return false;
  }
}
