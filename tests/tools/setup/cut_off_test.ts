// A set-up that is cut off anywhere, and called again: it must end as one that was not.

import assert from "node:assert/strict";
import fc from "fast-check";
import { planChanges } from "../../../tools/setup/plan_changes.ts";
import { decideEndpoint } from "../../../tools/setup/decide_endpoint.ts";
import { sha256 } from "../../../tools/setup/digest.ts";
import { type Endpoint, storedDigest, wantedEvents } from "../../../tools/setup/endpoint.ts";
import { type Hands, makeChange } from "../../../tools/setup/make_change.ts";
import { neededDeploy } from "../../../tools/setup/needed_deploy.ts";
import { neededSecrets } from "../../../tools/setup/needed_secrets.ts";

const functionUrl = "https://ref.supabase.co/functions/v1/stripe-cryptlex";
const events = wantedEvents({ customers: false });
const wanted = new Map([["CRYPTLEX_ACCESS_TOKEN", "token"], ["CRYPTLEX_PRODUCT_ID", "product"]]);
const stage = { path: "", digest: "of the files", remove: () => Promise.resolve() };

/** Everybody else's state; `fuse`: how many calls are made until nothing is answered any more. */
function createWorld() {
  const state = {
    fuse: Infinity,
    calls: 0,
    newestLast: false,
    linked: false,
    migrated: false,
    deployed: null as string | null,
    secrets: new Map<string, string>(),
    endpoints: [] as Endpoint[],
    /** As Stripe alone knows them. */
    signingSecrets: new Map<string, string>(),
    made: 0,
  };
  /** Half of the cut calls are made and never answered. */
  function call<T>(change: () => T): Promise<T> {
    state.calls++;
    if (state.fuse <= 0) return Promise.reject(new Error("cut off"));
    state.fuse -= 0.5;
    const result = change();
    state.fuse -= 0.5;
    if (state.fuse === -0.5) return Promise.reject(new Error("cut off"));
    return Promise.resolve(result);
  }
  const hands: Hands = {
    stage,
    repository: "",
    project: {
      ref: "ref",
      secretDigests: () => Promise.resolve(new Map()),
      pendingMigrations: () => Promise.resolve([]),
      secretKey: () => Promise.resolve(null),
      deployed: () =>
        Promise.resolve(
          state.deployed === null ? null : { digest: state.deployed, verifiesJwt: false },
        ),
      link: () => call(() => void (state.linked = true)),
      pushMigrations: () => call(() => void (state.migrated = true)),
      deploy: () => call(() => void (state.deployed = "made of the files")),
      setSecrets: (secrets) =>
        call(() => {
          for (const [name, value] of secrets) state.secrets.set(name, value);
        }),
    },
    stripe: {
      list: () => Promise.resolve(state.endpoints),
      create: ({ url, events, metadata }) =>
        call(() => {
          const id = `we_${++state.made}`;
          const signingSecret = `whsec_of_${id}`;
          state.signingSecrets.set(id, signingSecret);
          const apiVersion = "2026-10-28.endive";
          const made = { id, url, isEnabled: true, events, apiVersion, metadata };
          state.endpoints = [made, ...state.endpoints];
          return { id, signingSecret };
        }),
      update: (id, { metadata, events, enable }) =>
        call(() => {
          state.endpoints = state.endpoints.map((one) =>
            one.id !== id ? one : {
              ...one,
              ...(events && { events }),
              isEnabled: one.isEnabled || enable === true,
              metadata: { ...one.metadata, ...metadata },
            }
          );
        }),
      remove: (id) =>
        call(() => {
          assert.ok(state.endpoints.some((one) => one.id === id), `${id} is deleted twice`);
          state.endpoints = state.endpoints.filter((one) => one.id !== id);
        }),
    },
  };
  return { state, hands };
}

type World = ReturnType<typeof createWorld>;

