// An endpoint that is there before the set-up is.

import assert from "node:assert/strict";
import { assertWhole, events, hostedTest, writes } from "./hosted_project.ts";

hostedTest(
  "an endpoint that somebody else made is kept, once its secret is told",
  { endpoints: [{ events: ["invoice.paid"], apiVersion: "2025-03-31.basil" }] },
  async (hosted, t) => {
    const { api, endpoints } = hosted;
    const [endpoint] = endpoints.all();
    const secret = endpoints.secretOf(endpoint?.id ?? "") ?? "";

    await t.step("without it nothing is changed, and both ways on are told", async () => {
      const { code, stdout, stderr } = await hosted.setup();
      assert.equal(code, 2, stdout);
      assert.match(stderr, /^The signing secret of webhook endpoint we_\d+ is needed/);
      assert.match(stderr, /say --signing-secret, or set STRIPE_WEBHOOK_SECRET_TEST .* --new-endp/);
      assert.deepEqual(writes(hosted), []);
    });

    await t.step("with it all is set up, and the endpoint's API version is left", async () => {
      const given = { STRIPE_WEBHOOK_SECRET: secret };
      const { code, stdout, stderr } = await hosted.setup([], given);
      assert.equal(code, 0, stdout + stderr);
      assert.match(stdout, /^ok {7}test event +evt_setup_\w+ arrived in/m);
      assert.equal(api.secretValues().STRIPE_WEBHOOK_SECRET_TEST, secret);
      const [kept, ...others] = endpoints.all();
      assert.deepEqual(
        [kept?.id, kept?.api_version, kept?.enabled_events, others],
        [endpoint?.id, "2025-03-31.basil", events, []],
      );
      assert.match((await hosted.setup([], given)).stdout, /^Nothing to change/m);
      assert.match(
        (await hosted.setup()).stdout,
        /^skipped {2}signing secret [^>]*cannot\s+be\s+seen$/m,
      );
    });

    await t.step(
      "--new-endpoint makes one whose secret is known in its place; unasked, only with --yes",
      async () => {
        const before = writes(hosted);
        const unasked = await hosted.setup(["--new-endpoint"]);
        assert.equal(unasked.code, 2, unasked.stdout);
        assert.match(
          unasked.stderr,
          /^Nothing was changed: we_\d+ would be deleted, .* say --yes$/m,
        );
        assert.deepEqual(writes(hosted), before);
        const { code, stdout, stderr } = await hosted.setup(["--new-endpoint", "--yes"]);
        assert.equal(code, 0, stdout + stderr);
        const made = await assertWhole(hosted);
        assert.deepEqual([made.id === endpoint?.id, made.api_version], [
          false,
          "2026-10-28.endive",
        ]);
      },
    );
  },
);
