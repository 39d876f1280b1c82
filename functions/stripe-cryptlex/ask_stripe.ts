// Asks Stripe, given a key, for what a purchase's events do not tell or may tell too late.

import type { Claim } from "./claim.ts";
import {
  type FreshFacts,
  freshInvoice,
  freshInvoiceLines,
  freshSessionLines,
  freshSubscription,
} from "./fresh_facts.ts";
import { type NeededRead, neededRead } from "./needed_read.ts";
import { presentItems } from "./present_items.ts";
import { merge, type Purchase } from "./purchase.ts";
import type { Work } from "./settlement.ts";
import type { StripeRead, StripeReader } from "./stripe.ts";
import { StripeReadError } from "./stripe_read_error.ts";
import { PartDoneError } from "./trouble.ts";
import type { World } from "./world.ts";

/**
 * Adds what Stripe shows to what is known: one object or list at most. What Stripe does not know is no
 * information: the key may be another account's, which health shows. Nor is it that the key may not
 * read what an invoice bills.
 *
 * @throws {StripeReadError}
 * @throws {PartDoneError} there is more to it than was claimed: plans of what it proves to have sold,
 * something else to be read, or the purchase it proves to be part of.
 */
export async function askStripe(
  claim: Claim,
  work: Work,
  { stripe, log }: Pick<World, "stripe" | "log">,
): Promise<void> {
  const { purchaseId, events, licenses } = claim;
  const needed = stripe && neededRead(work.purchase, { purchaseId, events, licenses });
  if (!stripe || !needed) return;
  const startedMs = performance.now();
  let fresh: FreshFacts | null = null;
  try {
    fresh = await ask(stripe, needed, purchaseId);
    work.stripeRead = fresh === null ? "not_found" : "found";
  } catch (error) {
    const isRefused = error instanceof StripeReadError && [401, 403].includes(error.status ?? 0);
    if (isRefused) work.stripeRead = "refused";
    // What an invoice bills can only add: without it the purchase is as without a key, and an end or a
    // dispute does not wait for a permission. Health shows what is refused.
    if (!isRefused || needed.kind !== "invoice_lines") throw error;
  } finally {
    const ms = Math.round(performance.now() - startedMs);
    const outcome = work.stripeRead ?? "unanswered";
    log({ action: "read_stripe", purchase_id: purchaseId, outcome, ms });
  }
  if (fresh === null) return;
  const before = soldIds(work.purchase);
  work.purchase = merge(work.purchase, fresh.facts);
  // The claim brought the plans of what was known to be sold then.
  if (claim.hasPlans && soldIds(work.purchase).some((id) => !before.includes(id))) {
    throw new PartDoneError("What was sold is known now; its plans are looked up", true);
  }
  // Each list is read once, so that this ends.
  const isOneOfSeveral = needed.kind === "invoice_lines" &&
    neededRead(work.purchase, { purchaseId, events, licenses }) !== null;
  if (isOneOfSeveral) {
    throw new PartDoneError("An invoice is known whole; Stripe is asked for the rest", true);
  }
  const others = fresh.stripeIds.filter((id) => id !== purchaseId);
  if (needed.kind !== "invoice" || others.length === 0) return;
  work.stripeIds.push(purchaseId, ...others);
  throw new PartDoneError(`It is part of ${others.join(", ")}`, true);
}

/** The prices and products on its lines. */
function soldIds(purchase: Purchase): string[] {
  return presentItems(purchase).flatMap(({ line }) => [line.priceId, line.productId])
    .filter((id) => id !== null);
}

async function ask(
  stripe: StripeReader,
  needed: NeededRead,
  purchaseId: string,
): Promise<FreshFacts | null> {
  const read = async <T>(
    reading: Promise<StripeRead<T>>,
    facts: (shown: { readAt: Date; object: T }) => FreshFacts,
  ) => {
    const answer = await reading;
    return answer.found ? facts(answer) : null;
  };
  switch (needed.kind) {
    case "subscription":
      return await read(stripe.subscription(needed.id), freshSubscription);
    case "session_lines": {
      const { sessionId } = needed;
      return await read(
        stripe.sessionLines(sessionId),
        (shown) => freshSessionLines(sessionId, shown),
      );
    }
    case "invoice_lines": {
      const { invoiceId, invoice } = needed;
      const isSubscription = purchaseId.startsWith("sub_");
      return await read(
        stripe.invoiceLines(invoiceId),
        (shown) => freshInvoiceLines({ invoiceId, invoice, isSubscription }, shown),
      );
    }
    case "invoice":
      return await read(stripe.invoiceOf(needed.paymentIntent), freshInvoice);
  }
}
