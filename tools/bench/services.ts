// The services thread, seen from who measures.

/** What the thread is started with. */
export type ServicesOptions = {
  /** Of the real PostgreSQL. */
  readonly databaseUrl: string;
  readonly secretKey: string;
  readonly accessToken: string;
  /** How long Cryptlex takes to answer, milliseconds. */
  readonly latencyMs: number;
};

/** One call that was answered; `at` is milliseconds of the clock of all threads. */
export type AnsweredCall = {
  readonly kind: "database" | "cryptlex";
  /** The database function, or the HTTP method. */
  readonly name: string;
  readonly at: number;
};

/** What the thread tells. */
export type ServicesReport = AnsweredCall | {
  readonly kind: "ready";
  readonly databaseUrl: string;
  readonly cryptlexUrl: string;
};

export type Services = {
  /** Where the database functions are called. */
  readonly databaseUrl: string;
  readonly cryptlexUrl: string;
  /** All calls since the last `forget`, in the order of their answers. */
  calls(): readonly AnsweredCall[];
  forget(): void;
  /** Resolves once so many calls of this database function were answered since `forget`. */
  answered(name: string, count: number): Promise<void>;
  stop(): void;
};

/** Starts the thread; rejects with what it failed of. */
export function startServices(options: ServicesOptions): Promise<Services> {
  const worker = new Worker(import.meta.resolve("./services_worker.ts"), { type: "module" });
  let calls: AnsweredCall[] = [];
  let waiting: { name: string; count: number; resolve: () => void }[] = [];

  const countOf = (name: string) => calls.filter((call) => call.name === name).length;
  function wake(): void {
    const ready = waiting.filter(({ name, count }) => countOf(name) >= count);
    waiting = waiting.filter((one) => !ready.includes(one));
    for (const { resolve } of ready) resolve();
  }

  return new Promise((resolve, reject) => {
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(`The services of the bench failed: ${event.message}`));
    };
    worker.onmessage = ({ data }: MessageEvent<ServicesReport>) => {
      if (data.kind !== "ready") {
        calls.push(data);
        return wake();
      }
      resolve({
        databaseUrl: data.databaseUrl,
        cryptlexUrl: data.cryptlexUrl,
        calls: () => calls,
        forget: () => void (calls = []),
        answered: (name, count) =>
          new Promise((done) => {
            waiting.push({ name, count, resolve: done });
            wake();
          }),
        stop: () => worker.terminate(),
      });
    };
    worker.postMessage(options);
  });
}
