import assert from "node:assert/strict";
import Stripe from "stripe";
import { dataFolder } from "../../tools/dev/data_folder.ts";
import { announceStack } from "../../tools/dev/running_stack.ts";
import { samples } from "../../tools/send/samples.ts";
import { runTool, type ToolResult } from "./tool_process.ts";

const secret = "whsec_of_the_test";

type Endpoint = {
  /** Runs the tool on the endpoint's folder. */
  send(...args: string[]): Promise<ToolResult>;
  /** What it was sent, its signature verified. */
  readonly received: Stripe.Event[];
  /** What it answers from now on. */
  status: number;
};

/** A data folder with a stack announced in it that is but an endpoint. */
async function withEndpoint(run: (endpoint: Endpoint) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir({ prefix: "send-" });
  const endpoint: Endpoint = {
    send: (...args) => runTool("send.ts", [...args, "--data-folder", path]),
    received: [],
    status: 200,
  };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const header = request.headers.get("stripe-signature") ?? "";
      const body = await request.text();
      endpoint.received.push(await Stripe.webhooks.constructEventAsync(body, header, secret));
      return Response.json({ message: "as told" }, { status: endpoint.status });
    },
  );
  await announceStack(dataFolder(path), {
    webhookUrl: `http://127.0.0.1:${server.addr.port}/stripe-cryptlex`,
    signingSecret: secret,
    drainSecret: "of no use here",
    tableViewerUrl: "http://127.0.0.1:1",
    sandboxUrl: null,
    oneTimeProductId: "product-forever",
    settings: {},
  });
  try {
    await run(endpoint);
  } finally {
    await server.shutdown();
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("send delivers a signed event and prints its id and the answer", async () => {
  await withEndpoint(async ({ send, received }) => {
    const { code, stdout } = await send("sale", "--email", "ann@example.com", "--shape", "acacia");
    assert.equal(code, 0);
    const [event] = received;
    assert.ok(event?.type === "checkout.session.completed");
    assert.equal(event.api_version, "2025-02-24.acacia");
    assert.equal(event.data.object.customer_details?.email, "ann@example.com");
    assert.ok(stdout.startsWith(`checkout.session.completed  ${event.id}\n`));
    assert.match(stdout, /^200 \{"message":"as told"\} {2}\d+ ms$/m);
  });
});

Deno.test("send remembers what was sold, and only what was taken", async () => {
  await withEndpoint(async (endpoint) => {
    const { send, received } = endpoint;
    const early = await send("renewal");
    assert.equal(early.code, 1);
    assert.match(early.stderr, /first send sale/);
    await send("sale");
    await send("renewal");
    endpoint.status = 503;
    const refused = await send("renewal");
    assert.equal(refused.code, 1);
    assert.match(refused.stdout, /^503 /m);
    endpoint.status = 200;
    await send("renewal");
    await send("duplicate");
    const [, first, lost, again, duplicate] = received;
    assert.notEqual(again?.id, first?.id);
    assert.equal(again?.id, lost?.id);
    assert.equal(duplicate?.id, again?.id);
  });
});

Deno.test("send explains what it cannot do", async () => {
  await withEndpoint(async ({ send, received }) => {
    for (
      const [args, reason] of [
        [["sales"], /no sample event sales/],
        [["sale", "renewal"], /One name at a time/],
        [["sale", "--shape", "round"], /--shape is neither basil nor acacia: round/],
        [["sale", "--mail", "a@example.com"], /--mail/],
      ] as const
    ) {
      const { code, stderr } = await send(...args);
      assert.equal(code, 2);
      assert.match(stderr, reason);
    }
    await send("sale");
    const { code, stderr } = await send("renewal", "--email", "eve@example.com");
    assert.equal(code, 2);
    assert.match(stderr, /leave out --email/);
    assert.equal(received.length, 1);
  });
  const nowhere = await runTool("send.ts", ["sale", "--data-folder", "/nowhere"]);
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.stderr, /No development stack runs on \/nowhere: start one with/);
});

Deno.test("send without a name lists them all, as --help does", async () => {
  const [bare, help] = await Promise.all([runTool("send.ts"), runTool("send.ts", ["--help"])]);
  assert.equal(bare.code, 0);
  assert.equal(bare.stdout, help.stdout);
  for (const [name, { description }] of Object.entries(samples)) {
    assert.match(bare.stdout, new RegExp(`^  ${name} {2,}`, "m"));
    assert.ok(bare.stdout.includes(description));
  }
  assert.deepEqual(bare.stdout.split("\n").filter((line) => line.length > 100), []);
});
