// What each kind of event took, as figures. Pure.

import type { Figures, KindFigures } from "./figures.ts";
import { type Kind, kinds } from "./kinds.ts";
import type { Took } from "./measure_events.ts";
import { sharesOf } from "./percentile.ts";

/** By kind what it took the function, and what it took the bare one. */
export type BothTook = Record<Kind, { ours: Took; bare: Took }>;

/** `roundTripMs` is one insert, from the client and back. */
export function kindFigures(
  took: BothTook,
  { latencyMs, roundTripMs }: { latencyMs: number; roundTripMs: number },
): Figures["kinds"] {
  return Object.fromEntries(kinds.map((kind): [Kind, KindFigures] => {
    const { ours, bare } = took[kind];
    const count = ours.ackMs.length;
    const [ackMs, bareAckMs] = [sharesOf(ours.ackMs), sharesOf(bare.ackMs)];
    const floor = ours.cryptlexCalls / count * latencyMs + 2 * roundTripMs;
    const licensedMs = ours.licensedMs.length === 0 ? null : sharesOf(ours.licensedMs);
    return [kind, {
      ackMs,
      ackOverBare: { p50: ackMs.p50 / bareAckMs.p50, p99: ackMs.p99 / bareAckMs.p99 },
      licensedMs,
      licensedOverFloor: licensedMs === null ? null : licensedMs.p50 / floor,
      cryptlexCalls: ours.cryptlexCalls / count,
      roundTrips: ours.roundTrips / count,
      cpuMs: ours.cpuMs / count,
    }];
  })) as Figures["kinds"];
}
