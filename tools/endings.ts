// What is to be ended again, in the reverse order of its beginning.

export type Endings = {
  add(end: () => unknown): void;
  /** Ends everything, also when something fails to end; the first failure is thrown afterwards. */
  run(): Promise<void>;
};

export function createEndings(): Endings {
  const ends: (() => unknown)[] = [];
  return {
    add: (end) => void ends.push(end),
    async run() {
      const failures: unknown[] = [];
      for (const end of ends.splice(0).reverse()) {
        try {
          await end();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
