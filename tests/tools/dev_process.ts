// The development stack as a process on a data folder of its own, and what can be asked of it.

import assert from "node:assert/strict";
import { runTool, startTool, type ToolOptions, type ToolProcess } from "./tool_process.ts";

export type DevProcess = ToolProcess & {
  readonly webhookUrl: string;
  readonly signingSecret: string;
  readonly tableViewerUrl: string;
  readonly shopUrl: string;
  /** The sandbox's URL, or what is said in its place. */
  readonly cryptlex: string;
  /** The rows of a table of schema `licensing`, asked of the table viewer. */
  rows(table: string): Promise<Record<string, unknown>[]>;
  /** Sends a sample event, which must be taken. */
  send(name: string, ...args: string[]): Promise<string>;
};

export async function startDev(
  dataFolder: string,
  args: string[] = [],
  options: ToolOptions = {},
): Promise<DevProcess> {
  const port = ["--port", "0", "--data-folder", dataFolder];
  const tool = startTool("dev.ts", [...port, ...args], options);
  const fact = async (name: string) => {
    const [, value = ""] = await tool.printed(new RegExp(`^  ${name} {2,}(.+)$`, "m"));
    return value;
  };
  await tool.printed(/Ctrl-C stops/);
  const tableViewerUrl = await fact("table viewer");
  return {
    ...tool,
    webhookUrl: await fact("webhook"),
    signingSecret: await fact("signing secret"),
    tableViewerUrl,
    shopUrl: await fact("shop"),
    cryptlex: await fact("Cryptlex"),
    async rows(table) {
      const headers = { "accept-profile": "licensing" };
      const response = await fetch(`${tableViewerUrl}/rest/v1/${table}`, { headers });
      assert.equal(response.status, 200, await response.clone().text());
      return await response.json();
    },
    async send(name, ...more) {
      const sent = await runTool("send.ts", [name, "--data-folder", dataFolder, ...more]);
      assert.equal(sent.code, 0, sent.stdout + sent.stderr);
      return sent.stdout;
    },
  };
}

/** Whether anybody listens there. */
export async function answers(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).body?.cancel();
    return true;
  } catch {
    return false;
  }
}
