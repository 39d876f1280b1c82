// Workers that die at a port. The ports are wrapped from outside: the function knows nothing of it.

/** A worker's end at the n-th call of a run: the call is not made, or its answer is not heard. */
export type Death = { readonly call: number; readonly when: "before" | "after" };

/** When a worker ends at a call: by what it called so far, this one last; undefined: it lives. */
export type DeathRule = (calls: readonly string[]) => Death["when"] | undefined;

/** One worker's ports; of one that died nothing runs on. */
export type Mortal = {
  /** The port, counted, and silent for ever once the worker is dead. `name` says what is called. */
  port<A extends unknown[], R>(
    name: (...args: A) => string,
    call: (...args: A) => Promise<R>,
  ): (...args: A) => Promise<R>;
  /** Resolves when it dies; never, if it lives. */
  readonly death: Promise<void>;
};

/** What befalls the workers of one run. */
export type Fate = {
  worker(): Mortal;
  /** The calls through all ports of all workers so far. */
  readonly calls: readonly string[];
  /** How many deaths came to pass. */
  died(): number;
};

/** Deaths at calls of the whole run, counted from 1, or by a rule for every worker. */
export function createFate(deaths: readonly Death[] | DeathRule): Fate {
  const calls: string[] = [];
  let died = 0;

  function worker(): Mortal {
    const { promise: death, resolve } = Promise.withResolvers<void>();
    let isDead = false;
    const own: string[] = [];
    function die() {
      if (isDead) return;
      isDead = true;
      died++;
      resolve();
    }
    return {
      death,
      port: (name, call) => async (...args) => {
        if (isDead) return await never();
        const nth = calls.push(name(...args));
        own.push(name(...args));
        const when = typeof deaths === "function"
          ? deaths(own)
          : deaths.find((one) => one.call === nth)?.when;
        if (when === "before") die();
        if (isDead) return await never();
        const answer = await call(...args);
        if (when === "after") die();
        return isDead ? await never() : answer;
      },
    };
  }

  return { worker, calls, died: () => died };
}

function never(): Promise<never> {
  return new Promise(() => {});
}
