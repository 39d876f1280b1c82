// What the pages say that the code says too: names that have changed are found here.

import assert from "node:assert/strict";
import { handledEventTypes } from "../../functions/stripe-cryptlex/event_readers.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => Deno.readTextFile(new URL(path, root));
const readme = await read("README.md");
const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...Array.from(Deno.readDirSync(new URL("docs/", root)), ({ name }) => `docs/${name}`)
    .filter((path) => path.endsWith(".md")),
];

Deno.test("the README lists exactly the events that are read", () => {
  const block = /with these events:\s+```\n(?<events>[^`]+)```/.exec(readme)?.groups?.["events"];
  const listed = (block ?? "").trim().split(/,\s+/);
  const read = handledEventTypes.filter(({ isOptional }) => !isOptional).map(({ type }) => type);
  assert.deepEqual(listed.sort(), read.sort());
});

Deno.test("the README has every setting that the function reads, and no other", async () => {
  const [settings, values] = [
    await read("functions/stripe-cryptlex/settings.ts"),
    await read("functions/stripe-cryptlex/setting_values.ts"),
  ];
  const ofPlatform = ["PORT", "SB_REGION", "STRIPE_API_BASE_URL"];
  const known = new Set(
    [...(settings + values).matchAll(/"(?<name>[A-Z][A-Z0-9]*_[A-Z0-9_]+|PORT)"/g)].map((
      { groups },
    ) => groups?.["name"])
      .filter((name) => name !== undefined && !/^SUPABASE_/.test(name)),
  );
  for (const name of ofPlatform) known.delete(name);
  const table = /\| name +\|[^]*?\n\n/.exec(readme)?.[0] ?? "";
  const told = [...table.matchAll(/^\| (?<names>[^|]+)\|/gm)].slice(2)
    .flatMap(({ groups }) => [...(groups?.["names"] ?? "").matchAll(/`(?<name>[^`]+)`/g)])
    .map(({ groups }) => groups?.["name"]?.replace("…", "STRIPE_WEBHOOK_SECRET"));
  assert.deepEqual(told.sort(), [...known].sort());
});

Deno.test("every task and every file that a page names is there", async () => {
  const { tasks } = JSON.parse(await read("deno.json"));
  for (const page of pages) {
    const text = await read(page);
    for (const { groups } of text.matchAll(/(?:deno|deno@[\d.]+) task (?<task>[a-z][\w:]*)/g)) {
      assert.ok(
        groups?.["task"] !== undefined && groups["task"] in tasks,
        `${page}: ${groups?.["task"]}`,
      );
    }
    for (const { groups } of text.matchAll(/\]\((?<target>[^)#:]+)(?:#[^)]*)?\)/g)) {
      const target = new URL(groups?.["target"] ?? "", new URL(page, root));
      await assert.doesNotReject(Deno.stat(target), `${page}: ${groups?.["target"]}`);
    }
  }
});

Deno.test("every heading that a page points to is there", async () => {
  const anchorsOf = async (page: string | URL) =>
    [...(await Deno.readTextFile(new URL(page, root))).matchAll(/^#+ (?<title>.+)$/gm)]
      .map(({ groups }) =>
        (groups?.["title"] ?? "").toLowerCase().replace(/[^\w\s-]/g, "").replace(/\s/g, "-")
      );
  for (const page of pages) {
    const links = (await read(page)).matchAll(/\]\((?<path>[^)#:]*\.md)?#(?<anchor>[^)]+)\)/g);
    for (const { groups } of links) {
      const target = new URL(groups?.["path"] ?? new URL(page, root).href, new URL(page, root));
      const anchors = await anchorsOf(target);
      assert.ok(anchors.includes(groups?.["anchor"] ?? ""), `${page}: #${groups?.["anchor"]}`);
    }
  }
});

Deno.test("the README can be read at one sitting", () => {
  assert.ok(readme.split("\n").length < 250);
});
