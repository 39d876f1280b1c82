// The settings a decision rests on, in words. Pure.

import { type Policy, policyDocument } from "../../functions/stripe-cryptlex/policy.ts";

/** Each by its name, so that a difference from the function's own shows. */
export function policyWords(policy: Policy): string {
  return Object.entries(policyDocument(policy))
    .map(([name, value]) => `${name} ${value ?? "not set"}`).join(", ");
}
