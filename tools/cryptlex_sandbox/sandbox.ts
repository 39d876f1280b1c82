// A stateful stand-in for the Cryptlex Web API v3, for development, demos and tests. It says what
// the published document says, refuses what that refuses, and reads every open question the harsher
// way (switches.ts).
//
// It does not imitate: activations, trials, maintenance, feature entitlements; meter attributes
// (checked, not kept); organisations, resellers and tags as records (their ids are taken as they
// come); outgoing webhooks and e-mails; passwords and logins; the deprecated `validity`,
// `expirationStrategy` and `/extend`; deleting single metadata entries; keys made from a template's
// own pattern; exports; the wording of messages. A page is cut from the present list: no snapshot.

import { createAccount, type SandboxState } from "./account.ts";
import { type CatalogueSeeds, createCatalogue } from "./catalogue.ts";
import type { SandboxLicense, SandboxUser } from "./dto.ts";
import { createExchange, type OpenCall, type SandboxCall } from "./exchange.ts";
import { createFaults, type Fault } from "./faults.ts";
import { createOperator, type Operator } from "./operator.ts";
import { createRateLimit } from "./rate_limit.ts";
import { DEFAULT_SWITCHES, type SandboxSwitches } from "./switches.ts";
import { timestamp } from "./timestamp.ts";

export type { EntitlementSetSeed, LicenseTemplateSeed, ProductSeed } from "./catalogue.ts";
export type { LicenseChange, LicenseSeed, UserSeed } from "./operator.ts";
export type { Fault, SandboxCall, SandboxLicense, SandboxState, SandboxSwitches, SandboxUser };

const DEFAULT_SCOPES = [
  ...["license:read", "license:write", "user:read", "user:write"],
  ...["licenseTemplate:read", "licensePolicy:read", "product:read", "entitlementSet:read"],
];

/** How the sandbox is set up; everything has a default. */
export type SandboxOptions = CatalogueSeeds & {
  /** The one valid token. Default `sandbox-access-token`. */
  readonly accessToken?: string;
  /** What the token may do. Default: all the sandbox serves. */
  readonly scopes?: readonly string[];
  /** Default: the real clock. */
  readonly now?: () => Date;
  readonly switches?: Partial<SandboxSwitches>;
  /** 50 calls per 5 s and caller (`X-Forwarded-For`). Default off; the headers are always sent. */
  readonly rateLimit?: boolean;
  /** Between the doing and the answer, in milliseconds. Default 0. */
  readonly latencyMs?: number;
};

/** The stand-in: its API as `fetch`, and its inside for tests. */
export type CryptlexSandbox = Operator & {
  /**
   * Answers as the Web API would, whatever the host. Rejects with a `TypeError` when the connection
   * is lost, and with the signal's reason when that aborts first.
   */
  fetch(input: Request | URL | string, init?: RequestInit): Promise<Response>;
  /** All of them by now, in creation order, as the API answers them; a lag hides none. */
  users(): readonly SandboxUser[];
  licenses(): readonly SandboxLicense[];
  /** Every call since the start or the last `forgetCalls()`; the list goes on growing. */
  calls(): readonly SandboxCall[];
  forgetCalls(): void;
  /** Queues a fault; the oldest that matches a request is the one it meets. */
  fault(fault: Fault): void;
  clearFaults(): void;
  /** How often each kind was met. */
  faultCounts(): Record<string, number>;
  /** Once every late write has landed; those that wait for ever land now. */
  settled(): Promise<void>;
  /** The account's records as JSON can hold them. */
  dump(): SandboxState;
  /** Replaces the account's records. */
  load(state: SandboxState): void;
};

/**
 * An account with nothing sold yet.
 *
 * @throws {RangeError} when the seeds contradict each other.
 */
export function createCryptlexSandbox(options: SandboxOptions = {}): CryptlexSandbox {
  const { now = () => new Date(), latencyMs = 0 } = options;
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const account = createAccount(createCatalogue(options, timestamp(now())), { switches, now });
  const faults = createFaults();
  const landing = new Set<Promise<void>>();
  const held: (() => void)[] = [];
  const calls: OpenCall[] = [];
  const exchange = createExchange({
    account,
    faults,
    door: {
      accessToken: options.accessToken ?? "sandbox-access-token",
      scopes: options.scopes ?? DEFAULT_SCOPES,
    },
    limit: createRateLimit({ enabled: options.rateLimit ?? false, now }),
    later(ms, write) {
      if (ms === Infinity) return void held.push(write);
      const landed = pause(ms).then(write).finally(() => landing.delete(landed));
      landing.add(landed);
    },
  });

  async function fetch(input: Request | URL | string, init?: RequestInit): Promise<Response> {
    const request = new Request(input, init);
    const { method, headers, signal } = request;
    const body = await request.text();
    signal.throwIfAborted();
    const url = new URL(request.url);
    const call: OpenCall = {
      method,
      path: url.pathname,
      query: url.search,
      status: null,
      at: now(),
      wrote: false,
    };
    calls.push(call);
    const outcome = exchange({ method, url, headers, body }, call);
    if (outcome === "never") await pause(Infinity, signal);
    if (latencyMs > 0) await pause(latencyMs, signal);
    if (typeof outcome === "string") throw new TypeError("The connection was lost");
    call.status = outcome.status;
    return new Response(outcome.body, {
      status: outcome.status,
      headers: { ...outcome.headers, "Date": now().toUTCString() },
    });
  }

  return {
    ...createOperator(account),
    fetch,
    users: () => [...account.users.values()],
    licenses: () => [...account.licenses.values()].map(account.withUser),
    calls: () => calls,
    forgetCalls: () => void calls.splice(0),
    fault: faults.queue,
    clearFaults: faults.clear,
    faultCounts: faults.counts,
    async settled() {
      for (const write of held.splice(0)) write();
      while (landing.size > 0) await Promise.all(landing);
    },
    dump: () => ({
      users: [...account.users.values()],
      licenses: [...account.licenses.values()],
    }),
    load: account.restore,
  };
}

/** Waits; `Infinity` waits for the signal only. Rejects with its reason when it aborts. */
function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = ms === Infinity ? undefined : setTimeout(done, ms);
    signal?.addEventListener("abort", aborted);
    function done() {
      signal?.removeEventListener("abort", aborted);
      resolve();
    }
    function aborted() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
