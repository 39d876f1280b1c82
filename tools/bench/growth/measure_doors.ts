// How long the ledger's functions take: purchases are sold, fail, are claimed again and settled.

import type { Ledger } from "../../../functions/stripe-cryptlex/ledger.ts";
import { readEvent } from "../../../functions/stripe-cryptlex/read_event.ts";
import { createStripeShop } from "../../stripe_sandbox/stripe_shop.ts";
import { claimed, settlement } from "./settlement.ts";
import { createStopwatch, type Latencies } from "./stopwatch.ts";

/** Sells as many purchases one after the other, all events and ids new; `seed` must be, too. */
export async function measureDoors(
  ledger: Ledger,
  { rounds, seed }: { rounds: number; seed: number },
): Promise<Latencies> {
  const shop = createStripeShop({ seed, now: new Date() });
  const { took, timed } = createStopwatch();
  for (let round = 0; round < rounds; round++) {
    const event = shop.subscribe({
      email: "ada@example.com",
      name: "Ada Lovelace",
      price: { amount: 1900, interval: "month" },
    }).checkoutCompleted();
    const told = { ...readEvent(event), payload: event };
    const sold = claimed(await timed("record", () => ledger.record(told)));
    await ledger.settle(sold, settlement(sold, { isDone: false }), { takes: "nothing" });
    const due = claimed(await timed("claim_due", () => ledger.claimDue({ ignoreBackoff: false })));
    await timed("settle", () => ledger.settle(due, settlement(due, { isDone: true })));
  }
  return took;
}
