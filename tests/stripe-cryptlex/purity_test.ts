// Files that decide must not do anything else: no IO, no clock, no chance, and nothing imported that
// has any.

import { strict as assert } from "node:assert";

const folder = new URL("../../functions/stripe-cryptlex/", import.meta.url);

const pure = [
  ...[
    "alert",
    "alert_text",
    "assign_slots",
    "calendar_interval",
    "canonical_json",
    "claim",
    "covered_targets",
  ],
  ...[
    "cryptlex_errors",
    "cryptlex_payloads",
    "decide",
    "expiry_step",
    "interval_change",
    "known_license",
  ],
  ...["known_user", "ledger", "license_fields", "license_metadata", "license_row", "log"],
  ...["mask_addresses", "mask_names", "must_read", "outcome", "parse_json", "plan_purchase"],
  ...["policy", "present_items", "remember_licenses", "seats", "setting_reader"],
  ...["setting_values", "settings", "settlement", "slot_pool", "standing", "steps"],
  ...["storable_json", "stripe_read_error", "targets", "trouble"],
  ...["followed_licenses", "frozen_mapping", "line_mapping", "listed_items"],
  // What is known of a purchase.
  ...["charges", "cut_invoices", "disputes", "lattice", "owed_periods", "purchase"],
  ...["subscription_snapshot"],
  // What Stripe says of it.
  ...[
    "event_readers",
    "fresh_facts",
    "livemode",
    "needed_read",
    "needs_subscription",
    "read_buyer",
    "read_charge",
  ],
  ...["read_customer", "read_dispute", "read_event", "read_invoice", "read_invoice_lines"],
  ...["read_invoice_payment", "read_price", "read_refund", "read_session", "read_subscription"],
  ...["read_recorded_only", "read_terms", "reading", "understand"],
  ...["stripe_fields", "stripe_invoice", "stripe_money", "stripe_payloads", "stripe_price"],
  ...["stripe_session_line", "stripe_subscription"],
].map((name) => `${name}.ts`);

/** Data in, data out, as long as it is given only data. */
const purePackages = ["zod"];

const impurities: readonly [string, RegExp][] = [
  ["the clock", /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bsetTimeout\b/],
  ["chance", /\bMath\.random\b|\bcrypto\b/],
  ["the network", /\bfetch\(|\bWebSocket\b/],
  ["the process", /\bDeno\b|\bprocess\b|\bconsole\b/],
  ["waiting", /\bawait\b|\basync\b/],
];

for (const file of pure) {
  Deno.test(`${file} is pure`, async () => {
    const source = await Deno.readTextFile(new URL(file, folder));
    for (const { specifier, isType } of imports(source)) {
      if (isType) continue;
      const allowed = purePackages.includes(specifier) ||
        pure.includes(specifier.replace("./", ""));
      assert.ok(allowed, `imports ${specifier}`);
    }
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
    for (const [what, pattern] of impurities) assert.doesNotMatch(code, pattern, what);
  });
}

Deno.test("an impure file is told from a pure one", async () => {
  const source = await Deno.readTextFile(new URL("converge.ts", folder));
  assert.ok(
    imports(source).some(({ specifier, isType }) => !isType && specifier === "./settle.ts"),
  );
  assert.ok(impurities.some(([, pattern]) => pattern.test(source)));
});

function imports(source: string): { specifier: string; isType: boolean }[] {
  return [...source.matchAll(/^(?:import|export)\s+(type\s+)?[^;]*?from\s+"([^"]+)";/gm)].map(
    ([, type, specifier]) => ({ specifier: specifier ?? "", isType: type !== undefined }),
  );
}
