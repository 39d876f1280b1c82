// Two modes of one project, and the function's own key, which is of one of them.

import assert from "node:assert/strict";
import { serveStripe } from "../../../tools/stripe_sandbox/serve_stripe.ts";
import { createWebhookEndpoints } from "../../../tools/stripe_sandbox/webhook_endpoint.ts";
import { hostedTest } from "./hosted_project.ts";

hostedTest("a mode is set up only where the function's own key is of it", {}, async (hosted, t) => {
  const [key, ownKey] = ["rk_live_of_the_setup", "rk_live_of_the_function"] as const;
  const stripe = serveStripe({ key: [key, ownKey], shops: [createWebhookEndpoints([])] });
  const live = { STRIPE_SETUP_KEY: key, STRIPE_API_BASE_URL: stripe.url };
  try {
    await t.step("a stored key of the other mode fails it, and the cure is told", async () => {
      await hosted.api.set({ STRIPE_SECRET_KEY: "rk_test_of_the_function" });
      for (const time of ["first", "again"]) {
        const { code, stdout, stderr } = await hosted.setup([], live);
        assert.equal(code, 1, time + stdout + stderr);
        assert.match(stdout, /^FAILED {3}test event +everything of live mode is ignored/m);
        assert.match(stdout, /STRIPE_SECRET_KEY=rk_live_…/);
      }
    });

    await t.step("with one of the mode set up, the test event is taken", async () => {
      const own = { ...live, STRIPE_SECRET_KEY: ownKey };
      const { code, stdout, stderr } = await hosted.setup(["--new-endpoint", "--yes"], own);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /change\s+STRIPE_SECRET_KEY/);
      assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
      assert.match(stdout, /^ok {7}test and live +of the last day's events 0 live, 0 test/m);
    });
  } finally {
    await stripe.shutdown();
  }
});
