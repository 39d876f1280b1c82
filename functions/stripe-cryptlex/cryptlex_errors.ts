// What can come of a call to Cryptlex other than success, split by what we then know.

/** The call an error is about; `path` is without ids, so that equal failures read equal. */
export type Call = { readonly method: string; readonly path: string };

/** Cryptlex answered "no": nothing was done. */
export class CryptlexAnsweredError extends Error {
  override readonly name = "CryptlexAnsweredError";
  readonly retryable: boolean;

  constructor(
    readonly call: Call,
    readonly answer: {
      readonly status: number;
      /** Cryptlex's `code`, such as DUPLICATE_FIELD_VALUE. */
      readonly code: string | null;
      /** Cryptlex's own words. */
      readonly message: string;
      /** Its `Retry-After`, seconds. */
      readonly retryAfterSeconds: number | null;
    },
  ) {
    super(`Cryptlex refused ${call.method} ${call.path} with ${explain(answer)}`);
    this.retryable = [401, 403, 429].includes(answer.status);
  }

  get status(): number {
    return this.answer.status;
  }
}

/** No answer, or none that can be read: whether it was done is not known. */
export class CryptlexUnansweredError extends Error {
  override readonly name = "CryptlexUnansweredError";
  readonly retryable = true;

  constructor(readonly call: Call, why: string, options?: ErrorOptions) {
    super(`Cryptlex did not answer ${call.method} ${call.path}: ${why}`, options);
  }
}

function explain(answer: { status: number; code: string | null; message: string }): string {
  const code = answer.code === null ? "" : ` ${answer.code}`;
  const said = `${answer.status}${code}: ${answer.message}`;
  switch (answer.status) {
    case 401:
      return `${said} (is CRYPTLEX_ACCESS_TOKEN right, and not expired?)`;
    case 403:
      return `${said} (does the access token have license and user, read and write?)`;
    default:
      return said;
  }
}
