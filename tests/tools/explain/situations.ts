// Purchases in every situation that has an answer of its own.

import { CryptlexAnsweredError } from "../../../functions/stripe-cryptlex/cryptlex_errors.ts";
import { noAddress } from "../../../functions/stripe-cryptlex/known_user.ts";
import { nothing } from "../../../functions/stripe-cryptlex/purchase.ts";
import { StripeReadError } from "../../../functions/stripe-cryptlex/stripe_read_error.ts";
import type { Detail, LedgerNow } from "../../../tools/explain/explain_door.ts";
import type { Verdict } from "../../../tools/explain/verdict.ts";
import { knownLicense, licenseFields } from "../../stripe-cryptlex/builders/known_license.ts";
import {
  chargeWith,
  day,
  itemWith,
  said,
  saidAt,
  sessionWith,
  snapshotWith,
} from "../../stripe-cryptlex/builders/purchase_with.ts";
import { detailOf, later, madeCall, toldEvent, unsettled } from "./detail_of.ts";

type Situation = {
  readonly name: string;
  readonly detail: Detail;
  readonly ledger?: Partial<LedgerNow>;
  readonly kind: Verdict["kind"];
  /** What the answer must say. */
  readonly says: RegExp;
};

const refused = (status: number) =>
  new CryptlexAnsweredError({ method: "POST", path: "/v3/licenses" }, {
    status,
    code: null,
    message: "no",
    retryAfterSeconds: null,
  }).message;

const paid = { items: { si_1: itemWith() } };
/** Until 5 December, and what was paid for. */
const license = knownLicense();
const oneTime = { purchaseId: "pi_1" };
const order = { sessions: { cs_1: sessionWith() }, subscriptionTerms: null };
const dispute = (status: "needs_response" | "lost") => ({
  disputes: { du_1: { status, createdAt: saidAt } },
});
const flagged = (flag: "revoked" | "suspended", { byHand = false } = {}) => {
  const fields = licenseFields({ [flag]: true });
  return knownLicense({ seen: fields, wrote: byHand ? licenseFields() : fields });
};

