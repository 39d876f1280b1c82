import assert from "node:assert/strict";
import { maskAddresses } from "../../functions/stripe-cryptlex/mask_addresses.ts";

Deno.test("e-mail addresses are masked, whatever stands around them", () => {
  assert.equal(
    maskAddresses(`'ada@example.com', "ada+1@example.co.uk" <bob@localhost> exist`),
    `'<address>', "<address>" <<address>> exist`,
  );
});

Deno.test("what is no address stays", () => {
  assert.equal(maskAddresses("no address here: @ or a @ b"), "no address here: @ or a @ b");
});
