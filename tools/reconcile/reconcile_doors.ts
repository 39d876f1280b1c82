// The ledger's doors for reconciling. Decides nothing.

import { z } from "zod";
import type { Claim } from "../../functions/stripe-cryptlex/claim.ts";
import { merge, nothing, type Purchase } from "../../functions/stripe-cryptlex/purchase.ts";
import type { CallDoor } from "../operator/call_doors.ts";
import type { ToldPolicy } from "./may_apply.ts";
import { unclaimed } from "../operator/unclaimed.ts";

const previews = z.object({
  purchases: z.array(
    z.object({ known_states: z.number(), last_error: z.string().nullable(), claim: unclaimed }),
  ),
});
const recorded = z.object({ recorded: z.enum(["new", "duplicate"]), purchase_id: z.string() });
const customers = z.object({
  customers: z.array(
    z.object({ stripe_customer_id: z.string(), user_id: z.string(), is_shared: z.boolean() })
      .transform((row) => ({
        stripeCustomerId: row.stripe_customer_id,
        userId: row.user_id,
        isShared: row.is_shared,
      })),
  ),
});
const schedule = z.object({
  rehearsal: z.boolean(),
  policy: z.record(z.string(), z.unknown()).nullable(),
});
const events = z.object({
  events: z.array(z.object({ event_id: z.string(), status: z.string() })),
  not_found: z.array(z.string()),
});

/** What to ask about. */
export type Asked = {
  readonly stripeIds: readonly string[];
  readonly customerId: string | null;
  readonly facts: Purchase;
};

/** A purchase as whoever works on it once the facts are recorded will get it. */
export type Preview = {
  readonly claim: Claim;
  /** What is known of it now; null: nothing. */
  readonly known: Purchase | null;
  readonly lastError: string | null;
};

export type LinkedCustomer = z.infer<typeof customers>["customers"][number];

/** What is recorded of a purchase. */
export type ShownPurchase = Asked & {
  readonly eventId: string;
  readonly eventType: string;
  readonly readAt: Date;
  readonly livemode: boolean;
};

/** Every method rejects with an error that says what to look at. */
export type ReconcileDoors = {
  /** In the order asked; changes nothing. */
  preview(asked: readonly Asked[]): Promise<Preview[]>;
  /** Records it and has it worked off, its mapping anew if told so; resolves to its best id. */
  record(shown: ShownPurchase, options: { remap: boolean }): Promise<string>;
  /** Those of these events that were never recorded. */
  unknownEvents(eventIds: readonly string[]): Promise<string[]>;
  /** Those of these events that are still to be worked off. */
  pendingEvents(eventIds: readonly string[]): Promise<string[]>;
  /** Whether the function only rehearses (RECORD_ONLY), and its policy: as it said at its last start. */
  functionSaid(): Promise<{ rehearsal: boolean; policy: ToldPolicy }>;
  /** 500 customers with a Cryptlex user, from `after` on. */
  customers(after: string | null): Promise<LinkedCustomer[]>;
};

/** So many at a time: their states come whole. */
const previewsACall = 50;

export function createReconcileDoors(call: CallDoor): ReconcileDoors {
  const ask = (event_ids: readonly string[]) =>
    call("replay_stripe_events", { event_ids, dry_run: true }, events);

  return {
    async preview(asked) {
      const all: Preview[] = [];
      for (let begun = 0; begun < asked.length; begun += previewsACall) {
        const purchases = asked.slice(begun, begun + previewsACall).map((one) => ({
          stripe_ids: one.stripeIds,
          customer_id: one.customerId,
          facts: one.facts,
        }));
        const answer = await call("preview_purchases", { purchases }, previews);
        all.push(...answer.purchases.map(({ claim, known_states, last_error }) => ({
          claim,
          known: known_states === 0
            ? null
            : claim.states.slice(0, known_states).reduce(merge, nothing),
          lastError: last_error,
        })));
      }
      return all;
    },
    async record(shown, { remap }) {
      const answer = await call("reconcile_purchase", {
        event: {
          event_id: shown.eventId,
          event_type: shown.eventType,
          event_created_at: shown.readAt,
          livemode: shown.livemode,
          api_version: null,
          customer_id: shown.customerId,
        },
        status: "pending",
        outcome: null,
        last_error: null,
        stripe_ids: shown.stripeIds,
        customer_id: shown.customerId,
        opens_sale: false,
        facts: shown.facts,
        remap,
      }, recorded);
      return answer.purchase_id;
    },
    unknownEvents: async (ids) => ids.length === 0 ? [] : (await ask(ids)).not_found,
    pendingEvents: async (ids) =>
      (await ask(ids)).events.filter(({ status }) => status === "pending")
        .map(({ event_id }) => event_id),
    functionSaid: () => call("diagnose", {}, schedule),
    customers: async (after) => (await call("list_customers", { after }, customers)).customers,
  };
}
