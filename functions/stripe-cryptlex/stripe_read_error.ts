// What can come of reading from Stripe other than an object.

/** Stripe could not be read now. */
export class StripeReadError extends Error {
  override readonly name = "StripeReadError";
  readonly retryable = true;

  constructor(
    call: string,
    /** Of its answer; null: there was none, or none that can be read. */
    readonly status: number | null,
    why: string,
    options?: ErrorOptions,
  ) {
    super(
      status === null
        ? `Cannot read Stripe's answer to ${call}: ${why}`
        : `Stripe refused ${call} with ${why}`,
      options,
    );
  }
}
