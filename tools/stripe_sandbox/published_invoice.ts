// Invoices as the read API gives them: once begun, open until they are paid.
import { type PlannedInvoice, writeDraft, writeDraftLines } from "./invoice_draft.ts";
import type { Collection } from "./invoice_facts.ts";
import { asReadToday, type StripeAccount } from "./stripe_account.ts";

const LAST_DAY = new Date(8.64e15);
const open: Collection = { status: "open", attempts: 0, nextAttempt: null };

/** An invoice that is paid: open before that moment. */
export function publishPaidInvoice(
  account: StripeAccount,
  { id, draft }: PlannedInvoice,
): void {
  publishLines(account, { id, draft });
  account.publish(pathOf(id), (at) => {
    const invoice = draft();
    if (at < invoice.created) return null;
    const collection = at < invoice.paidAt ? { collection: open } : {};
    return writeDraft(asReadToday(account), { id, draft: invoice, ...collection });
  });
}

/** An invoice that could not be charged; one that is paid some day is left to that. */
export function publishUnpaidInvoice(
  account: StripeAccount,
  { id, draft, collection }: PlannedInvoice & { collection: Collection },
): void {
  if (account.read(pathOf(id), LAST_DAY)?.status === "paid") return;
  publishLines(account, { id, draft });
  account.publish(pathOf(id), (at) => {
    const invoice = draft();
    return at < invoice.created
      ? null
      : writeDraft(asReadToday(account), { id, draft: invoice, collection });
  });
}

/** All its lines: the invoice shows the first only. */
function publishLines(account: StripeAccount, { id, draft }: PlannedInvoice): void {
  account.publish(`${pathOf(id)}/lines`, (at) => {
    const invoice = draft();
    if (at < invoice.created) return null;
    return { object: "list", data: writeDraftLines(asReadToday(account), { id, draft: invoice }) };
  });
}

function pathOf(id: string): string {
  return `/v1/invoices/${id}`;
}
