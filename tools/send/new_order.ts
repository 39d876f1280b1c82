// A purchase of its own for every new sale: who buys, and the seed of its ids.

import type { PayloadShape } from "../stripe_sandbox/stripe_event.ts";
import type { Order } from "./shop_state.ts";

const names = ["Ann Archer", "Bob Baker", "Cleo Cooper", "Dan Draper", "Eve Ellis", "Finn Fisher"];

/** Made now, by the buyer of that e-mail or by a new one. */
export function newOrder({ email, shape }: { email: string | null; shape: PayloadShape }): Order {
  // At random: a seed used before would give the ids of an old purchase.
  const [seed = 0] = crypto.getRandomValues(new Uint32Array(1));
  const name = names[seed % names.length] ?? "Ann Archer";
  const first = name.slice(0, name.indexOf(" ")).toLowerCase();
  return {
    seed,
    at: new Date().toISOString(),
    shape,
    buyer: { name, email: email ?? `${first}.${1000 + seed % 9000}@example.com` },
  };
}
