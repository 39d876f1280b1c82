import assert from "node:assert/strict";
import { lazyRpcClient, type RpcClient } from "../../functions/stripe-cryptlex/rpc_client.ts";

const request = "{}";

Deno.test("a client that could not be made is made anew at the next call", async () => {
  let tries = 0;
  const client = lazyRpcClient(() => {
    if (++tries === 1) return Promise.reject(new Error("no module"));
    return Promise.resolve({ rpc: () => Promise.resolve({ data: 1, error: null }) });
  });
  await assert.rejects(async () => await client.rpc("a", { request }), /no module/);
  assert.equal((await client.rpc("a", { request })).data, 1);
});

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
