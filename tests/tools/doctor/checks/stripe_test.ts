import assert from "node:assert/strict";
import { checkStripeEndpoint } from "../../../../tools/doctor/checks/stripe_endpoint.ts";
import { checkOpenInvoices } from "../../../../tools/doctor/checks/stripe_invoices.ts";
import { checkStripeKey } from "../../../../tools/doctor/checks/stripe_key.ts";
import {
  endpoint,
  events,
  examOf,
  type Failure,
  functionUrl,
  provoked,
  type Reply,
} from "../healthy.ts";

const api = "GET https://api.stripe.com";
const subscription = `${api}/v1/subscriptions/sub_doctorlooks`;
const lacking = (permission: string, path: string): Failure => ({
  broken: { world: { [`${api}/v1/${path}`]: { status: 403 } } },
  name: `Stripe: ${permission}`,
  found: /may not read/,
  cure: new RegExp(`Read for ${permission} `),
});

provoked("Stripe key", checkStripeKey, {
  "refused": {
    broken: { world: { [subscription]: { status: 401 } } },
    name: "Stripe key",
    found: /refuses the key of test mode with 401/,
    cure: /secrets set STRIPE_SECRET_KEY/,
  },
  "no answer": {
    broken: { world: { [subscription]: { status: 0 } } },
    name: "Stripe key",
    found: /no answer/,
    cure: /api\.stripe\.com reachable/,
  },
  "no subscriptions": lacking("Subscriptions", "subscriptions/sub_doctorlooks"),
  "no sessions": lacking(
    "Checkout Sessions",
    "checkout/sessions/cs_test_doctorlooks/line_items",
  ),
  "no invoices": lacking("Invoices", "invoice_payments"),
  "no prices": lacking("Prices", "prices/price_doctorlooks"),
  "no products": lacking("Products", "products/prod_doctorlooks"),
});

const listed = (...endpoints: unknown[]) => ({
  world: { [`${api}/v1/webhook_endpoints`]: { status: 200, body: { data: endpoints } } },
});

provoked("Stripe endpoint", checkStripeEndpoint, {
  "cannot be looked at": {
    broken: { world: { [`${api}/v1/webhook_endpoints`]: { status: 403 } } },
    name: "Stripe endpoint",
    state: "skipped",
    found: /may not read webhook endpoints/,
    cure: /Read for Webhook Endpoints/,
  },
  "none": {
    broken: listed({ ...endpoint, url: "https://example.com/" }),
    name: "Stripe endpoint",
    found: /in test mode there is none for https:\/\/ref\./,
    cure: /deno task setup make one; .*with that URL.*other mode/,
  },
  "disabled": {
    broken: listed({ ...endpoint, status: "disabled" }),
    name: "Stripe endpoint",
    found: /disabled/,
    cure: /^enable it/,
  },
  "two of them": {
    broken: listed(endpoint, endpoint),
    name: "Stripe endpoint",
    found: /^2 endpoints/,
    cure: /delete all but one/,
  },
  "events are missing": {
    broken: listed({
      ...endpoint,
      enabled_events: events.filter((type) => !/deleted$|^invoice\.paid$/.test(type)),
    }),
    name: "Stripe events",
    found: /^not sent: invoice\.paid, customer\.subscription\.deleted, customer\.deleted$/,
    cure: /events of the README/,
  },
  "invoice.created is sent": {
    broken: listed({ ...endpoint, enabled_events: [...events, "invoice.created"] }),
    name: "Stripe events",
    found: /^invoice\.created is sent/,
    cure: /events of the README/,
  },
  "everything is sent": {
    broken: listed({ ...endpoint, enabled_events: ["*"] }),
    name: "Stripe events",
    found: /^invoice\.created is sent/,
    cure: /events of the README/,
  },
  "an unknown version": {
    broken: listed({ ...endpoint, api_version: "2019-03-14" }),
    name: "Stripe API version",
    found: /^2019-03-14 is none/,
    cure: /make the endpoint anew/,
  },
  "a thin destination": {
    broken: {
      world: {
        [`${api}/v2/core/event_destinations`]: {
          status: 200,
          body: { data: [{ event_payload: "thin", webhook_endpoint: { url: functionUrl } }] },
        },
      },
    },
    name: "Stripe destination",
    found: /thin events/,
    cure: /Snapshot/,
  },
});

Deno.test("Stripe endpoint: the older name of an event is not asked for, and versions since acacia are known", async () => {
  for (const api_version of ["2024-09-30.acacia", "2025-03-31.basil", null]) {
    const enabled_events = events.filter((type) => type !== "charge.refund.updated");
    const broken = listed({ ...endpoint, api_version, enabled_events });
    const findings = await checkStripeEndpoint(examOf(broken).exam);
    assert.deepEqual(findings.filter(({ state }) => state !== "ok"), []);
  }
});

Deno.test("Stripe endpoint: what runs here cannot have one", async () => {
  const here = "http://127.0.0.1:8000/stripe-cryptlex";
  const [finding] = await checkStripeEndpoint(examOf({ functionUrl: here }).exam);
  assert.equal(finding?.state, "skipped");
});

const invoice = (days: number) => ({
  created: 1_000_000,
  due_date: 1_000_000 + days * 86_400,
  collection_method: "send_invoice",
  parent: { subscription_details: { subscription: "sub_1" } },
});
const open = (...data: unknown[]): Record<string, Reply> => ({
  [`${api}/v1/invoices`]: { status: 200, body: { data } },
});

provoked("open invoices", checkOpenInvoices, {
  "due after the grace": {
    broken: { world: open(invoice(30), invoice(2)) },
    name: "open invoices",
    found: /^1 of 2 invoices sent may be paid after up to 30 days, and licenses last 3 days/,
    cure: /RENEWAL_GRACE_DAYS=35$/,
  },
  "due after any grace": {
    broken: { world: open(invoice(90)) },
    name: "open invoices",
    found: /90 days/,
    cure: /60 at most/,
  },
  "may not be listed": {
    broken: { world: { [`${api}/v1/invoices`]: { status: 403 } } },
    name: "open invoices",
    state: "skipped",
    found: /may not list/,
    cure: /Read for Invoices/,
  },
});

Deno.test("open invoices: a grace that is long enough is enough, and one-off invoices do not count", async () => {
  const { parent: _subscription, ...oneOff } = invoice(60);
  const { exam } = examOf({
    env: { RENEWAL_GRACE_DAYS: "35" },
    world: open(invoice(30), oneOff),
  });
  const [finding] = await checkOpenInvoices(exam);
  assert.deepEqual([finding?.state, finding?.found], [
    "ok",
    "1 invoice sent, all due within 35 days",
  ]);
});
