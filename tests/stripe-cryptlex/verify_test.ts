import assert from "node:assert/strict";
import fc from "fast-check";
import { SignatureVerificationError, verify } from "../../functions/stripe-cryptlex/verify.ts";
import { signatureHeader } from "../../tools/stripe_sandbox/sign.ts";
import { createStripeShop } from "../../tools/stripe_sandbox/stripe_shop.ts";

const now = new Date("2026-11-02T10:00:00Z");
const secret = "whsec_of_the_endpoint";
const other = "whsec_of_another";
const shop = createStripeShop();
const event = shop.customer({ email: "ada@example.com" }).created();
const body = JSON.stringify(event, null, 2);

const sign = (payload: string, { secret: by = secret, secondsLater = 0 } = {}) =>
  signatureHeader(payload, { secret: by, at: new Date(now.getTime() + secondsLater * 1000) });

const verifies = (payload: string, signature: string | null, secrets = [secret]) =>
  verify(payload, { signature, secrets, now });

async function refuses(payload: string, signature: string | null, secrets = [secret]) {
  await assert.rejects(verifies(payload, signature, secrets), SignatureVerificationError);
}

Deno.test("what was signed with our secret is what it says", async () => {
  assert.deepEqual(await verifies(body, await sign(body)), event);
});

Deno.test("any of several secrets will do", async () => {
  for (const secrets of [[secret, other], [other, secret]]) {
    assert.deepEqual(await verifies(body, await sign(body), secrets), event);
  }
});

Deno.test("while a secret is rolled Stripe signs with both, and either will do", async () => {
  const [header, second] = [await sign(body), await sign(body, { secret: other })];
  const both = `${header},${second.split(",").slice(1).join(",")}`;
  assert.deepEqual(await verifies(body, both, [secret]), event);
  assert.deepEqual(await verifies(body, both, [other]), event);
});

Deno.test("another's secret is refused", async () => {
  await refuses(body, await sign(body, { secret: other }));
  await refuses(body, await sign(body), []);
});

Deno.test("a body or a time that was tampered with is refused", async () => {
  const header = await sign(body);
  await refuses(`${body} `, header);
  await refuses(body.replace("ada@", "eve@"), header);
  await refuses("", header);
  const timestamp = now.getTime() / 1000;
  await refuses(body, header.replace(`t=${timestamp}`, `t=${timestamp + 1}`));
});

Deno.test("five minutes old or early is taken, more is refused", async () => {
  for (const secondsLater of [-300, 300]) {
    assert.deepEqual(await verifies(body, await sign(body, { secondsLater })), event);
  }
  for (const secondsLater of [-301, 301]) await refuses(body, await sign(body, { secondsLater }));
});

Deno.test("what has no signature is refused", async () => {
  const header = await sign(body);
  const [time = "", signature = ""] = header.split(",");
  for (const missing of [null, "", time, signature, `${time},v1=`, header.replace("v1=", "v0=")]) {
    await refuses(body, missing);
  }
});

Deno.test("no header made up without the secret is taken, and none breaks anything", async () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom("t=1793613600", "t=", "t=x", "t=1793613600.5", "v1=", "v1=00", "v0=00", "v1=é"),
    fc.stringMatching(/^v1=[0-9a-f]{64}$/),
  );
  const latin1 = fc.array(fc.nat(255)).map((codes) => String.fromCharCode(...codes));
  const header = fc.oneof(latin1, fc.array(part).map((parts) => parts.join(",")));
  await fc.assert(fc.asyncProperty(header, fc.string(), async (signature, payload) => {
    await refuses(payload, signature);
  }));
});

Deno.test("a thin event passes: it is Stripe's too", async () => {
  const thin = shop.thin("v1.invoice.paid");
  const payload = JSON.stringify(thin);
  assert.deepEqual(await verifies(payload, await sign(payload)), thin);
  assert.deepEqual(await verifies(payload, await sign(payload), [other, secret]), thin);
});

Deno.test("a thin event signed by another is refused", async () => {
  const payload = JSON.stringify(shop.thin("v1.invoice.paid"));
  await refuses(payload, await sign(payload, { secret: other }));
});

Deno.test("an old thin event is refused", async () => {
  const payload = JSON.stringify(shop.thin("v1.invoice.paid"));
  await refuses(payload, await sign(payload, { secondsLater: -301 }));
});

Deno.test("what was signed and is no JSON is nothing, not an error", async () => {
  for (const payload of ["{", "event", " "]) {
    assert.equal(await verifies(payload, await sign(payload)), undefined);
  }
  for (const payload of ["null", "5", "[]", "{}"]) {
    assert.deepEqual(await verifies(payload, await sign(payload)), JSON.parse(payload));
  }
});

Deno.test("a refusal says what to look at and neither secret nor body", async () => {
  for (const header of [await sign(body, { secret: other }), null, "t=9999999999,v1=00"]) {
    await assert.rejects(verifies(body, header), (error) => {
      assert.ok(error instanceof SignatureVerificationError);
      assert.match(error.message, /STRIPE_WEBHOOK_SECRET|Stripe-Signature|clock/);
      for (const kept of [secret, other, "ada@"]) assert.ok(!error.message.includes(kept));
      return true;
    });
  }
});

Deno.test("a forgery is compared under every secret, and takes as long as any other", async () => {
  const { sign: subtleSign } = crypto.subtle;
  let signed = 0;
  crypto.subtle.sign = (...made: Parameters<SubtleCrypto["sign"]>) => {
    signed++;
    return subtleSign.apply(crypto.subtle, made);
  };
  try {
    const header = `t=${now.getTime() / 1000},v1=${"0".repeat(64)}`;
    for (const signature of [header, header.replace("v1=0", "v1=f"), `${header},v1=`]) {
      signed = 0;
      await refuses(body, signature, [secret, other, "whsec_third"]);
      assert.equal(signed, 3);
    }
  } finally {
    crypto.subtle.sign = subtleSign;
  }
});
