// What the quantity on a Stripe line means for licenses. Pure.

/** `ignore` leaves the template's value; `licenses` makes one license a unit. */
export const seatModes = ["ignore", "activations", "floating_clients", "licenses"] as const;

/** How a plan counts (`licensing.plans`). */
export type Seats = {
  readonly mode: typeof seatModes[number];
  /** Activations, or floating clients, a unit buys. */
  readonly perUnit: number;
};

/** The quantity means nothing: what metadata and the setting map. */
export const ignoredSeats: Seats = { mode: "ignore", perUnit: 1 };

/** The largest count Cryptlex takes, an int32 (LicenseRequestModel). */
const mostSeats = 2_147_483_647;

/** How many licenses so many units are. Null: it is not known how many. */
export function unitsOf({ mode }: Seats, quantity: number | null): number {
  return mode === "licenses" ? Math.max(quantity ?? 1, 1) : 1;
}

/** The counts of a license for so many units; empty: the template's. */
export function countsOf(
  { mode, perUnit }: Seats,
  quantity: number | null,
): { allowedActivations?: number; allowedFloatingClients?: number } {
  // 0 would mean unlimited.
  if (quantity === null || quantity < 1) return {};
  const count = Math.min(quantity * perUnit, mostSeats);
  switch (mode) {
    case "activations":
      return { allowedActivations: count };
    case "floating_clients":
      return { allowedFloatingClients: count };
    default:
      return {};
  }
}
