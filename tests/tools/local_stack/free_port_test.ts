import assert from "node:assert/strict";
import { onFreePort } from "../../../tools/local_stack/free_port.ts";

const listening = (port: number) =>
  Promise.resolve().then(() => Deno.listen({ hostname: "127.0.0.1", port }));

Deno.test("a port that somebody took meanwhile is given up for another", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let tries = 0;
  const ours = await onFreePort((port) => listening(++tries === 1 ? taken.addr.port : port));
  assert.equal(tries, 2);
  ours.close();
  taken.close();
});

Deno.test("who finds none free is told, and so is whatever else fails", async () => {
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let tries = 0;
  const never = onFreePort(() => {
    tries++;
    return listening(taken.addr.port);
  });
  await assert.rejects(never, Deno.errors.AddrInUse);
  assert.equal(tries, 3);
  taken.close();
  const broken = onFreePort(() => Promise.reject(new Error(`a setting is missing ${tries++}`)));
  await assert.rejects(broken, /a setting is missing 3/);
});
