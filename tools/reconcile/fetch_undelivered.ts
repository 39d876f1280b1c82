// Events that never arrived, of the thirty days Stripe keeps them: recorded as if they did.

import type { Background } from "../../functions/stripe-cryptlex/background.ts";
import { actedOn } from "../../functions/stripe-cryptlex/livemode.ts";
import { readEvent } from "../../functions/stripe-cryptlex/read_event.ts";
import { receive } from "../../functions/stripe-cryptlex/receive.ts";
import type { World } from "../../functions/stripe-cryptlex/world.ts";
import type { Finding } from "./finding.ts";
import type { ReconcileDoors } from "./reconcile_doors.ts";
import { sideBySide } from "./side_by_side.ts";
import type { PageOf, StripeLists } from "./stripe_lists.ts";

const atOnce = 4;

/**
 * What of it was never recorded and says something; with `world` it is recorded now, as a delivery is.
 * What is of purchases that are held back stays where it is.
 */
export async function* fetchUndelivered(
  { lists, doors, livemode }: {
    lists: StripeLists;
    doors: Pick<ReconcileDoors, "unknownEvents">;
    livemode: boolean | null;
  },
  { of, heldBack, work }: {
    of: PageOf;
    heldBack: ReadonlySet<string>;
    work: { world: World; background: Background } | null;
  },
): AsyncGenerator<Finding[]> {
  for (let after: string | null = null;;) {
    const page = await lists.undelivered({ ...of, after });
    const told = page.data.map((event) => ({ event, read: readEvent(event) })).filter(({ read }) =>
      actedOn(read, livemode).kind !== "ignored"
    );
    const unknown = new Set(await doors.unknownEvents(told.map(({ event }) => event.id)));
    const news = told.filter(({ event }) => unknown.has(event.id)).reverse();
    yield await sideBySide(news, work === null ? 1 : atOnce, async ({ event, read }) => {
      const ids = read.reading.kind === "facts" ? read.reading.stripeIds : [];
      const finding: Finding = {
        kind: "undelivered",
        state: "open",
        purchaseId: ids[0] ?? null,
        licenseId: null,
        eventId: event.id,
        found: `${event.type} of ${day(event.created)} never arrived`,
        proposal: null,
      };
      if (ids.some((id) => heldBack.has(id))) {
        return { ...finding, state: "person", proposal: "first say whose its license is" } as const;
      }
      if (work === null) return finding;
      await receive(event, work.world, work.background);
      await work.background.idle();
      if (read.reading.kind === "parked") {
        return { ...finding, state: "failed", proposal: read.reading.reason } as const;
      }
      return { ...finding, state: "fixed" } as const;
    });
    after = page.next;
    if (after === null) return;
  }
}

function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
