import { HTTPException } from "hono/http-exception";
import type { Context } from "../context.ts";
import { refusedBy } from "../db.ts";
import { AppError, STATUS_OF, unauthenticated } from "../errors.ts";
import { BASE_HEADERS, UNCACHED } from "./security.ts";

const RETRY_AFTER_SECONDS = "5";
const DATABASE_DOWN =
  /D1 DB (is overloaded|storage operation exceeded|reset)|Cannot resolve D1 DB|Network connection lost|D1_ERROR: .*(too many requests|internal error)/i;

/** A request as far as it decides what is said of its failure. */
export interface Failed {
  readonly method: string;
  /** Whether it came with an idempotency key. */
  readonly keyed: boolean;
}

/** Whatever was thrown, as an error with a code. The unexpected becomes `INTERNAL_ERROR` and is logged with its cause. */
export function toAppError(error: unknown, ctx: Context, failed: Failed): AppError {
  if (error instanceof AppError) return error;
  // Their access token is good for some seconds more where nobody has heard yet.
  if (refusedBy(error, "user_deleted")) return unauthenticated();
  if (error instanceof HTTPException && error.status === 400) {
    return malformed(error);
  }
  if (error instanceof HTTPException && error.status === 415) return notJson(error);
  const { words, ...outcome } = outcomeOf(failed);
  if (isDatabaseDown(error)) {
    return new AppError("UNAVAILABLE", `The shop is busy.${words ?? " Please try again."}`, {
      headers: { "Retry-After": RETRY_AFTER_SECONDS },
      ...outcome,
      cause: error,
    });
  }
  ctx.log.raise("error");
  return new AppError(
    "INTERNAL_ERROR",
    `Something went wrong on our side. It has been recorded.${words ?? ""}`,
    { ...outcome, cause: error },
  );
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);
const UNKNOWN = { details: { outcome: "unknown" } };

/**
 * What a failure that is not the client's leaves behind, and what to do. The answer to a batch that was written can be
 * lost, and one of several batches can fail, so of a request that changes something it is never known.
 */
function outcomeOf({ method, keyed }: Failed): { words?: string; details?: object } {
  if (READING.has(method)) return {};
  const unknown = " Whether this was done is not known:";
  if (keyed || method !== "POST")
    return { ...UNKNOWN, words: `${unknown} send the same again, and nothing is done twice.` };
  return {
    ...UNKNOWN,
    words: `${unknown} look before you send it again. With an Idempotency-Key it could be sent again as it is.`,
  };
}

/** The body is not JSON, or not in UTF-8; `cause` is the framework's own word for it. */
export function malformed(cause?: unknown): AppError {
  return new AppError("MALFORMED_JSON", "The body is not valid JSON.", because(cause));
}

/** The body is compressed. What would be read is told in a header. https://www.rfc-editor.org/rfc/rfc9110#section-15.5.16 */
export function encoded(): AppError {
  return new AppError(
    "UNSUPPORTED_MEDIA_TYPE",
    "Send the body as it is: no Content-Encoding is understood here.",
    { headers: { "Accept-Encoding": "identity" } },
  );
}

/** The type of the body is not one that a route takes; `cause` is the framework's own word for it. */
export function notJson(cause?: unknown): AppError {
  return new AppError(
    "UNSUPPORTED_MEDIA_TYPE",
    "Send the body as Content-Type: application/json.",
    because(cause),
  );
}

const because = (cause: unknown) => (cause === undefined ? {} : { cause });

/** D1's own words for "not now". https://developers.cloudflare.com/d1/observability/debug-d1/ */
function isDatabaseDown(error: unknown): boolean {
  const text = error instanceof Error ? error.message : "";
  return DATABASE_DOWN.test(text);
}

/** The contract's error body with its status and headers. */
export function errorResponse(error: AppError, requestId: string): Response {
  const { fields, details, headers } = error.extras;
  const body = {
    error: {
      code: error.code,
      message: error.message,
      ...(fields === undefined ? {} : { fields }),
      ...(details === undefined ? {} : { details }),
      requestId,
    },
  };
  return Response.json(body, {
    status: STATUS_OF[error.code],
    headers: { "Cache-Control": UNCACHED, "X-Request-Id": requestId, ...BASE_HEADERS, ...headers },
  });
}

/** Puts the failure on the request's log line; only the server's own failures are more than information. */
export function logError(error: AppError, ctx: Context): void {
  ctx.log.set({ code: error.code });
  if (STATUS_OF[error.code] < 500) return;
  ctx.log.raise(error.code === "INTERNAL_ERROR" ? "error" : "warn");
  ctx.log.set({ error: error.extras.cause ?? error });
}
