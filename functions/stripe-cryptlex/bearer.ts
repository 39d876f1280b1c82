// Whether a request brings one of our secrets.

/**
 * True when the request's `Authorization: Bearer` is one of `secrets`, or has the SHA-256 that
 * `anotherDigest` gives; that is asked only about a bearer which is none of `secrets`.
 *
 * Digests are compared, in constant time: neither the content nor the length of a secret shows in
 * how long a refusal takes.
 */
export async function bearsSecret(
  request: Request,
  secrets: readonly string[],
  anotherDigest: () => Promise<Uint8Array>,
): Promise<boolean> {
  const bearer = /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];
  if (bearer === undefined) return false;
  // Not at the top: no delivery of Stripe's brings a bearer.
  const { timingSafeEqual } = await import("node:crypto");
  const given = await digest(bearer);
  let fits = false;
  for (const secret of secrets) fits = timingSafeEqual(given, await digest(secret)) || fits;
  return fits || timingSafeEqual(given, await anotherDigest());
}

async function digest(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}
