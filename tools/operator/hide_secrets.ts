// Takes out of a text what should not be in there anyway: secrets that others repeated. Pure.

/** Settings of which no part may be told, in full or as their parts between commas. */
const secretNames = /SECRET|TOKEN|KEY|WEBHOOK_URL|PASSWORD/;

/** The parts of an environment's secrets that are long enough to be looked for. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) =>
    secretNames.test(name) ? value.split(/[\s,{}":]+/).filter((part) => part.length >= 12) : []
  );
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((left, secret) => left.replaceAll(secret, "<secret>"), text);
}
