// A queue of one: tasks run in the order they came, never two at once.

/**
 * Returns a function that runs a task after all tasks handed in before it have ended, whether
 * they succeeded or not, and resolves or rejects as the task does.
 */
export function createQueueOfOne(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task);
    last = run.catch(() => {});
    return run;
  };
}
