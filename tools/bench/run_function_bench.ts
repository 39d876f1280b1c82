// A bench of the function: its process and a bare one beside it, in turns, so that whatever else the
// machine does slows both alike.

import { createClient } from "@supabase/supabase-js";
import { createEndings, type Endings } from "../endings.ts";
import { type FunctionProcess, startFunction } from "../local_stack/function_process.ts";
import { type BenchStack, startBenchStack } from "./bench_stack.ts";
import { deployedSize } from "./deployed_size.ts";
import type { Figures } from "./figures.ts";
import { type BothTook, kindFigures } from "./kind_figures.ts";
import { measureStarts } from "./measure_starts.ts";
import { eventsOf, goesOn, type Kind, kinds } from "./kinds.ts";
import { type Burst, measureBurst } from "./measure_burst.ts";
import { measureEvents, nothingTook, together } from "./measure_events.ts";
import { percentile, sharesOf } from "./percentile.ts";
import { peakMegabytes } from "./process_usage.ts";

export type FunctionBenchOptions = {
  /** Events of each kind, one after the other. */
  readonly events: number;
  /** Sales of each burst. */
  readonly burst: number;
  readonly starts: number;
  readonly latencyMs: number;
  /** Hears of what is done, line by line. */
  readonly onProgress: (line: string) => void;
};

const entrypoint = new URL("../../functions/stripe-cryptlex/index.ts", import.meta.url);
const bareEntrypoint = new URL("bare_function.ts", import.meta.url);

/** Each turn is one of the function and one of the bare one; the first does not count. */
const turns = 4;
const atOnce = 25;

/** What calls each kind of process ends with. */
const bareEnds = "bench_insert";
const ends = (kind: Kind) => goesOn[kind] ? "settle_purchase" : "record_stripe_event";

/** Measures everything; takes a minute or two with 100 events. Nothing is kept. */
export async function runFunctionBench(options: FunctionBenchOptions): Promise<Figures> {
  const { latencyMs, onProgress } = options;
  const endings = createEndings();
  try {
    const stack = await startBenchStack({ latencyMs });
    endings.add(stack.stop);
    const pair = await startPair(stack, endings);
    onProgress("started");
    const roundTripMs = await measureRoundTrip(stack);
    const took = await measureKinds(pair, stack, options);
    const burst = await measureBursts(pair, stack, options);
    const memory = [
      await peakMegabytes(pair.ours.pid),
      await peakMegabytes(pair.bare.pid),
    ] as const;
    const start = await measureStarts(stack, { ...options, entrypoint, bareEntrypoint });
    return {
      measuredAt: new Date().toISOString(),
      machine: `${navigator.hardwareConcurrency} processors, Deno ${Deno.version.deno}`,
      cryptlexLatencyMs: latencyMs,
      roundTripMs,
      kinds: kindFigures(took, { latencyMs, roundTripMs }),
      burst: { ...burst, peakMegabytes: memory[0], barePeakMegabytes: memory[1] },
      start,
      size: await deployedSize(entrypoint),
    };
  } finally {
    await endings.run();
  }
}

type Pair = { readonly ours: FunctionProcess; readonly bare: FunctionProcess };

async function startPair(stack: BenchStack, endings: Endings): Promise<Pair> {
  const ours = await startFunction({ env: stack.env });
  endings.add(ours.stop);
  const bare = await startFunction({ env: stack.env, entrypoint: bareEntrypoint });
  endings.add(bare.stop);
  return { ours, bare };
}

async function measureRoundTrip({ services, secretKey }: BenchStack): Promise<number> {
  const client = createClient(services.databaseUrl, secretKey);
  const took: number[] = [];
  for (let n = 0; n < 100; n++) {
    const sentAt = performance.now();
    const request = JSON.stringify({ event_id: `evt_round_trip_${n}`, payload: {} });
    const { error } = await client.rpc("bench_insert", { request });
    if (error !== null) throw new Error(`Cannot measure a round trip: ${error.code}`);
    took.push(performance.now() - sentAt);
  }
  return percentile(took, 0.5);
}

async function measureKinds(
  { ours, bare }: Pair,
  stack: BenchStack,
  { events, onProgress }: FunctionBenchOptions,
): Promise<BothTook> {
  const took = Object.fromEntries(
    kinds.map((kind) => [kind, { ours: nothingTook, bare: nothingTook }]),
  ) as BothTook;
  const count = Math.ceil(events / turns);
  for (let turn = 0; turn <= turns; turn++) {
    const sent = eventsOf({ count, seed: 100 + turn, now: new Date() });
    for (const kind of kinds) {
      const inTurn = await measureEvents(sent[kind], {
        stack,
        ours: { running: ours, lastCall: ends(kind) },
        bare: { running: bare, lastCall: bareEnds },
      });
      if (turn === 0) continue;
      took[kind].ours = together(took[kind].ours, inTurn.ours);
      took[kind].bare = together(took[kind].bare, inTurn.bare);
    }
    onProgress(`${turn * count} of ${turns * count} events of each kind, one after the other`);
  }
  return took;
}

async function measureBursts(
  { ours, bare }: Pair,
  stack: BenchStack,
  { burst, onProgress }: FunctionBenchOptions,
): Promise<Omit<Figures["burst"], "peakMegabytes" | "barePeakMegabytes">> {
  const took: { ours: Burst; bare: Burst }[] = [];
  for (let turn = 0; turn <= turns; turn++) {
    const sales = eventsOf({ count: burst, seed: 200 + turn, now: new Date() })["sale, new buyer"];
    const bareTurn = await measureBurst(bare, sales, { stack, lastCall: bareEnds, atOnce });
    const ourTurn = await measureBurst(ours, sales, { stack, lastCall: "settle_purchase", atOnce });
    if (turn > 0) took.push({ ours: ourTurn, bare: bareTurn });
    onProgress(`${turn} of ${turns} bursts`);
  }
  const half = (pick: (both: typeof took[number]) => number) => percentile(took.map(pick), 0.5);
  return {
    events: burst,
    atOnce,
    ackPerSecond: half(({ ours }) => ours.ackRate),
    donePerSecond: half(({ ours }) => ours.doneRate),
    bareAckPerSecond: half(({ bare }) => bare.ackRate),
    bareRateOverOurs: half(({ ours, bare }) => bare.ackRate / ours.ackRate),
    ackMs: sharesOf(took.flatMap(({ ours }) => ours.ackMs)),
    bareAckMs: sharesOf(took.flatMap(({ bare }) => bare.ackMs)),
    cpuMs: half(({ ours }) => ours.cpuMsPerEvent),
  };
}
