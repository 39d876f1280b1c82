// Does a license template renew as often as the Stripe price that buys it?

import { z } from "zod";
import { addInterval } from "../../../functions/stripe-cryptlex/calendar_interval.ts";
import type { Exam } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";
import { said } from "../http.ts";

const priceSchema = z.object({
  recurring: z.object({ interval: z.string(), interval_count: z.number().default(1) }).nullish(),
});

const units: Readonly<Record<string, string>> = { day: "D", week: "W", month: "M", year: "Y" };

/** `interval` null: the template's licenses never end. Nothing is found without a Stripe key. */
export async function checkInterval(
  exam: Exam,
  stripeId: string,
  interval: string | null,
): Promise<Finding[]> {
  if (exam.settings.stripeSecretKey === null) return [];
  const isPrice = stripeId.startsWith("price_");
  const name = isPrice ? "Stripe price" : "Stripe product";
  const answer = await exam.stripe(
    `/v1/${isPrice ? "prices" : "products"}/${encodeURIComponent(stripeId)}`,
  );
  if (answer.status === 404) {
    return [failed(
      name,
      `Stripe does not know ${stripeId}`,
      "copy its id from Stripe into licensing.plans; test and live mode have different ones",
    )];
  }
  if (answer.status !== 200) {
    return [skipped(name, `asked for ${stripeId}, Stripe answers ${said(answer)}`)];
  }
  if (!isPrice) return [ok(name, stripeId)];
  const { recurring } = priceSchema.safeParse(answer.body).data ?? {};
  if (!recurring) {
    return [
      ok(
        name,
        interval === null
          ? `${stripeId} is paid once`
          : `${stripeId} is paid once; its license ends after ${interval}`,
      ),
    ];
  }
  const paid = `P${recurring.interval_count}${units[recurring.interval] ?? "?"}`;
  return [
    isAbout(interval, paid) ? ok(name, `${stripeId} is paid every ${paid}`) : failed(
      name,
      `${stripeId} is paid every ${paid}, its template ${
        interval === null ? "never ends" : `has ${interval}`
      }`,
      `give the template the interval ${paid}, or name one that has it: else no license.renewed is ` +
        "sent, and a license lasts wrongly until its first paid invoice",
    ),
  ];
}

/** Within a quarter, as a renewal takes it. */
function isAbout(interval: string | null, paid: string): boolean {
  const start = new Date("2026-01-01T00:00:00Z");
  const length = (text: string) => (addInterval(start, text)?.getTime() ?? NaN) - start.getTime();
  return interval !== null && Math.abs(length(interval) / length(paid) - 1) <= 0.25;
}
