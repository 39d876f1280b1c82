import assert from "node:assert/strict";
import { choosePort } from "../../../tools/dev/choose_port.ts";
import { freePort } from "../../../tools/local_stack/free_port.ts";

Deno.test("the wanted port is taken when it is free, another when it is not", () => {
  const wanted = freePort();
  assert.equal(choosePort(wanted), wanted);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: wanted });
  const other = choosePort(wanted);
  assert.ok(other > 0 && other !== wanted);
  listener.close();
});
