// The Cryptlex client on a wire of prepared answers.

import { createCryptlex, type Cryptlex } from "../../../functions/stripe-cryptlex/cryptlex.ts";
import type { CallRecord } from "../../../functions/stripe-cryptlex/cryptlex_caller.ts";
import type { CryptlexConnection } from "../../../functions/stripe-cryptlex/cryptlex_request.ts";
import { createFakeFetch, type FakeAnswer, type SentRequest } from "./fake_fetch.ts";

/** A license as the API answers with it, as far as it is read. */
export const licenseJson = {
  id: "license-1",
  productId: "product-a",
  userId: "user-1",
  key: "0A2035-E8A2A3-4D31B7-8FF9C6-81A6CA-539E54",
  expiresAt: "2026-12-05T08:49:17.9361143Z",
  createdAt: "2026-11-05T08:49:17.9361143Z",
  perpetual: false,
  suspended: false,
  revoked: false,
  subscriptionInterval: "P1M",
  entitlementSetId: null,
  allowedActivations: 1,
  allowedFloatingClients: null,
  metadata: [{ id: "x", key: "stripe_subscription_id", value: "sub_1", viewPermissions: [] }],
};

/** A user as the API answers with it, as far as it is read. */
export const userJson = {
  id: "user-1",
  email: "ada@example.com",
  firstName: "Ada",
  role: "user",
  company: null,
};

/** Answered so, one request after the other; `records` are what the watcher heard. */
export function clientOf(...answers: FakeAnswer[]): {
  readonly cryptlex: Cryptlex;
  readonly connection: CryptlexConnection;
  readonly sent: readonly SentRequest[];
  readonly records: CallRecord[];
} {
  const { fetch, sent } = createFakeFetch(...answers);
  const records: CallRecord[] = [];
  const connection = { baseUrl: "https://c", accessToken: "token", timeoutMs: 1000, fetch };
  const watcher = { before() {}, after: (record: CallRecord) => void records.push(record) };
  const cryptlex = createCryptlex(connection, watcher);
  return { cryptlex, connection, sent, records };
}
