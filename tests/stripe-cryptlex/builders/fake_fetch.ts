// Cryptlex's end of the wire: answers prepared by the test, requests kept for it.

export type SentRequest = {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  /** Parsed; undefined: there was none, or an empty one. */
  readonly body: unknown;
  /** A stream cannot be sent a second time; a text can. */
  readonly isStream: boolean;
  readonly redirect: string | undefined;
};

/** What a request comes to: a response, an error, or nothing until it is aborted. */
export type FakeAnswer = Response | Error | "silence";

/** Answers one request after the other; more requests than answers fail the test. */
export function createFakeFetch(
  ...answers: FakeAnswer[]
): { readonly fetch: typeof fetch; readonly sent: readonly SentRequest[] } {
  const sent: SentRequest[] = [];
  const left = [...answers];
  const answer = async (
    input: string | URL | Request,
    init: RequestInit = {},
  ): Promise<Response> => {
    const text = await new Response(init.body ?? null).text();
    sent.push({
      method: init.method ?? "GET",
      url: String(input),
      headers: new Headers(init.headers),
      body: text === "" ? undefined : JSON.parse(text),
      isStream: init.body instanceof ReadableStream,
      redirect: init.redirect,
    });
    const next = left.shift();
    if (next === undefined) throw new Error("a request nobody expected");
    if (next === "silence") return await untilAborted(init.signal);
    if (next instanceof Error) throw next;
    return next;
  };
  return { fetch: answer, sent };
}

/** An answer whose headers come and whose body breaks off when the request is aborted. */
export function halfAnAnswer(error: unknown): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"id":'));
        controller.error(error);
      },
    }),
  );
}

export function jsonAnswer(
  body: unknown,
  status = 200,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_, reject) =>
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true })
  );
}
