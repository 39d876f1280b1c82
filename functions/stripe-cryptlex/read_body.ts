// The bytes of a request, no more of them than allowed.

/** The largest body taken in, bytes: Stripe's events are far smaller. */
export const maxBodyBytes = 1024 * 1024;

/**
 * The body as text, or null when it is larger than {@linkcode maxBodyBytes}.
 *
 * The length header is believed only when it says "too much": it may be absent or wrong, so the
 * bytes are counted as they come (RFC 9112, section 6).
 */
export async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get("content-length")) > maxBodyBytes) return null;
  if (request.body === null) return "";

  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return await new Blob(chunks as BlobPart[]).text();
}
