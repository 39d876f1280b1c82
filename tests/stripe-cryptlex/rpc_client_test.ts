import assert from "node:assert/strict";
import { lazyRpcClient, type RpcClient } from "../../functions/stripe-cryptlex/rpc_client.ts";

const request = "{}";

Deno.test("a client is made at the first call and once, whoever calls meanwhile", async () => {
  let made = 0;
  const called: string[] = [];
  const client = lazyRpcClient(() => {
    made++;
    const rpc: RpcClient["rpc"] = (door) => {
      called.push(door);
      return Promise.resolve({ data: door, error: null });
    };
    return Promise.resolve({ rpc });
  });
  assert.equal(made, 0);
  const answers = await Promise.all([client.rpc("a", { request }), client.rpc("b", { request })]);
  assert.deepEqual(answers.map(({ data }) => data), ["a", "b"]);
  assert.equal((await client.rpc("c", { request })).data, "c");
  assert.deepEqual([made, called], [1, ["a", "b", "c"]]);
});
