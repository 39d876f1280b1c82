// Calls to the Cryptlex Web API, each accounted for, and whole lists of pages. Knows no paths.

import { z } from "zod";
import {
  type Answer,
  type CryptlexConnection,
  type CryptlexRequest,
  requestCryptlex,
} from "./cryptlex_request.ts";
import { errorMessage } from "./log.ts";

/** One call made, for the audit trail. `status` null: it was never answered. */
export type CallRecord = {
  readonly action: string;
  readonly licenseId: string | null;
  readonly status: number | null;
  readonly ms: number;
  readonly error: string | null;
};

/** Called around every request: `before` may refuse it by throwing. */
export type CallWatcher = {
  before(): void;
  after(record: CallRecord): void;
};

/** How every request is made. */
export type Caller = {
  /** One request; `action` is what the audit trail calls it. */
  call<T extends z.ZodType>(
    action: string,
    request: CryptlexRequest & { readonly licenseId?: string },
    schema: T,
  ): Promise<z.infer<T>>;
  /** All pages of a list. */
  list<T extends z.ZodType>(
    action: string,
    request: { path: string; query: string },
    schema: T,
  ): Promise<z.infer<T>[]>;
};

const pageSize = 100;

/** A caller that tells `watcher` of every request. */
export function createCaller(connection: CryptlexConnection, watcher: CallWatcher): Caller {
  async function call<T extends z.ZodType>(
    action: string,
    request: CryptlexRequest & { readonly licenseId?: string },
    schema: T,
  ): Promise<z.infer<T>> {
    watcher.before();
    const started = performance.now();
    const record = (status: number | null, error: string | null, licenseId: string | null = null) =>
      watcher.after({
        action,
        licenseId: licenseId ?? request.licenseId ?? null,
        status,
        ms: Math.round(performance.now() - started),
        error,
      });
    let answer: Answer<z.infer<T>>;
    try {
      answer = await requestCryptlex(connection, request, schema);
    } catch (error) {
      const status = error instanceof Error && "status" in error ? Number(error.status) : null;
      record(status, errorMessage(error));
      throw error;
    }
    record(answer.status, null, licenseIdIn(answer.body));
    return answer.body;
  }

  async function list<T extends z.ZodType>(
    action: string,
    { path, query }: { path: string; query: string },
    schema: T,
  ): Promise<z.infer<T>[]> {
    const all: z.infer<T>[] = [];
    // No header tells how many there are: the last page is the one that is not full.
    for (let page = 1;; page++) {
      const records = await call(action, {
        method: "GET",
        template: path,
        path: `${path}?${query}&limit=${pageSize}&page=${page}`,
      }, z.array(schema));
      all.push(...records);
      if (records.length < pageSize) return all;
    }
  }

  return { call, list };
}

function licenseIdIn(body: unknown): string | null {
  return typeof body === "object" && body !== null && "productId" in body && "id" in body
    ? String(body.id)
    : null;
}
