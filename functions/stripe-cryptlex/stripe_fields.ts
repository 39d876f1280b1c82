// What fields of Stripe's payloads are made of. Everything around them may come and go.

import { z } from "zod";

/** Ids have up to 255 characters (docs.stripe.com/upgrades). */
export const id = (prefix = ""): z.ZodType<string> => z.string().max(255).startsWith(prefix);

/** An id, or the object itself where Stripe was asked to expand it. */
export const reference = (prefix?: string): z.ZodType<string> =>
  z.union([id(prefix), z.object({ id: id(prefix) })])
    .transform((value) => typeof value === "string" ? value : value.id);

/** Null: absent. */
export const optionalReference = (prefix?: string): z.ZodType<string | null> =>
  reference(prefix).nullish().transform((value) => value ?? null);

/** Null: absent or blank. */
export const text = z.string().nullish().transform((value) => value?.trim() || null);

/** Null: absent. */
export const metadata = z.record(z.string(), z.string()).nullish()
  .transform((value) => value ?? null);

/** To the end of the year 9999: what comes after no database or calendar takes. */
export const writableSeconds = z.number().min(0).max(253_402_300_799);
export const unixSeconds = writableSeconds.int();

/** Of a currency's smallest unit, or of a price's units. */
export const whole = z.int().min(0);

/** Null: absent. */
export const optional = <T extends z.ZodType>(field: T): z.ZodType<z.output<T> | null> =>
  field.nullish().transform((value): z.output<T> | null => value ?? null);
