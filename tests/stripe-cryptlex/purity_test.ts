// Files that decide must not do anything else: no IO, no clock, no chance, and nothing imported that
// has any.

import { strict as assert } from "node:assert";

const folder = new URL("../../functions/stripe-cryptlex/", import.meta.url);

const pure = [
  ...["alert", "alert_text", "mask_addresses"],
  ...["calendar_interval", "canonical_json", "decide", "expiry_step", "known_license"],
  ...["license_metadata", "must_read", "outcome", "purchase", "read_customer", "read_event"],
  ...["read_invoice", "read_session", "settlement", "slots", "steps", "storable_json"],
  ...[
    "known_user",
    "plan_purchase",
    "stripe_payloads",
    "targets",
    "terms",
    "trouble",
    "cryptlex_errors",
    "log",
    "parse_json",
    "license_row",
    "ledger",
    "cryptlex_payloads",
  ],
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
