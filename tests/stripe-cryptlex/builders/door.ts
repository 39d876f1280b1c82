// The function's door over a ledger in memory: all that it says and logs is kept, to be searched
// for what it must never say.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createBackground } from "../../../functions/stripe-cryptlex/background.ts";
import { createHandler } from "../../../functions/stripe-cryptlex/handler.ts";
import type { Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { createLog } from "../../../functions/stripe-cryptlex/log.ts";
import { createSchedule } from "../../../functions/stripe-cryptlex/schedule.ts";
import type { World } from "../../../functions/stripe-cryptlex/world.ts";
import { worldWith } from "./world_with.ts";

export const now = new Date("2026-11-02T10:00:00Z");
/** The door's clock, Unix seconds. */
export const nowSeconds = now.getTime() / 1000;
/** Two, as while one is rolled. */
export const webhookSecrets = ["whsec_of_the_endpoint", "whsec_being_rolled"] as const;
export const drainSecret = "a-drain-secret-of-tests";
/** Who buys in the payloads here. */
export const buyer = { email: "ada.canary@example.com", name: "Ada Canary" };

export type Door = {
  /** The status; whatever was said and logged on the way is checked for leaks. */
  knock(request: Request): Promise<number>;
  /** Posts a body under these `Stripe-Signature` headers. */
  deliver(body: BodyInit, signatures: readonly string[]): Promise<number>;
};

/** A door that anybody may knock at, before `ledger`; `world` changes what is behind it. */
export function createDoor(ledger: Ledger, changed: Partial<World> = {}): Door {
  const lines: string[] = [];
  const world = worldWith({ ledger, ...changed, log: createLog((line) => void lines.push(line)) });
  const background = createBackground(assert.ifError);
  const handle = createHandler({
    world,
    background,
    stripeWebhookSecrets: webhookSecrets,
    drainSecrets: [drainSecret],
    publicOrigins: [],
    schedule: createSchedule(ledger, { functionUrl: null, log: world.log }),
    now: () => now,
  });
  const kept = [...webhookSecrets, drainSecret, world.cryptlex.accessToken, buyer.name, "@"];

  async function knock(request: Request): Promise<number> {
    lines.length = 0;
    const response = await handle(request);
    await background.idle();
    const said = [...response.headers].map((header) => header.join(": "));
    said.push(await response.text(), ...lines);
    for (const line of said) {
      for (const word of kept) assert.ok(!line.includes(word), `${line} tells ${word}`);
    }
    return response.status;
  }

  return {
    knock,
    deliver(body, signatures) {
      const headers = signatures.map((each): [string, string] => ["stripe-signature", each]);
      const url = "http://127.0.0.1/stripe-cryptlex";
      return knock(new Request(url, { method: "POST", body, headers }));
    },
  };
}

/**
 * A v1 signature as Stripe documents it (docs.stripe.com/webhooks/signature), computed without its
 * library: what the door rests on is not what it is tested by.
 */
export function hmac(secret: string, at: number | string, body: string): string {
  return createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
}

/** A header that opens the door, unless told otherwise. */
export function genuine(
  body: string,
  { secret = webhookSecrets[0] as string, at = nowSeconds as number | string } = {},
): string {
  return `t=${at},v1=${hmac(secret, at, body)}`;
}
