// Values that cannot be right, told by the whole tool.

import assert from "node:assert/strict";
import { events, hostedTest, writes } from "./hosted_project.ts";

hostedTest(
  "what is not taken is said, with what to do, before anything is changed",
  { endpoints: [{ events, apiVersion: "2019-03-14" }] },
  async (hosted) => {
    const cases: [Record<string, string>, number, RegExp][] = [
      [{ SUPABASE_ACCESS_TOKEN: "" }, 2, /^Supabase access token is missing: say --supabase-token/],
      [{ SUPABASE_PROJECT_REF: "b".repeat(20) }, 1, /^SUPABASE_PROJECT_REF: supabase link b+: /],
      [{ STRIPE_SETUP_KEY: "rk_test_expired" }, 1, /^STRIPE_SETUP_KEY: Stripe refuses the key/],
      [{ STRIPE_SETUP_KEY: "whsec_x" }, 2, /^STRIPE_SETUP_KEY: it does not look like rk_live_…/],
      [
        { STRIPE_SECRET_KEY: hosted.env.STRIPE_SETUP_KEY ?? "" },
        2,
        /^STRIPE_SETUP_KEY: .*the same/,
      ],
      [
        { CRYPTLEX_ACCESS_TOKEN: "wrong-token" },
        1,
        /^CRYPTLEX_ACCESS_TOKEN: .* refuses it with 401/,
      ],
      [{ CRYPTLEX_PRODUCT_ID: "gone" }, 1, /^CRYPTLEX_PRODUCT_ID: Cryptlex does not know/],
      [
        { CRYPTLEX_PRODUCT_ID: "" },
        2,
        /^Cryptlex product id is missing: say --cryptlex-product, or set CRYPTLEX_PRODUCT_ID/,
      ],
      [{}, 1, /^Webhook endpoint we_\d+ sends API version 2019-03-14, .* say --new-endpoint/],
    ];
    for (const [changes, expected, reason] of cases) {
      const { code, stderr } = await hosted.setup([], changes);
      assert.match(stderr, reason);
      assert.equal(code, expected, stderr);
    }
    assert.deepEqual(writes(hosted), []);
  },
);
