import assert from "node:assert/strict";
import type { License } from "../../functions/stripe-cryptlex/cryptlex_payloads.ts";
import type { KnownLicense } from "../../functions/stripe-cryptlex/known_license.ts";
import { readLicenses } from "../../functions/stripe-cryptlex/read_licenses.ts";
import { claimedAt } from "./builders/claim_of.ts";
import { createFakeCryptlex } from "./builders/fake_cryptlex.ts";
import { knownLicense, licenseFields } from "./builders/known_license.ts";
import { licenseShown } from "./builders/license_shown.ts";
import { purchaseWith } from "./builders/purchase_with.ts";
import { noAnswer, refusal } from "./builders/refusal.ts";

const hour = 60 * 60 * 1000;
const ours = {
  SUBSCRIPTION_ID_KEY: "sub_1",
  stripe_cryptlex_slot: "product-a/1",
  stripe_item_id: "si_1",
};
const theirs = { stripe_subscription_id: "sub_1" };
const usual = { purchase: purchaseWith(), joinedIds: [], unheard: false, now: claimedAt };
const ago = (ms: number) => new Date(claimedAt.getTime() - ms);

async function read(
  there: readonly License[],
  { known = [], purchaseId = "sub_1", ...how }: {
    known?: KnownLicense[];
    purchaseId?: string;
    joinedIds?: string[];
    unheard?: boolean;
  } = {},
) {
  const cryptlex = createFakeCryptlex();
  for (const license of there) cryptlex.licenses.set(license.id, license);
  const asked = { ...usual, ...how, purchaseId, known };
  return { licenses: await readLicenses(cryptlex, asked), calls: cryptlex.calls };
}

Deno.test("a known license is as Cryptlex shows it now, and stands for what it stood for", async () => {
  const expiresAt = new Date("2027-12-05T10:00:00Z");
  const fields = licenseFields({ suspended: true, allowedActivations: 9 });
  const shown = licenseShown(ours, { expiresAt, fields, userId: "user-2" });
  const row = knownLicense({ mappedBy: "plan", stripePriceId: "price_a" });
  const { licenses, calls } = await read([shown], { known: [row] });
  assert.deepEqual(licenses, [{ ...row, expiresAt, seen: fields, userId: "user-2" }]);
  assert.deepEqual(calls, ["findLicenses"]);
});

Deno.test("a known license the search does not show is asked for by its id", async () => {
  const { licenses, calls } = await read([licenseShown({})], { known: [knownLicense()] });
  assert.equal(licenses[0]?.goneAt, null);
  assert.deepEqual(calls, ["findLicenses", "getLicense"]);
});

Deno.test("one that is deleted is gone, and comes back when it does", async () => {
  const gone = await read([], { known: [knownLicense()] });
  assert.deepEqual(gone.licenses, [knownLicense({ goneAt: claimedAt })]);
  const back = await read([licenseShown(ours)], { known: gone.licenses });
  assert.deepEqual(back.licenses, [knownLicense()]);
});

Deno.test("what is gone is asked for again, what we ended is not", async () => {
  const gone = knownLicense({ licenseId: "license-9", goneAt: ago(hour) });
  const again = await read([], { known: [gone] });
  assert.deepEqual([again.licenses, again.calls], [[gone], ["findLicenses", "getLicense"]]);
  const ended = knownLicense({ endedAt: ago(hour) });
  const never = await read([], { known: [ended] });
  assert.deepEqual([never.licenses, never.calls], [[ended], ["findLicenses"]]);
});

Deno.test("no answer and no leave to look are not taken for deleted", async () => {
  for (const error of [noAnswer(), refusal(403), refusal(429)]) {
    const cryptlex = createFakeCryptlex();
    cryptlex.refuse = (call) => {
      if (call === "getLicense") throw error;
    };
    const asked = { ...usual, purchaseId: "sub_1", known: [knownLicense()] };
    await assert.rejects(readLicenses(cryptlex, asked), (e) => e === error);
  }
});

Deno.test("what was about to be written and is there counts as written, what is not does not", async () => {
  const row = knownLicense({ writing: { suspended: true, allowedActivations: 4 } });
  const fields = licenseFields({ suspended: true });
  const { licenses } = await read([licenseShown(ours, { fields })], { known: [row] });
  assert.deepEqual(licenses, [{
    ...row,
    seen: fields,
    wrote: fields,
    writing: { allowedActivations: 4 },
  }]);
});

