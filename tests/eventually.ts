// What tests wait for that comes about by itself: long enough for a machine that does much else.

/** What `ask` returns once that is neither null nor false; fails after a minute. */
export async function eventually<T>(
  ask: () => T | null | false | Promise<T | null | false>,
): Promise<T> {
  for (let poll = 0; poll < 6000; poll++) {
    const found = await ask();
    if (found !== null && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("It did not come about within a minute");
}
