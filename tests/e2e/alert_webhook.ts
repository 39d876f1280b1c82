// Where alerts arrive: somebody's chat, on loopback.

export type AlertWebhook = {
  /** Its path is a secret, as in the field. */
  readonly url: string;
  readonly secret: string;
  /** The texts that arrived, in their order. */
  texts(): readonly string[];
  /** The texts, once there are that many. */
  arrived(count: number): Promise<readonly string[]>;
  /** What it answers from now on; 200 at first. */
  answer(status: number): void;
  /** How many posts it did not take. */
  refused(): number;
  shutdown(): Promise<void>;
};

export function serveAlertWebhook(): AlertWebhook {
  const secret = crypto.randomUUID();
  const texts: string[] = [];
  let status = 200;
  let refused = 0;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { text } = await request.json();
      const isRight = request.method === "POST" && new URL(request.url).pathname.endsWith(secret);
      if (isRight && status === 200) texts.push(text);
      else refused++;
      return new Response(isRight ? "ok" : "no", { status: isRight ? status : 404 });
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/services/${secret}`,
    secret,
    texts: () => texts,
    async arrived(count) {
      for (let poll = 0; poll < 3000 && texts.length < count; poll++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (texts.length !== count) throw new Error(`Not ${count} texts: ${JSON.stringify(texts)}`);
      return texts;
    },
    answer(next) {
      status = next;
    },
    refused: () => refused,
    shutdown: () => server.shutdown(),
  };
}
