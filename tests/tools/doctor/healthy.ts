// A set-up in which all is well, as its parties answer, and looks at it with something broken.

import assert from "node:assert/strict";
import { handledEventTypes } from "../../../functions/stripe-cryptlex/event_readers.ts";
import { createExam, type Exam, type ExamTools } from "../../../tools/doctor/exam.ts";
import type { Finding } from "../../../tools/doctor/finding.ts";
import { lenientSettings } from "../../../tools/doctor/lenient_settings.ts";

export const now = new Date("2026-11-24T12:00:00Z");
export const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";

export type Env = Record<string, string>;

export const env: Env = {
  SUPABASE_URL: "https://ref.supabase.co",
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_of_the_project"}',
  STRIPE_WEBHOOK_SECRET: "whsec_of_the_endpoint",
  STRIPE_SECRET_KEY: "rk_test_restricted",
  CRYPTLEX_ACCESS_TOKEN: "token-of-cryptlex",
  CRYPTLEX_PRODUCT_ID: "product-app",
  CRON_SECRET: "twenty-characters-of-a-secret",
};

/** `status` 0: no answer at all. */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> };

/** What is answered, by method and URL without a query; anything else with 404. */
export type World = Record<string, Reply>;

const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();

export const doors = {
  diagnose: "POST https://ref.supabase.co/rest/v1/rpc/diagnose",
  health: "POST https://ref.supabase.co/rest/v1/rpc/licensing_health",
};

export const schedule = {
  has_cron: true,
  has_net: true,
  jobs: [{
    name: "stripe-cryptlex-drain",
    schedule: "15 seconds",
    active: true,
    last_run_at: ago(0.2),
    last_status: "succeeded",
  }],
  answers: [{ created: ago(1), status_code: 200, timed_out: false, is_drain: true }],
};

export const diagnosis = {
  now: now.toISOString(),
  function_url: functionUrl,
  rehearsal: false,
  schedule,
  oldest_parked: null,
  modes: { live: 0, test: 3 },
  plans: [] as unknown[],
};

export const health = {
  pending: 0,
  oldest_pending: null,
  retrying: 0,
  held: 0,
  parked: 0,
  paused_until: null,
  token_refused_since: null,
  stripe_refused_since: null,
  stripe_not_found_since: null,
};

export const events = handledEventTypes.filter(({ isOptional }) => !isOptional)
  .map(({ type }) => type);
export const endpoint = {
  url: `${functionUrl}?forceFunctionRegion=eu-central-1`,
  status: "enabled",
  enabled_events: events,
  api_version: "2026-10-28.endive",
};

export const plan = {
  stripe_id: "price_month",
  cryptlex_product_id: "product-app",
  license_template_id: null,
  entitlement_set_id: "set-pro",
};

const cryptlex = "https://api.cryptlex.com/v3";
const list = (...data: unknown[]): Reply => ({ status: 200, body: { object: "list", data } });

export const healthy: World = {
  [doors.diagnose]: { status: 200, body: diagnosis },
  [doors.health]: { status: 200, body: health },
  [`GET ${functionUrl}/health`]: { status: 200, body: { status: "ok" } },
  [`POST ${functionUrl}`]: { status: 400 },
  "GET https://api.stripe.com/v1/invoice_payments": list(),
  "GET https://api.stripe.com/v1/webhook_endpoints": list(endpoint),
  "GET https://api.stripe.com/v1/invoices": list(),
  "GET https://api.stripe.com/v1/prices/price_month": {
    status: 200,
    body: { id: "price_month", recurring: { interval: "month", interval_count: 1 } },
  },
  [`GET ${cryptlex}/users`]: { status: 200, body: [] },
  [`GET ${cryptlex}/licenses`]: { status: 200, body: [] },
  [`GET ${cryptlex}/products/product-app`]: {
    status: 200,
    body: {
      id: "product-app",
      name: "App",
      licenseTemplateId: "template-monthly",
      automatedEmails: ["license.created"],
    },
  },
  [`GET ${cryptlex}/license-templates/template-monthly`]: {
    status: 200,
    body: {
      id: "template-monthly",
      name: "Monthly",
      subscriptionInterval: "P1M",
      requiredMetadataKeys: ["stripe_subscription_id"],
      requiredMeterAttributes: [],
    },
  },
  [`GET ${cryptlex}/entitlement-sets/set-pro`]: {
    status: 200,
    body: { id: "set-pro", name: "Pro", productIds: ["product-app"] },
  },
  [`GET ${cryptlex}/status`]: {
    status: 200,
    body: {},
    headers: { "x-rate-limit-remaining": "44" },
  },
};

export type Changes = { world?: World; env?: Env; functionUrl?: string };

export type SetUp = {
  exam: Exam;
  tools: ExamTools;
  /** Every request. */
  asked: { what: string; headers: Headers; body: string }[];
  /** Every pause. */
  waited: number[];
};

/** A set-up with these changes. */
export function examOf(changes: Changes = {}): SetUp {
  const world: World = { ...healthy, ...changes.world };
  const asked: SetUp["asked"] = [];
  const waited: number[] = [];
  const fakeFetch = async (input: Request | URL | string, init?: RequestInit) => {
    const request = new Request(input, init);
    const { origin, pathname } = new URL(request.url);
    const what = `${request.method} ${origin}${pathname}`;
    asked.push({ what, headers: request.headers, body: await request.text() });
    const { status, body, headers } = world[what] ?? { status: 404, body: {} };
    if (status === 0) throw new TypeError("nobody there");
    return new Response(JSON.stringify(body ?? null), {
      status,
      headers: { date: now.toUTCString(), ...headers },
    });
  };
  const tools = {
    fetch: fakeFetch as typeof fetch,
    now: () => now,
    wait: (ms: number) => {
      waited.push(ms);
      return Promise.resolve();
    },
  };
  const { settings } = lenientSettings({ ...env, ...changes.env });
  const exam = createExam({ settings, functionUrl: changes.functionUrl ?? functionUrl }, tools);
  return { exam, tools, asked, waited };
}

type Check = (exam: Exam) => Promise<Finding[]>;

export type Failure = {
  /** What of the set-up is otherwise; the cure is that it is not. */
  broken: Changes;
  name: string;
  found: RegExp;
  cure: RegExp;
  /** Default `failed`. */
  state?: Finding["state"];
};

/** With each thing broken the check says so and names the cure; with nothing broken it finds all well. */
export function provoked(what: string, check: Check, failures: Record<string, Failure>): void {
  Deno.test(`${what}: all is well`, async () => {
    const findings = await check(examOf().exam);
    assert.deepEqual(findings.filter(({ state }) => state !== "ok"), []);
    assert.ok(findings.length > 0);
  });
  for (const [why, { broken, name, found, cure, state = "failed" }] of Object.entries(failures)) {
    Deno.test(`${what}: ${why}`, async () => {
      const findings = await check(examOf(broken).exam);
      const finding = findings.find((one) => one.name === name && one.state === state);
      assert.ok(finding, JSON.stringify(findings, null, 2));
      assert.match(finding.found, found);
      assert.match(finding.cure ?? "", cure);
      const mended = await check(examOf().exam);
      assert.deepEqual(mended.filter((one) => one.name === name && one.state !== "ok"), []);
    });
  }
}

/** The database answering so. */
export function diagnosed(changes: Partial<Record<keyof typeof diagnosis, unknown>>): World {
  return { [doors.diagnose]: { status: 200, body: { ...diagnosis, ...changes } } };
}