async function plan({ state, hands }: World, { anew = false } = {}) {
  const digests = new Map<string, string>();
  for (const [name, value] of state.secrets) digests.set(name, await sha256(value));
  const endpoint = decideEndpoint({
    endpoints: state.newestLast ? state.endpoints.toReversed() : state.endpoints,
    functionUrl,
    events,
    stored: ["STRIPE_WEBHOOK_SECRET", "STRIPE_WEBHOOK_SECRET_TEST"]
      .flatMap((name) => digests.get(name) ?? []),
    given: null,
    anew,
  });
  assert.ok(endpoint.kind === "keep" || endpoint.kind === "create", endpoint.kind);
  const deployed = await hands.project.deployed();
  return planChanges({
    ref: "ref",
    isLinked: state.linked,
    migrations: state.migrated ? [] : ["1.sql"],
    secrets: await neededSecrets(wanted, digests),
    deploy: await neededDeploy(stage, { deployed, secrets: digests }),
    endpoint,
    events,
    secretName: "STRIPE_WEBHOOK_SECRET_TEST",
  });
}

async function run(world: World, options: { anew?: boolean } = {}) {
  for (const change of await plan(world, options)) await makeChange(change, world.hands);
}

/** One endpoint, and the project verifies what it sends. */
async function assertWhole(world: World) {
  const { state } = world;
  const [endpoint, ...others] = state.endpoints;
  assert.ok(endpoint !== undefined && others.length === 0, JSON.stringify(state.endpoints));
  const secret = state.secrets.get("STRIPE_WEBHOOK_SECRET_TEST");
  assert.equal(secret, state.signingSecrets.get(endpoint.id));
  assert.equal(storedDigest(endpoint), await sha256(secret ?? ""));
  assert.deepEqual(endpoint.events, events);
  assert.deepEqual(await plan(world), []);
}

Deno.test("a whole set-up leaves nothing to change", async () => {
  const world = createWorld();
  await run(world);
  await assertWhole(world);
  const { calls } = world.state;
  await run(world);
  assert.equal(world.state.calls, calls);
});

Deno.test("cut off at any call, before or after it was made, the next run ends what was begun", async () => {
  const cut = fc.integer({ min: 0, max: 30 }).map((halves) => halves / 2);
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 4 }), fc.boolean(), fc.boolean(), async (
      cuts,
      anew,
      newestLast,
    ) => {
      const world = createWorld();
      world.state.newestLast = newestLast;
      if (anew) await run(world);
      for (const fuse of cuts) {
        world.state.fuse = fuse;
        await run(world, { anew }).catch(({ message }: Error) => assert.equal(message, "cut off"));
        world.state.fuse = Infinity;
      }
      await run(world);
      await assertWhole(world);
    }),
  );
});

Deno.test("an endpoint whose secret could not be set is taken back at once", async () => {
  const world = createWorld();
  const { project } = world.hands;
  const setSecrets: typeof project.setSecrets = (secrets) =>
    secrets.has("STRIPE_WEBHOOK_SECRET_TEST")
      ? Promise.reject(new Error("Supabase is down"))
      : project.setSecrets(secrets);
  const hands = { ...world.hands, project: { ...project, setSecrets } };
  await assert.rejects(run({ ...world, hands }), /Supabase is down/);
  assert.deepEqual(world.state.endpoints, []);
  assert.equal(world.state.made, 1);
});

Deno.test("a replaced endpoint is deleted only when the new one's secret is stored", async () => {
  const world = createWorld();
  await run(world);
  const { stripe } = world.hands;
  const remove: typeof stripe.remove = (id) => {
    assert.equal(
      world.state.secrets.get("STRIPE_WEBHOOK_SECRET_TEST"),
      world.state.signingSecrets.get("we_2"),
    );
    return stripe.remove(id);
  };
  await run({ ...world, hands: { ...world.hands, stripe: { ...stripe, remove } } }, { anew: true });
  assert.deepEqual(world.state.endpoints.map(({ id }) => id), ["we_2"]);
  await assertWhole(world);
});
