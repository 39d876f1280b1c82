// A chaos run from its start to its verdict.

import type { CryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";
import { startChaosStack } from "./chaos_stack.ts";
import { type EndFigures, judgeChaos, type Verdict } from "./judge_chaos.ts";
import { type Merchant, merchantOf } from "./merchant.ts";
import { playChaos, type PlayFigures } from "./play_chaos.ts";
import { usersBefore } from "./lives/buyers.ts";
import { randomPurchases } from "./lives/random_purchases.ts";

export type ChaosOptions = {
  readonly purchases: number;
  readonly processes: number;
  /** Even: plans map what is sold; odd: the setting does. It chooses the merchant's policy, too. */
  readonly seed: number;
  /** How long events keep coming. */
  readonly seconds: number;
};

export type ChaosFigures = PlayFigures & EndFigures & { readonly merchant: Merchant };

export type ChaosResult = Omit<Verdict, "figures"> & {
  readonly figures: ChaosFigures;
  /** All the processes printed. */
  readonly lines: readonly string[];
};

/**
 * Plays it. `beforeVerdict` may bend the world once everything is settled, to see the verdict see
 * it.
 *
 * @throws {Error} a part of the stack does not start.
 */
export async function runChaos(
  options: ChaosOptions,
  beforeVerdict: (sandbox: CryptlexSandbox) => void = () => {},
): Promise<ChaosResult> {
  const { seed, seconds, processes } = options;
  const merchant = merchantOf(seed);
  const hasPlans = merchant.plans.length > 0;
  const purchases = randomPurchases({ seed, count: options.purchases, hasPlans, now: new Date() });
  const before = usersBefore(options.purchases);
  const stack = await startChaosStack({ processes, merchant, usersBefore: before });
  try {
    const played = await playChaos(purchases, { stack, seed, seconds });
    beforeVerdict(stack.sandbox);
    const verdict = await judgeChaos(purchases, { stack, merchant, usersBefore: before });
    return {
      ...verdict,
      problems: [...played.problems, ...verdict.problems],
      figures: { ...played.figures, ...verdict.figures, merchant },
      lines: stack.fleet.lines(),
    };
  } finally {
    await stack.stop();
  }
}
