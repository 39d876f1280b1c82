// What an instance has to load before it can answer.

import assert from "node:assert/strict";

const folder = new URL("../../functions/stripe-cryptlex/", import.meta.url);

/** What a module imports at its top, for more than types. */
async function importsOf(file: string): Promise<string[]> {
  const source = await Deno.readTextFile(new URL(file, folder));
  const statements = source.matchAll(/^(?:import|export) (?!type )[^;]*?from "(?<from>[^"]+)";/gm);
  return [...statements].flatMap(({ 0: text, groups }) => {
    const names = /\{(?<names>[^}]*)\}/.exec(text)?.groups?.["names"]?.split(",") ?? [text];
    const isOnlyTypes = names.every((name) => /^\s*(?:type\s|$)/.test(name));
    return isOnlyTypes ? [] : [groups?.["from"] ?? ""];
  });
}

async function loadedBy(file: string, seen = new Set<string>()): Promise<Set<string>> {
  for (const specifier of await importsOf(file)) {
    const name = specifier.replace(/^\.\//, "");
    if (seen.has(name)) continue;
    seen.add(name);
    if (specifier.startsWith("./")) await loadedBy(name, seen);
  }
  return seen;
}

Deno.test("what only some requests need is loaded when the first of them comes", async () => {
  const loaded = await loadedBy("index.ts");
  assert.ok(loaded.has("handler.ts") && loaded.has("converge.ts"));
  const others = [...loaded].filter((name) => !name.endsWith(".ts"));
  assert.deepEqual(others, ["zod"]);
  assert.ok(!loaded.has("show_keys.ts"), "the success page's keys");
});
