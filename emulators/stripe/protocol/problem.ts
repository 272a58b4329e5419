/** An error body of the API, without the request it answers. */
export interface ProblemDetails {
  type: "invalid_request_error" | "api_error" | "idempotency_error" | "card_error";
  message: string;
  code?: string;
  param?: string;
}

/** Thrown anywhere below the API; rendered as Stripe's `{ error: … }` by the transport. */
export class Problem extends Error {
  readonly status: number;
  readonly details: ProblemDetails;
  readonly headers: Record<string, string>;

  constructor(status: number, details: ProblemDetails, headers: Record<string, string> = {}) {
    super(details.message);
    this.status = status;
    this.details = details;
    this.headers = headers;
  }
}

/** A 400 about the request itself; `code` and `param` as Stripe names them. */
export function invalid(message: string, param?: string, code?: string): Problem {
  return new Problem(400, {
    type: "invalid_request_error",
    message,
    ...(param === undefined ? {} : { param }),
    ...(code === undefined ? {} : { code }),
  });
}

/** The 404 for an id that this account does not have. */
export function noSuch(kind: string, id: string, param: string): Problem {
  const shown = kind === "checkout.session" ? id : `'${id}'`;
  return new Problem(404, {
    type: "invalid_request_error",
    code: "resource_missing",
    message: `No such ${kind}: ${shown}`,
    param,
  });
}

/** Renders the body; `request_log_url` points where the real dashboard would show the request. */
export function problemBody(problem: Problem, requestId: string): string {
  const { code } = problem.details;
  const error = {
    ...problem.details,
    ...(code === undefined
      ? {}
      : { doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}` }),
    request_log_url: `https://dashboard.stripe.com/test/logs/${requestId}`,
  };
  return JSON.stringify({ error }, null, 2);
}
