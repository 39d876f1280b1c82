// What the function printed, searched for what it must never print. Pure.

/** Words that only payloads have. */
const payloadWords = /customer_details|"object":|billing_reason|"lines":/;

const address = /[\w.+-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/i;

/** A sentence for each line that has a secret, an e-mail address, a name or a payload in it. */
export function logLeaks(
  lines: readonly string[],
  { secrets, names }: { secrets: readonly string[]; names: readonly string[] },
): string[] {
  return lines.flatMap((line) => {
    const what = secrets.some((secret) => line.includes(secret))
      ? "a secret"
      : address.test(line)
      ? "an e-mail address"
      : names.some((name) => line.includes(name))
      ? "a buyer's name"
      : payloadWords.test(line)
      ? "a payload"
      : null;
    // Not repeated as it is: that would print it once more.
    return what === null ? [] : [`the log has ${what} in a line of ${line.length} characters`];
  });
}
