// How what would be done of a purchase compares with what is there. The kinds and their words. Pure.

/** How much a person has to do with it: `settle` before switching, `look` at it, or nothing. */
export type Weight = "settle" | "look" | "none";

/** The kinds, the weightiest first: of several a purchase is counted under the first. */
export const kinds = {
  parked: { weight: "settle", words: "would be parked: it needs a person" },
  unmapped: { weight: "look", words: "is mapped to no product: none would be made" },
  missing: { weight: "look", words: "there is none, and one would be made" },
  more: { weight: "look", words: "there are fewer than would be made" },
  double: { weight: "look", words: "there are several for one purchase: all kept in step" },
  ends: { weight: "look", words: "would be revoked" },
  suspends: { weight: "look", words: "would be suspended" },
  restores: { weight: "look", words: "would be made valid again" },
  date: { weight: "look", words: "would be extended, by more than the days of grace" },
  longer: { weight: "look", words: "lasts longer than was paid for: stays so" },
  changes: { weight: "look", words: "seats or entitlements would change" },
  unpaid: { weight: "look", words: "there is one, and nothing was paid for: stays so" },
  kept: { weight: "look", words: "is revoked or suspended by hand: stays so" },
  asks: { weight: "none", words: "not told yet: Stripe is asked first, once it is real" },
  grace: { weight: "none", words: "agrees, and gets its days of grace" },
  agrees: { weight: "none", words: "agrees" },
  nothing: { weight: "none", words: "agrees: there is none, and none is to be" },
  customer: { weight: "none", words: "a customer, no purchase" },
} as const satisfies Record<string, { weight: Weight; words: string }>;

export type Kind = keyof typeof kinds;

/** All of them, the weightiest first. */
export const allKinds = Object.keys(kinds) as Kind[];

export type Difference = {
  readonly purchaseId: string;
  /** At least one, the weightiest first. */
  readonly kinds: readonly [Kind, ...Kind[]];
  /** What would be done, in a line for people. */
  readonly wouldDo: string;
  /** The licenses that are there, revoked ones too. */
  readonly licenseIds: readonly string[];
};
