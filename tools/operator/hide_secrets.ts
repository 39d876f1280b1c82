// Takes out of a text what should not be in there anyway: secrets that others repeated. Pure.

/** Settings of which no part may be told, in full or as their parts between commas. */
const secretNames = /SECRET|TOKEN|KEY|WEBHOOK_URL|PASSWORD/;

/** Settings of which only the password may not be told. */
const addressNames = /DB_URL|DATABASE_URL/;

/** Shorter ones are words, too. */
const shortest = { part: 12, password: 6 };

/** The parts of an environment's secrets that are long enough to be looked for, longest first. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (addressNames.test(name)) return passwordsIn(value);
    if (!secretNames.test(name)) return [];
    return [value.trim(), ...value.split(/[\s,{}":]+/)]
      .filter((part) => part.length >= shortest.part);
  }).sort((one, other) => other.length - one.length);
}

/** The password in an address, well-formed or not, as it stands there and as it is meant. */
export function passwordsIn(address: string): string[] {
  const found = [/^\s*\w+:\/\/[^:@/]*:(.*)@/s, /[?&]password=([^&#]*)/]
    .flatMap((pattern) => pattern.exec(address)?.[1] ?? []);
  return found.flatMap((raw) => [raw, ...decoded(raw)])
    .filter((password) => password.length >= shortest.password);
}

function decoded(raw: string): string[] {
  try {
    return [decodeURIComponent(raw)];
  } catch {
    return [];
  }
}

/** The same error, without them in what is told of it. */
export function withoutSecrets(error: unknown, secrets: readonly string[]): unknown {
  if (!(error instanceof Error)) return error;
  error.message = hideSecrets(error.message, secrets);
  if (error.stack !== undefined) error.stack = hideSecrets(error.stack, secrets);
  return error;
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "<secret>"), text);
}
