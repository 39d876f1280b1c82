// Customers who may pay later than their license lasts.

import { z } from "zod";
import { type Exam, recordsIn } from "../exam.ts";
import { counted, failed, type Finding, ok, skipped } from "../finding.ts";
import { said } from "../http.ts";

const invoiceSchema = z.object({
  created: z.number(),
  due_date: z.number().nullish(),
  effective_at: z.number().nullish(),
  collection_method: z.string(),
  subscription: z.unknown().optional(),
  parent: z.object({ subscription_details: z.unknown() }).nullish(),
});

const daySeconds = 86_400;

/** Open invoices that are sent, of subscriptions: on their last day to pay the license must last. */
export async function checkOpenInvoices(exam: Exam): Promise<Finding[]> {
  const name = "open invoices";
  const query = "status=open&collection_method=send_invoice&limit=100";
  const listed = await exam.stripe(`/v1/invoices?${query}`);
  if (listed.status === 403) {
    return [skipped(name, "the key may not list them", "give it Read for Invoices")];
  }
  if (listed.status !== 200) return [skipped(name, `Stripe answers ${said(listed)}`)];
  const sent = recordsIn(listed.body, invoiceSchema).filter((invoice) =>
    invoice.collection_method === "send_invoice" &&
    Boolean(invoice.subscription ?? invoice.parent?.subscription_details)
  );
  const days = sent.map(({ created, effective_at, due_date }) =>
    Math.ceil(((due_date ?? created) - (effective_at ?? created)) / daySeconds)
  );
  const grace = exam.settings.renewalGraceDays;
  const late = days.filter((count) => count > grace);
  if (late.length === 0) {
    return [ok(name, `${counted(sent.length, "invoice")} sent, all due within ${grace} days`)];
  }
  const longest = Math.max(...late);
  return [failed(
    name,
    `${late.length} of ${
      counted(sent.length, "invoice")
    } sent may be paid after up to ${longest} ` +
      `days, and licenses last ${grace} days beyond the paid time`,
    longest > 55
      ? "give customers fewer days to pay: RENEWAL_GRACE_DAYS is 60 at most"
      : `supabase secrets set RENEWAL_GRACE_DAYS=${longest + 5}`,
  )];
}
