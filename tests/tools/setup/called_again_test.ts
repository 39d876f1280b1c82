// A set-up that did not come to its end, as processes against a whole project.

import assert from "node:assert/strict";
import { serveStripe } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import { createWebhookEndpoints } from "../../../tools/stripe_sandbox/webhook_endpoint.ts";
import { assertWhole, hostedTest } from "./hosted_project.ts";

const setSecrets = "POST /v1/projects/{ref}/secrets";

hostedTest("a set-up that fails or is killed can be called again", {}, async (hosted, t) => {
  const { api, endpoints } = hosted;

  await t.step(
    "a key that may only read makes no endpoint; the cure is told, and what was made",
    async () => {
      const stripe = serveStripe({
        key: hosted.env.STRIPE_SETUP_KEY ?? "",
        shops: [createWebhookEndpoints([])],
        forbidden: ["POST /v1/webhook_endpoints"],
      });
      try {
        const { code, stdout, stderr } = await hosted.setup(["--json"], {
          STRIPE_API_BASE_URL: stripe.url,
        });
        assert.equal(code, 1, stdout);
        const { changes, error, ok } = JSON.parse(stdout);
        assert.deepEqual(
          changes.map(({ part }: { part: string }) => part),
          ["folder", "database", "secrets", "function"],
        );
        assert.deepEqual([ok, `${error}\n`], [false, stderr]);
        assert.doesNotMatch(stderr, /\n +at /, "a place in the code helps nobody here");
        assert.match(stderr, /^The Stripe key may not make a webhook endpoint: give it Write for/);
        assert.match(stderr, /^Change 5 of 5 \(Stripe\) failed\. What was done before it stays/m);
      } finally {
        await stripe.shutdown();
      }
    },
  );

  await t.step("when its secret cannot be set, the endpoint is taken back", async () => {
    api.breakDown(setSecrets);
    const { code, stdout, stderr } = await hosted.setup();
    api.breakDown(null);
    assert.equal(code, 1, stdout);
    assert.match(stderr, /secrets set: .*\nChange 1 of 1 \(Stripe\) failed\./);
    assert.deepEqual(endpoints.all(), []);
  });

  await t.step("killed between the two, the next run makes another and deletes it", async () => {
    api.breakDown(setSecrets, "hang");
    const asked = api.requests.filter((one) => one === setSecrets).length;
    const running = hosted.start();
    while (api.requests.filter((one) => one === setSecrets).length === asked) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await running.end("SIGKILL");
    api.breakDown(null);
    const [left] = endpoints.all();
    assert.ok(left !== undefined);

    const { code, stdout, stderr } = await hosted.setup(["--yes"]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, new RegExp(`then ${left.id}\\s+is\\s+deleted`));
    const endpoint = await assertWhole(hosted);
    assert.notEqual(endpoint.id, left.id);
    assert.match((await hosted.setup()).stdout, /^Nothing to change/m);
  });
});
