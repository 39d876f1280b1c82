// Stripe's `expand`: puts the object where its id stands (docs.stripe.com/expand). Pure.
import { invalidRequest, StripeRefusal } from "./stripe_errors.ts";

const MAX_DEPTH = 4;

/** Finds an object by its id; null when there is none to be had. */
export type FindObject = (id: string) => unknown;

/**
 * The answer with the fields at these dotted paths expanded. Refuses a path to nothing, as Stripe
 * does, and one deeper than four levels.
 */
export function expand<Answer>(answer: Answer, paths: string[], find: FindObject): Answer {
  return paths.reduce<Answer>((value, path) => {
    const names = path.split(".");
    if (names.length > MAX_DEPTH) {
      throw new StripeRefusal(invalidRequest(
        `You cannot expand more than ${MAX_DEPTH} levels of a property. Property: ${path}`,
      ));
    }
    return expandOne(value, { names, path, find }) as Answer;
  }, answer);
}

function expandOne(
  value: unknown,
  { names, path, find }: { names: string[]; path: string; find: FindObject },
): unknown {
  const [name, ...rest] = names;
  if (typeof value === "string") value = find(value) ?? value;
  if (name === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => expandOne(one, { names, path, find }));
  if (typeof value !== "object" || !(name in value)) {
    throw new StripeRefusal(invalidRequest(`This property cannot be expanded (${path}).`));
  }
  const inner = (value as Record<string, unknown>)[name];
  return { ...value, [name]: expandOne(inner, { names: rest, path, find }) };
}