Deno.test("a license we ended is as it is shown, and stays ended", async () => {
  const ended = knownLicense({ endedAt: ago(hour) });
  const fields = licenseFields({ revoked: true });
  const { licenses } = await read([licenseShown(ours, { fields })], { known: [ended] });
  assert.deepEqual(licenses, [{ ...ended, seen: fields }]);
});

Deno.test("a license of ours that no row names is in its slot again", async () => {
  const { licenses: [row] } = await read([licenseShown(ours)]);
  assert.deepEqual(
    row,
    knownLicense({ mappedBy: "found", stripeItemId: "si_1", coveredItems: null }),
  );
});

Deno.test("one we never heard of has its date still to be aligned", async () => {
  const made = await read([licenseShown(ours)], { unheard: true });
  assert.deepEqual(made.licenses.map(({ origin, wroteExpiresAt }) => [origin, wroteExpiresAt]), [
    ["created", null],
  ]);
  const { licenses: [adopted] } = await read([licenseShown(theirs)], { unheard: true });
  assert.deepEqual(adopted?.wroteExpiresAt, adopted?.expiresAt);
});

Deno.test("a license of Cryptlex's script is adopted as it is", async () => {
  const { licenses: [row] } = await read([licenseShown(theirs)]);
  assert.deepEqual(row, knownLicense({ origin: "adopted", mappedBy: "found", coveredItems: null }));
});

Deno.test("doubles of the script share a slot, a double of ours is surplus", async () => {
  const of = (metadata: Record<string, string>, ids: string[]) =>
    ids.map((id) => licenseShown(metadata, { id }));
  const adopted = await read(of(theirs, ["x", "y"]));
  assert.deepEqual(adopted.licenses.map(({ slot }) => slot), ["product-a/1", "product-a/1"]);
  const made = await read(of(ours, ["x", "y"]));
  assert.deepEqual(made.licenses.map(({ slot }) => slot), ["product-a/1", "product-a/1~y"]);
  const second = licenseShown({ ...ours, stripe_cryptlex_slot: "product-a/2" }, { id: "z" });
  const each = await read([...of(ours, ["x"]), second]);
  assert.deepEqual(each.licenses.map(({ slot }) => slot), ["product-a/1", "product-a/2"]);
  const mixed = await read([...of(theirs, ["x"]), ...of(ours, ["y"])]);
  assert.deepEqual(mixed.licenses.map(({ slot }) => slot), ["product-a/1", "product-a/1"]);
  const beside = await read(of(ours, ["license-1", "y"]), { known: [knownLicense()] });
  assert.deepEqual(beside.licenses.map(({ slot }) => slot), ["product-a/1", "product-a/1~y"]);
});

Deno.test("a license that takes the place of one ended or deleted is no double", async () => {
  for (const no of [{ endedAt: ago(hour) }, { goneAt: ago(hour) }]) {
    const known = [knownLicense({ licenseId: "license-0", ...no })];
    const { licenses } = await read([licenseShown(ours)], { known });
    assert.deepEqual(licenses.map(({ slot }) => slot), ["product-a/1", "product-a/1"]);
  }
});

Deno.test("a license under a lesser id of the purchase is found", async () => {
  const license = licenseShown({ stripe_transaction_id: "pi_1" });
  assert.equal((await read([license], { joinedIds: ["pi_1"] })).licenses.length, 1);
  assert.equal((await read([license])).licenses.length, 0);
});

Deno.test("a license with the right value under another key is somebody else's", async () => {
  const { licenses } = await read([licenseShown({ note: "sub_1" })]);
  assert.deepEqual(licenses, []);
});

Deno.test("what has no id that licenses carry is not searched for", async () => {
  assert.deepEqual(await read([], { purchaseId: "cus_1" }), { licenses: [], calls: [] });
});

Deno.test("what is found suspended or revoked was set so by somebody, and stays theirs", async () => {
  const fields = licenseFields({ suspended: true, revoked: true, allowedActivations: 5 });
  for (const metadata of [ours, theirs]) {
    const { licenses: [row] } = await read([licenseShown(metadata, { fields })]);
    assert.deepEqual(row?.seen, fields);
    assert.deepEqual(row?.wrote, { ...fields, suspended: false, revoked: false });
    assert.equal(row?.writing, null);
  }
});
