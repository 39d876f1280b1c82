// The model: what every purchase must have in the end, from the events alone, in any order. Pure.

import type { PlanRow } from "./chaos_catalogue.ts";
import { type Told, toldBy, type ToldLine, type ToldTerms } from "./told_events.ts";

/** What must be there of one purchase. */
export type ExpectedPurchase = {
  /** Every id Stripe knows it by, the subscription or payment first. */
  readonly stripeIds: readonly string[];
  /** The buyer's e-mail address in small letters. */
  readonly email: string;
  /** Null: nothing was paid for, so there must be no license. */
  readonly license: ExpectedLicense | null;
};

export type ExpectedLicense = ToldTerms & {
  /** `template`: one-time purchases last as long as their template says. */
  readonly until: Date | "template";
};

export type ModelOptions = {
  /** Empty: the setting below maps all that metadata does not. */
  readonly plans: readonly PlanRow[];
  readonly defaultProductId: string;
  readonly graceDays: number;
};

type EventToRead = { readonly type: string; readonly data?: { readonly object: unknown } };

/**
 * What must be there of every purchase the events tell of.
 *
 * @throws {Error} something was paid for that nothing maps, or has no e-mail: no run is to sell it.
 */
export function expectedLicenses(
  events: readonly EventToRead[],
  options: ModelOptions,
): ExpectedPurchase[] {
  const told = events.map(({ type, data }) => toldBy({ type, object: data?.object }))
    .filter((one) => one !== null);
  return groups(told).map(({ stripeIds, of }) => {
    const email = of.find((one) => one.email !== null)?.email;
    if (!email) throw new Error(`Cannot say who bought ${stripeIds[0]}`);
    return {
      stripeIds,
      email: email.toLowerCase(),
      license: of.some(({ isPaid }) => isPaid) ? expectedLicense(of, options) : null,
    };
  });
}

function expectedLicense(of: readonly Told[], options: ModelOptions): ExpectedLicense {
  const lines = of.flatMap((one) => one.lines);
  const ends = lines.map(({ until }) => until).filter((until) => until !== null);
  const last = Math.max(...ends);
  return {
    ...terms(of, { ...options, lines }),
    until: ends.length === 0
      ? "template"
      : new Date((last + options.graceDays * 24 * 60 * 60) * 1000),
  };
}

/** Nearest wins: the session's metadata, the subscription's, the newest line's plan, the setting. */
function terms(
  of: readonly Told[],
  { lines, plans, defaultProductId }: ModelOptions & { lines: readonly ToldLine[] },
): ToldTerms {
  const named = of.find((one) => one.sessionTerms)?.sessionTerms ??
    of.find((one) => one.subscriptionTerms)?.subscriptionTerms;
  if (named) return { productId: named.productId, templateId: named.templateId };
  if (plans.length === 0) return { productId: defaultProductId, templateId: null };
  const [newest] = [...lines].sort((a, b) =>
    b.billedAt - a.billedAt || (b.until ?? 0) - (a.until ?? 0)
  );
  const plan = plans.find(({ stripeId }) => stripeId === newest?.priceId) ??
    plans.find(({ stripeId }) => stripeId === newest?.productId);
  if (!plan) throw new Error(`Nothing maps ${newest?.priceId ?? "what has no lines"}`);
  return { productId: plan.productId, templateId: null };
}

type Group = { stripeIds: string[]; of: Told[] };

/** What shares an id is one purchase. */
function groups(told: readonly Told[]): Group[] {
  let found: Group[] = [];
  for (const one of told) {
    const same = found.filter((group) => group.stripeIds.some((id) => one.stripeIds.includes(id)));
    const ids = [...one.stripeIds, ...same.flatMap((group) => group.stripeIds)];
    const joined = {
      stripeIds: [...new Set(ids)].sort((a, b) => rank(a) - rank(b)),
      of: [...same.flatMap((group) => group.of), one],
    };
    found = [...found.filter((group) => !same.includes(group)), joined];
  }
  return found;
}

/** Which id people look for first. */
function rank(stripeId: string): number {
  return ["sub", "pi", "cs", "in"].indexOf(stripeId.slice(0, stripeId.indexOf("_")));
}
