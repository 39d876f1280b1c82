import assert from "node:assert/strict";
import { handledEventTypes } from "../../../functions/stripe-cryptlex/event_readers.ts";
import {
  decideEndpoint,
  type EndpointDecision,
  type EndpointSituation,
  type GivenSecret,
} from "../../../tools/setup/decide_endpoint.ts";
import {
  type Endpoint,
  madeBySetup,
  secretStored,
  wantedEvents,
} from "../../../tools/setup/endpoint.ts";

const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const events = wantedEvents({ customers: false });

const endpoint: Endpoint = {
  id: "we_1",
  url: `${functionUrl}?forceFunctionRegion=eu-central-1`,
  isEnabled: true,
  events,
  apiVersion: "2026-10-28.endive",
  metadata: {},
};
/** As one is once it was set up. */
const whole: Endpoint = { ...endpoint, metadata: { ...madeBySetup, ...secretStored("digest-1") } };

const secret = (number: number): GivenSecret => ({
  secret: `whsec_${number}`,
  digest: `digest-${number}`,
});
const given = (...secrets: GivenSecret[]) => ({
  digest: secrets.length === 1 ? secrets[0]?.digest ?? "" : "digest of them all",
  secrets,
});

const decide = (changes: Partial<EndpointSituation>): EndpointDecision =>
  decideEndpoint({
    endpoints: [whole],
    functionUrl,
    events,
    stored: ["digest-1"],
    given: null,
    anew: false,
    ...changes,
  });

const standing = (changes: Partial<EndpointSituation>) => {
  const decision = decide(changes);
  assert.equal(decision.kind, "keep", JSON.stringify(decision));
  return decision.kind === "keep" ? decision.secret : null;
};

Deno.test("exactly what is read is wanted, users before they buy when asked for, and never invoice.created", () => {
  const types = handledEventTypes.map(({ type }) => type);
  assert.deepEqual(wantedEvents({ customers: true }), types);
  assert.deepEqual(events, types.filter((type) => type !== "customer.created"));
  assert.ok(!types.includes("invoice.created"));
});

Deno.test("without an endpoint one is made", () => {
  assert.deepEqual(decide({ endpoints: [] }), {
    kind: "create",
    url: functionUrl,
    replaces: [],
    isCutOff: false,
  });
});

Deno.test("an endpoint that is as it should be, its secret stored, is kept as it is", () => {
  assert.deepEqual(decide({}), {
    kind: "keep",
    endpoint: whole,
    events: null,
    enable: false,
    secret: { kind: "stored", value: null },
    leftovers: [],
  });
  assert.deepEqual(standing({ given: given(secret(2), secret(1)) }), {
    kind: "stored",
    value: "whsec_1",
  });
});

Deno.test("other events, in whatever order, and being disabled are changed", () => {
  const sent = [...events].reverse().filter((type) => type !== "invoice.paid");
  const decision = decide({
    endpoints: [{ ...whole, isEnabled: false, events: [...sent, "invoice.created"] }],
  });
  assert.ok(decision.kind === "keep");
  assert.deepEqual(decision.events, { added: ["invoice.paid"], removed: ["invoice.created"] });
  assert.equal(decision.enable, true);
  const turned = decide({ endpoints: [{ ...whole, events: [...events].reverse() }] });
  assert.ok(turned.kind === "keep" && turned.events === null);
});

Deno.test("known API versions are left, another is not", () => {
  for (const apiVersion of ["2024-09-30.acacia", "2025-03-31.basil", null]) {
    assert.equal(decide({ endpoints: [{ ...whole, apiVersion }] }).kind, "keep");
  }
  const old = [{ ...whole, apiVersion: "2019-03-14" }];
  assert.equal(decide({ endpoints: old }).kind, "unsupported");
  const anew = decide({ endpoints: old, anew: true });
  assert.deepEqual(anew, { kind: "create", url: endpoint.url, replaces: old, isCutOff: false });
});

Deno.test("one that a cut-off set-up left without its secret is replaced, at its own address", () => {
  const left = { ...endpoint, metadata: madeBySetup };
  for (const stored of [[], ["digest-9"]]) {
    assert.deepEqual(decide({ endpoints: [left], stored }), {
      kind: "create",
      url: endpoint.url,
      replaces: [left],
      isCutOff: true,
    });
  }
  assert.deepEqual(standing({ endpoints: [left], stored: [], given: given(secret(1)) }), {
    kind: "store",
    values: ["whsec_1"],
    digest: null,
  });
});

Deno.test("of one that somebody else made the secret is needed, unless the project has one", () => {
  const theirs = { endpoints: [endpoint] };
  const needed = decide({ ...theirs, stored: [] });
  assert.ok(needed.kind === "needs_secret" && /has none/.test(needed.why));
  assert.deepEqual(standing({ ...theirs, stored: ["digest-9"] }), { kind: "unseen" });
  assert.deepEqual(standing({ ...theirs, stored: ["digest-9"], given: given(secret(1)) }), {
    kind: "store",
    values: ["whsec_1"],
    digest: null,
  });
  assert.deepEqual(standing({ ...theirs, given: given(secret(1)) }), {
    kind: "stored",
    value: "whsec_1",
  });
  const both = given(secret(2), secret(3));
  assert.deepEqual(standing({ ...theirs, stored: [both.digest], given: both }), {
    kind: "stored",
    value: "whsec_2",
  });
});

Deno.test("a secret that the project lost is needed again, and another's is not taken for it", () => {
  const lost = { stored: ["digest-9"] };
  const needed = decide(lost);
  assert.ok(needed.kind === "needs_secret" && /no longer has it/.test(needed.why));
  const wrong = decide({ ...lost, given: given(secret(2)) });
  assert.ok(wrong.kind === "needs_secret" && /another's/.test(wrong.why));
  assert.deepEqual(standing({ ...lost, given: given(secret(2), secret(1)) }), {
    kind: "store",
    values: ["whsec_1"],
    digest: "digest-1",
  });
});

Deno.test("what a cut-off set-up left beside a whole one is deleted, what others made is not", () => {
  const left = { ...endpoint, id: "we_2", metadata: madeBySetup };
  const theirs = { ...endpoint, id: "we_3" };
  const decision = decide({ endpoints: [left, theirs, whole] });
  assert.ok(decision.kind === "keep" && decision.endpoint === whole);
  assert.deepEqual(decision.leftovers, [left]);
});

Deno.test("of several the one whose secret the project has is kept, and all are replaced when it is made anew", () => {
  const endpoints = [{ ...endpoint, id: "we_2" }, whole];
  const decision = decide({ endpoints });
  assert.ok(decision.kind === "keep" && decision.endpoint.id === "we_1");
  const anew = decide({ endpoints, anew: true });
  assert.ok(anew.kind === "create" && anew.replaces.length === 2);
});
