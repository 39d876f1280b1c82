// Deliveries that Stripe did not sign, or not now, or not with this body: everything somebody
// without the secret can make of what he saw.

import fc from "fast-check";
import { createStripeShop } from "../../../tools/stripe_sandbox/stripe_shop.ts";
import { buyer, genuine, hmac, nowSeconds, webhookSecrets } from "./door.ts";

export type Forgery = {
  readonly attack: string;
  readonly body: string;
  /** Of each `Stripe-Signature` header; no other than Latin-1 can be sent. */
  readonly signatures: readonly string[];
};

const shop = createStripeShop();
const subscription = shop.subscribe({ ...buyer, price: { amount: 1000, interval: "month" } });
const order = shop.buy({ ...buyer, amount: 9900, paymentStatus: "paid" });

/** Real events as they are sent: indented. */
export const realBodies: readonly string[] = [
  subscription.checkoutCompleted(),
  subscription.firstInvoicePaid(),
  order.completed(),
  shop.customer(buyer).created(),
  shop.thin("v1.invoice.paid"),
].map((event) => JSON.stringify(event, null, 2));

const realBody = fc.constantFrom(...realBodies);
const ours = fc.constantFrom<string>(...webhookSecrets);
const latin1 = fc.string({
  unit: fc.oneof(
    fc.integer({ min: 0x20, max: 0x7e }),
    fc.integer({ min: 0xa0, max: 0xff }),
  ).map((code) => String.fromCharCode(code)),
});
const hex = fc.stringMatching(/^[0-9a-f]{64}$/);

/** The text with pieces cut out and others put in. */
function mutated(text: string, piece: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const cut = fc.record({ at: fc.nat(text.length), length: fc.nat(3), piece });
  return fc.array(cut, { minLength: 1, maxLength: 4 }).map((cuts) =>
    cuts.reduce((left, { at, length, piece }) => {
      return left.slice(0, at) + piece + left.slice(at + length);
    }, text)
  );
}

/** Texts that are JSON, nearly, or not at all. */
const anyBody = fc.oneof(
  realBody,
  fc.json(),
  fc.string({ unit: "binary" }),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => "[".repeat(depth)),
  fc.integer({ min: 1, max: 50_000 }).map((depth) => `${"[".repeat(depth)}${"]".repeat(depth)}`),
  fc.integer({ min: 1, max: 50_000 }).map((length) => JSON.stringify(Array(length).fill(1.5))),
  fc.constantFrom(
    '{"__proto__":{"id":"evt_1","type":"invoice.paid"}}',
    '{"id":"evt_1","type":"invoice.paid","__proto__":{"admin":true},"constructor":{"prototype":1}}',
  ),
);

const bentHeader = fc.tuple(realBody, ours).chain(([body, secret]) =>
  mutated(genuine(body, { secret }), latin1).map((signature) => ({
    attack: "a header that was tampered with",
    body,
    signatures: [signature],
  }))
);

const bentBody = realBody.chain((real) =>
  fc.record({ secret: ours, body: mutated(real, fc.string({ unit: "binary" })) })
    .map(({ body, secret }) => ({
      attack: "a body that was tampered with",
      body,
      signatures: [genuine(real, { secret })],
    }))
);

const cutBody = fc.tuple(realBody, fc.double({ min: 0, max: 3, noNaN: true })).map((
  [real, times],
) => ({
  attack: "a body cut short, or sent more than once",
  body: real.repeat(Math.ceil(times)).slice(0, Math.floor(real.length * times)),
  signatures: [genuine(real)],
}));

const anotherSecret = fc.record({ body: anyBody, secret: fc.string({ minLength: 1 }) })
  .map(({ body, secret }) => ({
    attack: "what another secret signed",
    body,
    signatures: [genuine(body, { secret })],
  }));

const replayed = fc.record({ body: anyBody, seen: realBody, secret: ours })
  .map(({ body, seen, secret }) => ({
    attack: "a header seen on another body",
    body,
    signatures: [genuine(seen, { secret })],
  }));

const anyTime = fc.oneof(
  fc.integer({ min: 301, max: 2 ** 31 }).chain((off) =>
    fc.constantFrom(nowSeconds - off, nowSeconds + off).map(String)
  ),
  fc.stringMatching(/^[1-9][0-9]{11,400}$/),
  fc.constantFrom("0", "-1", "1e10", "0x6ae5b120", "NaN", "Infinity", ""),
  latin1.filter((text) => !/\d{10}/.test(text)),
);

const anotherTime = fc.record({ body: realBody, secret: ours, at: anyTime })
  .map(({ body, secret, at }) => ({
    attack: "signed long ago, in the future, or at no time",
    body,
    signatures: [genuine(body, { secret, at })],
  }));

/** Both parts of an old header, and a time of today put in somewhere. */
const refreshed = fc.record({ body: realBody, secret: ours, old: fc.integer({ min: 301 }) })
  .chain(({ body, secret, old }) =>
    fc.shuffledSubarray([
      `t=${nowSeconds}`,
      ...genuine(body, { secret, at: nowSeconds - old }).split(","),
    ], { minLength: 3 }).map((parts) => ({
      attack: "an old header with a new time",
      body,
      signatures: [parts.join(",")],
    }))
  );

const otherScheme = fc.record({
  body: realBody,
  secret: ours,
  scheme: fc.constantFrom("v0", "v2", "V1", "v10", "v1 ", " v1", "v", "", "t"),
}).map(({ body, secret, scheme }) => ({
  attack: "a signature under another scheme",
  body,
  signatures: [`t=${nowSeconds},${scheme}=${hmac(secret, nowSeconds, body)}`],
}));

const guessed = fc.record({
  body: anyBody,
  guesses: fc.array(fc.oneof(hex, latin1), { maxLength: 30 }),
}).map(({ body, guesses }) => ({
  attack: "many signatures, guessed",
  body,
  signatures: [[`t=${nowSeconds}`, ...guesses.map((guess) => `v1=${guess}`)].join(",")],
}));

const repeated = fc.record({
  body: anyBody,
  signatures: fc.array(fc.oneof(latin1, realBody.map((body) => genuine(body))), { maxLength: 5 }),
}).map((sent) => ({ attack: "any number of headers", ...sent }));

/** `attack` says what it is. None holds a signature of its own body and time under scheme v1. */
export const anyForgery: fc.Arbitrary<Forgery> = fc.oneof(
  fc.oneof(bentHeader, bentBody, cutBody, replayed, guessed, repeated, anotherSecret)
    .filter((forgery) => !mayBeGenuine(forgery)),
  anotherTime,
  refreshed,
  otherScheme,
);

/** Whether the headers hold, anywhere, what would sign the body at any time they hold. */
function mayBeGenuine({ body, signatures }: Forgery): boolean {
  const header = signatures.join(", ");
  // What arrives: whole characters, without a byte order mark.
  const arrived = body.toWellFormed();
  const bodies = [arrived, arrived.replace(/^\uFEFF/, "")];
  const times = new Set((header.match(/\d+/g) ?? []).map(Number));
  return [...times].some((at) =>
    webhookSecrets.some((secret) => bodies.some((one) => header.includes(hmac(secret, at, one))))
  );
}
