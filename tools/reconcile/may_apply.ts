// Whether what is put right would be decided as the function decides. Pure.

import { type Policy, policyDocument } from "../../functions/stripe-cryptlex/policy.ts";

/** The policy as the function told it, by the settings' names; null: it never did. */
export type ToldPolicy = Readonly<Record<string, unknown>> | null;

type Env = Readonly<Record<string, string | undefined>>;

/** What decides otherwise here than there, or cannot be known to decide alike; null: nothing does. */
export function policyHindrance(
  policy: Policy,
  { told, env }: {
    told: ToldPolicy;
    /** Of the shell, when that is all there is to go by; null: the settings are the function's. */
    env: Env | null;
  },
): string | null {
  const here = Object.entries(policyDocument(policy));
  if (told !== null) {
    const differing = here.filter(([name, value]) => (told[name] ?? null) !== value)
      .map(([name, value]) => `${name} is ${said(value)} here and ${said(told[name])} there`);
    return differing.length === 0
      ? null
      : `it would decide otherwise than the function: ${
        differing.join("; ")
      }. Set it here as the ` +
        "function has it; was it changed there just now, ask the function for /health once, so " +
        "that it tells";
  }
  if (env === null) return null;
  const unset = here.map(([name]) => name).filter((name) => !isExplicit(name, env[name]));
  return unset.length === 0
    ? null
    : `the function has not told by which settings it decides (off Supabase it never does): set ` +
      `${unset.join(", ")} here as the function has ${unset.length === 1 ? "it" : "them"}` +
      (unset.includes("CRYPTLEX_PRODUCT_ID")
        ? "; an empty CRYPTLEX_PRODUCT_ID says that it has none"
        : "");
}

function isExplicit(name: string, value: string | undefined): boolean {
  return name === "CRYPTLEX_PRODUCT_ID" ? value !== undefined : Boolean(value?.trim());
}

function said(value: unknown): string {
  return value === null || value === undefined ? "not set" : String(value);
}
