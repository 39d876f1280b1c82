// How the Web API writes an instant. Knows no clock.

/** `date` as .NET prints it: UTC, seven decimals, `Z` (sample in Cryptlex's creating-licenses.md). */
export function timestamp(date: Date): string {
  return date.toISOString().replace("Z", "0000Z");
}
