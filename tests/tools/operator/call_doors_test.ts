import assert from "node:assert/strict";
import { z } from "zod";
import { createDoorCaller, type DoorClient } from "../../../tools/operator/call_doors.ts";

type Answer = { data?: unknown; error?: { code?: string } | null; status?: number };

/** A caller whose database answers so; `called` is what it was asked. */
function callerOf(answer: Answer, options: { at?: Date } = {}) {
  const called: unknown[] = [];
  const rpc = (...asked: unknown[]) => {
    called.push(asked);
    return Promise.resolve({ data: null, error: null, status: 200, ...answer });
  };
  return { call: createDoorCaller({ rpc } as unknown as DoorClient, options), called };
}

Deno.test("a door is asked with JSON in one text, at the database's time or a test's", async () => {
  const data = { found: 1 };
  const schema = z.object({ found: z.number() });
  const now = callerOf({ data });
  assert.deepEqual(await now.call("a_door", { a: 1 }, schema), data);
  assert.deepEqual(now.called, [["a_door", { request: '{"a":1}' }]]);

  const { call, called } = callerOf({ data }, { at: new Date("2026-11-24T12:00:00Z") });
  await call("a_door", {}, schema);
  assert.deepEqual(called, [["a_door", { request: "{}", at: "2026-11-24T12:00:00.000Z" }]]);
});

Deno.test("a refusal says what to look at, and nothing the database said", async () => {
  for (
    const [answer, words] of [
      [{ error: { code: "PGRST202" }, status: 404 }, /answered PGRST202 \(.* db push/],
      [{ error: { code: "42501" }, status: 403 }, /answered 42501 \(.* secret one\)$/],
      [{ error: {}, status: 401 }, /answered HTTP 401 \(.* secret one\)$/],
      [{ error: { code: "" }, status: 0 }, /answered nothing \(is SUPABASE_URL right/],
      [{ error: { code: "40P01" }, status: 500 }, /answered 40P01$/],
    ] as const
  ) {
    const error = { ...answer.error, message: "ada@example.com" } as object;
    const { call } = callerOf({ ...answer, error });
    await assert.rejects(call("a_door", {}, z.unknown()), ({ message }: Error) => {
      assert.match(message, /^Cannot a_door: the database /);
      assert.match(message, words);
      assert.ok(!message.includes("@"));
      return true;
    });
  }
});
