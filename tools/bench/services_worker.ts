// What the measured function calls, on a thread of its own so that it does not wait for who
// measures: the database behind its REST door, and the Cryptlex sandbox. Tells of each call.

/// <reference lib="deno.worker" />

import { createCryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";
import { serveCryptlexSandbox } from "../cryptlex_sandbox/serve.ts";
import { servePostgresRest } from "../local_stack/postgres_rest.ts";
import { product, template } from "./bench_catalogue.ts";
import type { ServicesOptions, ServicesReport } from "./services.ts";

function report(message: ServicesReport): void {
  self.postMessage(message);
}

/** Comparable between threads, in milliseconds. */
const now = () => performance.timeOrigin + performance.now();

self.onmessage = async ({ data }: MessageEvent<ServicesOptions>) => {
  const { databaseUrl, secretKey, accessToken, latencyMs } = data;
  const rest = await servePostgresRest({
    databaseUrl,
    secretKey,
    onCall: (name) => report({ kind: "database", name, at: now() }),
  });
  const sandbox = createCryptlexSandbox({
    products: [product],
    licenseTemplates: [template],
    accessToken,
    latencyMs,
  });
  const cryptlex = await serveCryptlexSandbox({
    ...sandbox,
    async fetch(input, init) {
      const answer = await sandbox.fetch(input, init);
      report({ kind: "cryptlex", name: init?.method ?? "GET", at: now() });
      return answer;
    },
  });
  report({ kind: "ready", databaseUrl: rest.url, cryptlexUrl: cryptlex.url });
};
