// Reads environment variables by name, and collects what is wrong with them: names, never values.

/** The values of an environment, an empty one counting as not set. */
export type SettingReader = {
  /** What is wrong so far, a sentence each. */
  readonly problems: string[];
  text(name: string): string | null;
  /** Empty, and a problem, when it is not set. */
  required(name: string, hint: string): string;
  url(name: string): string | null;
  /** A URL without its trailing slashes. */
  baseUrl(name: string): string | null;
  /** A URL without a path, likewise. */
  origin(name: string): string | null;
  /** One of `values`; not set: the first. */
  oneOf<T extends string>(name: string, values: readonly [T, ...T[]]): T;
  whole(name: string, fallback: number, range: readonly [least: number, most: number]): number;
};

export function createSettingReader(
  env: Readonly<Record<string, string | undefined>>,
): SettingReader {
  const problems: string[] = [];
  const text = (name: string) => env[name]?.trim() || null;

  function url(name: string): string | null {
    const value = text(name);
    if (value !== null && !isHttpUrl(value)) problems.push(`${name} is not an http(s) URL`);
    return value;
  }

  return {
    problems,
    text,
    required(name, hint) {
      const value = text(name);
      if (value === null) problems.push(`${name} is not set (${hint})`);
      return value ?? "";
    },
    url,
    baseUrl: (name) => url(name)?.replace(/\/+$/, "") ?? null,
    origin(name) {
      const value = url(name);
      if (value === null || !isHttpUrl(value)) return value;
      const { origin, href } = new URL(value);
      if (href !== `${origin}/`) problems.push(`${name} is more than a scheme, a host and a port`);
      return origin;
    },
    oneOf(name, values) {
      const value = text(name);
      if (value === null) return values[0];
      const known = values.find((one) => one === value);
      if (known === undefined) problems.push(`${name} is none of ${values.join(", ")}`);
      return known ?? values[0];
    },
    whole(name, fallback, [least, most]) {
      const value = text(name);
      if (value === null) return fallback;
      const number = /^\d+$/.test(value) ? Number(value) : NaN;
      if (!(number >= least && number <= most)) {
        problems.push(`${name} is not a whole number from ${least} to ${most}`);
      }
      return number;
    },
  };
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}
