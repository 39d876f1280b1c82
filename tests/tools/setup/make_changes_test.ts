import assert from "node:assert/strict";
import { makeChanges } from "../../../tools/setup/make_changes.ts";
import type { Hands } from "../../../tools/setup/make_change.ts";
import { SupabaseCliError } from "../../../tools/setup/supabase_cli.ts";

function linking(error: Error): Promise<unknown> {
  const hands = { project: { link: () => Promise.reject(error) } } as unknown as Hands;
  return makeChanges([{ kind: "link", ref: "ref" }], { hands, made() {} });
}

Deno.test("a change that fails is named; of what was not foreseen the place is kept", async () => {
  const cli = new SupabaseCliError("supabase link: no way in", "");
  await assert.rejects(linking(cli), /^Error: supabase link: no way in\nChange 1 of 1 \(folder\)/);
  await assert.rejects(
    linking(new TypeError("x is undefined")),
    /^Error: TypeError: x is undefined\n +at .*make_changes_test[^]*Change 1 of 1 \(folder\) failed/,
  );
});
