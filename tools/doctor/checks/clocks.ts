// Clocks: with one more than minutes off no signature fits.

import type { Exam } from "../exam.ts";
import { failed, type Finding, ok, skipped } from "../finding.ts";
import { isLoopback } from "../http.ts";

const mostSeconds = 60;

/** Compares with this machine the clocks of all that answered, last. */
export async function checkClocks(exam: Exam): Promise<Finding[]> {
  const name = "clocks";
  // Anybody is told Stripe's, for the asking.
  if (exam.settings.stripeSecretKey === null && !isLoopback(exam.functionUrl)) {
    await exam.stripe("/v1/");
  }
  const skews = [...exam.skews].map(([owner, ms]) => ({ owner, seconds: Math.round(ms / 1000) }));
  if (skews.length === 0) return [skipped(name, "nobody told the time")];
  const found = skews.map(({ owner, seconds }) => `${owner} ${seconds >= 0 ? "+" : ""}${seconds} s`)
    .join(", ");
  const wrong = skews.filter(({ seconds }) => Math.abs(seconds) > mostSeconds);
  if (wrong.length === 0) return [ok(name, `${found} from this machine's`)];
  const isOurs = wrong.length === skews.length && skews.length > 1;
  return [failed(
    name,
    `${found} from this machine's`,
    isOurs
      ? "set this machine's clock (NTP): all others agree that it is off"
      : `the clock of ${
        wrong.map(({ owner }) => owner).join(" and ")
      } is off: Stripe's signatures are refused when more than 5 minutes old`,
  )];
}
