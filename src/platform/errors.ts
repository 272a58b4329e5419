/** Every code that a client can meet, with its HTTP status: the one map between the two. */
export const STATUS_OF = {
  MALFORMED_JSON: 400,
  IDEMPOTENCY_KEY_REQUIRED: 400,
  INVALID_SIGNATURE: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  CSRF_REJECTED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  CONFLICT: 409,
  INSUFFICIENT_STOCK: 409,
  NOT_ON_SALE: 409,
  INVALID_TRANSITION: 409,
  EMAIL_TAKEN: 409,
  IDEMPOTENCY_KEY_IN_USE: 409,
  RESERVATION_EXPIRED: 410,
  PRECONDITION_FAILED: 412,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  VALIDATION_FAILED: 422,
  BUSINESS_RULE_VIOLATION: 422,
  IDEMPOTENCY_KEY_REUSED: 422,
  RATE_LIMITED: 429,
  INTERNAL_ERROR: 500,
  UPSTREAM_FAILED: 502,
  UNAVAILABLE: 503,
} as const;

export type ErrorCode = keyof typeof STATUS_OF;

export interface ErrorExtras {
  /** JSON path (`items[0].quantity`) to one sentence. */
  readonly fields?: Readonly<Record<string, string>>;
  readonly details?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only; a client never sees it. */
  readonly cause?: unknown;
}

/** A failure that the caller can act on. `message` is a sentence for a person, `code` is for a program. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly extras: ErrorExtras;

  constructor(code: ErrorCode, message: string, extras: ErrorExtras = {}) {
    // Nobody reads where a refusal was thrown, and to find that out takes longer than the rest of it.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message, extras.cause === undefined ? undefined : { cause: extras.cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = "AppError";
    this.code = code;
    this.extras = extras;
  }
}

export function notFound(what: string): AppError {
  return new AppError("NOT_FOUND", `There is no such ${what}.`);
}

/** `fields` maps each JSON path (`items[0].quantity`) to one sentence. */
export function invalidFields(fields: Readonly<Record<string, string>>): AppError {
  return new AppError("VALIDATION_FAILED", "Some fields are not right.", { fields });
}

export function invalidField(path: string, sentence: string): AppError {
  return invalidFields({ [path]: sentence });
}

/** The caller has not said who they are, or with something that is not, or no longer, good. */
export function unauthenticated(
  message = "This call needs valid credentials: Authorization: Bearer <access token or API key>.",
): AppError {
  return new AppError("UNAUTHENTICATED", message, {
    headers: { "WWW-Authenticate": 'Bearer realm="holdfast"' },
  });
}
