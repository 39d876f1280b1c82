// Lets the compiler check our payloads against Stripe's own types. Types only.
import type Stripe from "stripe";

/**
 * Any part of a Stripe object as JSON carries it: every field may be left out, none may be
 * invented, and a Decimal is a string there.
 */
export type Wire<T> = T extends Stripe.Decimal ? string
  : T extends Array<infer Element> ? Wire<Element>[]
  : T extends object ? { [Key in keyof T]?: Wire<T[Key]> }
  : T;