export const situations: readonly Situation[] = [
  {
    name: "never paid",
    detail: detailOf({
      purchase: { subscription: said(snapshotWith({ si_1: {} }, { status: "incomplete" })) },
    }),
    kind: "unpaid",
    says: /^Nothing was paid: the subscription is incomplete\. .*resend its invoice\.paid/,
  },
  {
    name: "a debit under way",
    detail: detailOf({
      claim: oneTime,
      purchase: { sessions: { cs_1: sessionWith({ payment: "unpaid" }) } },
    }),
    kind: "unpaid",
    says: /^Nothing was paid yet: the payment is under way/,
  },
  {
    name: "a debit that bounced",
    detail: detailOf({
      claim: oneTime,
      purchase: { sessions: { cs_1: sessionWith({ payment: "failed" }) } },
    }),
    kind: "unpaid",
    says: /^Nothing was paid: the payment failed\./,
  },
  {
    name: "a refund whose purchase is not known",
    detail: detailOf({
      claim: oneTime,
      purchase: { charges: { pi_1: chargeWith({ refunded: 9900 }) }, subscriptionTerms: null },
    }),
    kind: "unpaid",
    says: /no purchase is linked with this payment yet/,
  },
  {
    name: "waits for the first invoice",
    detail: detailOf({
      purchase: { sessions: { cs_1: sessionWith() } },
      claim: { hasPlans: true },
    }),
    kind: "waits for Stripe",
    says: /^Waits for the first invoice: .* \(send invoice\.paid\)\. If that was sent already/,
  },
  {
    name: "parked by Cryptlex",
    detail: detailOf({
      purchase: paid,
      events: [toldEvent({ eventId: "evt_0" }), unsettled("parked", refused(404))],
      actions: [madeCall({ status: 404, error: refused(404), licenseId: null })],
      lastError: refused(404),
    }),
    kind: "parked",
    says:
      /^Parked since 2026-11-02 10:00: Cryptlex refused POST \/v3\/licenses with 404: no\. Mend the plan, .*then: deno task replay evt_1$/,
  },
  {
    name: "parked, as a customer has no e-mail",
    detail: detailOf({
      purchase: { ...paid, email: null },
      events: [unsettled("parked", noAddress(nothing), { statusSince: later(-60) })],
    }),
    kind: "parked",
    says: /^Parked since 2026-11-02 11:00: .* Give the customer an e-mail address in Stripe/,
  },
  {
    name: "parked, as a guest gave no e-mail",
    detail: detailOf({
      claim: oneTime,
      purchase: { ...order, email: null },
      events: [unsettled("parked", noAddress(nothing))],
      customerId: null,
    }),
    kind: "parked",
    says: /by hand, with the metadata stripe_transaction_id = pi_1, then: deno task replay evt_1$/,
  },
  {
    name: "parked, as it cannot be told what was bought",
    detail: detailOf({
      claim: { ...oneTime, hasPlans: true },
      purchase: order,
      events: [unsettled("parked", "Cannot tell what was bought: set STRIPE_SECRET_KEY")],
    }),
    kind: "parked",
    says: /set STRIPE_SECRET_KEY\. Mend that, then: deno task replay evt_1$/,
  },
  {
    name: "parked, as an event could not be read",
    detail: detailOf({
      purchase: paid,
      events: [
        toldEvent(),
        unsettled("parked", "missing: lines", {
          eventId: "evt_2",
          isRead: false,
        }),
      ],
    }),
    kind: "parked",
    says: /missing: lines\. Update stripe-cryptlex and deploy it, then: deno task replay evt_2$/,
  },
  {
    name: "parked, never read, its payload gone",
    detail: detailOf({
      events: [unsettled("parked", "missing: lines", { isRead: false, hasPayload: false })],
    }),
    kind: "parked",
    says: /Resend evt_1 from Stripe\.$/,
  },
  {
    name: "the token is refused",
    detail: detailOf({
      purchase: paid,
      events: [unsettled("pending", refused(401), { nextAttemptAt: later(1) })],
      attempts: 3,
      lastError: refused(401),
      nextAttemptAt: later(1),
    }),
    ledger: { tokenRefusedSince: later(-30) },
    kind: "token refused",
    says: /^Cryptlex refuses the access token since 2026-11-02 11:30: .* new CRYPTLEX_ACCESS_TOKEN/,
  },
  {
    name: "the key for Stripe is refused",
    detail: detailOf({
      purchase: paid,
      events: [unsettled("pending", null)],
      attempts: 1,
      lastError: new StripeReadError("GET /v1/subscriptions/{id}", 403, "403 (no permission)")
        .message,
    }),
    ledger: { stripeRefusedSince: later(-30) },
    kind: "Stripe key refused",
    says: /^Stripe refuses the key since 2026-11-02 11:30: .* new STRIPE_SECRET_KEY/,
  },
  {
    name: "retrying",
    detail: detailOf({
      purchase: paid,
      events: [unsettled("pending", "Cryptlex did not answer", { nextAttemptAt: later(5) })],
      attempts: 4,
      lastError: "Cryptlex did not answer",
      nextAttemptAt: later(5),
      notBefore: later(7),
      lookAgainAt: later(60),
    }),
    kind: "retrying",
    says: /^Tried 4 times: Cryptlex did not answer\. It is tried again at 2026-11-02 12:07, until/,
  },
  {
    name: "being worked on",
    detail: detailOf({
      purchase: paid,
      events: [unsettled("pending", null)],
      leaseUntil: later(1),
    }),
    kind: "in work",
    says: /^It is being worked on/,
  },
  {
    name: "Cryptlex takes no calls",
    detail: detailOf({ purchase: paid, events: [unsettled("pending", null)] }),
    ledger: { pausedUntil: later(2) },
    kind: "waiting",
    says: /^Cryptlex takes no calls until 2026-11-02 12:02/,
  },
  {
    name: "waits for its turn",
    detail: detailOf({ purchase: paid, events: [unsettled("pending", null)] }),
    kind: "waiting",
    says: /^It waits for its turn since 2026-11-02 10:00: .* See licensing\.schedule\.$/,
  },
  {
    name: "rehearsed",
    detail: detailOf({ purchase: paid, events: [unsettled("pending", null, { held: true })] }),
    kind: "rehearsed",
    says: /RECORD_ONLY was on\. Unset it/,
  },
  {
    name: "ignored, mapped by nothing",
    detail: detailOf({
      purchase: paid,
      claim: { hasPlans: true },
      events: [toldEvent({ status: "ignored" })],
    }),
    kind: "unmapped",
    says: /^Not mapped: nothing maps price_a to .* Map it by .* then: deno task replay evt_1$/,
  },
  {
    name: "disputed before it was licensed",
    detail: detailOf({ purchase: { ...paid, ...dispute("needs_response") } }),
    kind: "none is made",
    says: /^No license is made: dispute du_1 is open\. It is made when that is over\.$/,
  },
  {
    name: "ended before it was licensed",
    detail: detailOf({ purchase: { ...paid, ended: true } }),
    kind: "none is made",
    says: /^No license is made: the subscription has ended\. Only a new purchase makes one\.$/,
  },
  {
    name: "mapped since, and nobody has come by",
    detail: detailOf({ purchase: paid }),
    kind: "due",
    says:
      /^It is not as it should be, .* would make sure of a license of product product-a, .* deno task replay evt_1$/,
  },
  {
    name: "suspended by a dispute",
    detail: detailOf({
      purchase: { ...paid, ...dispute("needs_response") },
      claim: { licenses: [flagged("suspended")] },
    }),
    kind: "suspended",
    says:
      /^Suspended: license license-1 of product product-a, dispute du_1 is open\. When that is over it works again, with its key\.$/,
  },
  {
    name: "suspended, as the subscription is unpaid",
    detail: detailOf({
      purchase: { ...paid, subscription: said(snapshotWith({ si_1: {} }, { status: "unpaid" })) },
      claim: { licenses: [flagged("suspended")] },
    }),
    kind: "suspended",
    says: /the subscription is unpaid\. When that is over/,
  },
  {
    name: "revoked by a refund",
    detail: detailOf({
      claim: { ...oneTime, licenses: [flagged("revoked")] },
      purchase: { ...order, charges: { pi_1: chargeWith({ refunded: 9900 }) } },
    }),
    kind: "revoked",
    says:
      /^Revoked: license license-1 of product product-a, the payment was refunded in full\. Only/,
  },
  {
    name: "suspended by hand",
    detail: detailOf({
      purchase: paid,
      claim: { licenses: [flagged("suspended", { byHand: true })] },
    }),
    kind: "changed by hand",
    says:
      /^Suspended in Cryptlex by somebody else: license license-1 .* until it is undone there\.$/,
  },
  {
    name: "ran out",
    detail: detailOf({
      purchase: {
        items: { si_1: itemWith({}, { paidThrough: saidAt - 10 * day }) },
        subscription: said(snapshotWith({ si_1: {} }, { status: "past_due" })),
      },
      claim: {
        licenses: [knownLicense({
          expiresAt: new Date((saidAt - 7 * day) * 1000),
          wroteExpiresAt: new Date((saidAt - 7 * day) * 1000),
        })],
      },
    }),
    kind: "ran out",
    says: /^Ran out: .* until 2026-10-26 .*; Stripe shows the subscription past_due\./,
  },
  {
    name: "deleted by hand",
    detail: detailOf({
      purchase: paid,
      claim: { licenses: [knownLicense({ goneAt: later(-60) })] },
    }),
    kind: "deleted by hand",
    says: /seen on 2026-11-02\. It is not made again\. .* stripe_subscription_id = sub_1: /,
  },
  {
    name: "taken out of the subscription",
    detail: detailOf({
      purchase: { ...paid, subscription: said(snapshotWith({})) },
      claim: { licenses: [{ ...flagged("revoked"), endedAt: later(-60) }] },
    }),
    kind: "ended",
    says: /^Revoked on 2026-11-02: license license-1 .* nobody has bought it any more/,
  },
  {
    name: "licensed",
    detail: detailOf({
      purchase: paid,
      claim: { licenses: [license] },
      actions: [madeCall({ action: "create_user" }), madeCall()],
    }),
    kind: "licensed",
    says: /^Licensed: license license-1 of product product-a, until 2026-12-05 10:00\.$/,
  },
  {
    name: "licensed, and a renewal is retrying",
    detail: detailOf({
      purchase: paid,
      claim: { licenses: [license] },
      events: [toldEvent(), unsettled("pending", "it failed", { eventId: "evt_2" })],
      attempts: 1,
      lastError: "it failed",
      nextAttemptAt: later(1),
    }),
    kind: "licensed",
    says: /^Licensed: .* until 2026-12-05 10:00\. Tried 1 time: it failed\. It is tried again at/,
  },
  {
    name: "licensed, and not as these settings want it",
    detail: detailOf({
      purchase: { items: { si_1: itemWith({}, { paidThrough: saidAt + 400 * day }) } },
      claim: { licenses: [license] },
    }),
    kind: "licensed",
    says: /^Licensed: .* But it is not as it should be, by the settings here: would move license/,
  },
  {
    name: "two licenses, of which one works",
    detail: detailOf({
      purchase: { ...paid, sessions: { cs_1: sessionWith() } },
      claim: {
        licenses: [
          knownLicense({
            licenseId: "license-0",
            origin: "adopted",
            seen: licenseFields({ revoked: true }),
          }),
          license,
        ],
      },
    }),
    kind: "licensed",
    says: /^Licensed: license license-1 .* 1 of 2 licenses works\.$/,
  },
  {
    name: "a customer who is a user",
    detail: detailOf({
      claim: {
        purchaseId: "cus_1",
        customer: {
          stripeCustomerId: "cus_1",
          userId: "user-1",
          userMadeByUs: true,
          wroteName: "Ada",
          isShared: false,
        },
      },
      purchase: { wantsUser: true, subscriptionTerms: null },
    }),
    kind: "customer",
    says: /^cus_1 is a customer, no purchase: user user-1 in Cryptlex\. Only a purchase makes/,
  },
  {
    name: "a customer who never bought",
    detail: detailOf({ claim: { purchaseId: "cus_1" }, purchase: { subscriptionTerms: null } }),
    kind: "customer",
    says: /^cus_1 is a customer, no purchase: nothing was sold to this customer here/,
  },
];
