import assert from "node:assert/strict";
import { logLeaks } from "../../../tools/chaos/log_leaks.ts";

const forbidden = { secrets: ["whsec_secret"], names: ["Chaosname"] };

Deno.test("what the function prints today is no leak", () => {
  const lines = [
    '{"action":"settle","purchase_id":"sub_1","ms":3}',
    "at npm:@supabase/supabase-js@2.119.1/index.js",
  ];
  assert.deepEqual(logLeaks(lines, forbidden), []);
});

Deno.test("a secret, an address, a name and a payload are each found, and not repeated", () => {
  const lines = {
    "a secret": "Bearer whsec_secret",
    "an e-mail address": "for buyer-1@chaos.example",
    "a buyer's name": "hello Chaosname1",
    "a payload": '{"object":"event"}',
  };
  for (const [what, line] of Object.entries(lines)) {
    const found = logLeaks(["fine", line], forbidden);
    assert.deepEqual(found, [`the log has ${what} in a line of ${line.length} characters`]);
  }
});
