// A chaos run from its start to its verdict.

import type { CryptlexSandbox } from "../cryptlex_sandbox/sandbox.ts";
import { plans as allPlans } from "./chaos_catalogue.ts";
import { startChaosStack } from "./chaos_stack.ts";
import { type EndFigures, judgeChaos, type Verdict } from "./judge_chaos.ts";
import { playChaos, type PlayFigures } from "./play_chaos.ts";
import { usersBefore } from "./lives/buyers.ts";
import { randomPurchases } from "./lives/random_purchases.ts";

export type ChaosOptions = {
  readonly purchases: number;
  readonly processes: number;
  /** Even: plans map what is sold; odd: the setting does. Never both, as plans silence the setting. */
  readonly seed: number;
  /** How long events keep coming. */
  readonly seconds: number;
};

export type ChaosFigures = PlayFigures & EndFigures & { readonly hasPlans: boolean };

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
  const hasPlans = seed % 2 === 0;
  const plans = hasPlans ? allPlans : [];
  const purchases = randomPurchases({ seed, count: options.purchases, hasPlans, now: new Date() });
  const before = usersBefore(options.purchases);
  const stack = await startChaosStack({ processes, plans, usersBefore: before });
  try {
    const played = await playChaos(purchases, { stack, seed, seconds });
    beforeVerdict(stack.sandbox);
    const verdict = await judgeChaos(purchases, { stack, plans, usersBefore: before });
    return {
      ...verdict,
      problems: [...played.problems, ...verdict.problems],
      figures: { ...played.figures, ...verdict.figures, hasPlans },
      lines: stack.fleet.lines(),
    };
  } finally {
    await stack.stop();
  }
}
