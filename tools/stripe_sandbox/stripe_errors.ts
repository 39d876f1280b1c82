// The errors Stripe's API answers with (docs.stripe.com/api/errors).

/** An answer of the API, before it is sent. */
export type StripeAnswer = {
  status: number;
  body: Record<string, unknown>;
  headers?: Record<string, string>;
};

/** A request refused with a 4xx answer. */
export class StripeRefusal extends Error {
  constructor(readonly answer: StripeAnswer) {
    super(`Stripe's API refuses with ${answer.status}`);
  }
}

export function invalidRequest(message: string, more: Record<string, string> = {}): StripeAnswer {
  return errorAnswer(400, { message, type: "invalid_request_error", ...more });
}

/** 404: that object is not there. */
export function resourceMissing(what: string, id: string): StripeAnswer {
  return errorAnswer(404, {
    code: "resource_missing",
    doc_url: "https://stripe.com/docs/error-codes/resource-missing",
    message: `No such ${what}: '${id}'`,
    param: "id",
    type: "invalid_request_error",
  });
}

/** 404: there is no such address. */
export function unrecognizedUrl(method: string, path: string): StripeAnswer {
  const message = `Unrecognized request URL (${method}: ${path}).`;
  return errorAnswer(404, { message, type: "invalid_request_error" });
}

/** What Stripe says with that status when it is the key, the rate or itself. */
export function failureAnswer(status: number, options: { retryAfter?: number } = {}): StripeAnswer {
  switch (status) {
    case 401:
      return errorAnswer(401, {
        message: "Invalid API Key provided: rk_test_********",
        type: "invalid_request_error",
      });
    case 403:
      return errorAnswer(403, {
        code: "more_permissions_required",
        message: "The provided key does not have the required permissions for this endpoint.",
        type: "invalid_request_error",
      });
    case 429: {
      const fields = {
        code: "rate_limit",
        message: "Request rate limit exceeded.",
        type: "invalid_request_error",
      };
      const headers = { "Retry-After": String(options.retryAfter ?? 1) };
      return { ...errorAnswer(429, fields), headers };
    }
    default:
      return errorAnswer(status, {
        message: "An unknown error occurred",
        type: "api_error",
      });
  }
}

function errorAnswer(status: number, error: Record<string, string>): StripeAnswer {
  return { status, body: { error } };
}
