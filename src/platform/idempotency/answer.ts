import { decrypt, encrypt } from "../crypto.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { KeyUse, Mark } from "./key-use.ts";
import type { IdempotencyRow } from "./store.ts";

/** An error answered before, answered again with the request id it had. */
export class ReplayedError extends AppError {
  readonly requestId: string;

  constructor(code: ErrorCode, message: string, extras: AppError["extras"], requestId: string) {
    super(code, message, extras);
    this.requestId = requestId;
  }
}

interface StoredError {
  readonly error: {
    code: ErrorCode;
    message: string;
    fields?: Record<string, string>;
    details?: unknown;
    requestId: string;
  };
}

/** What is stored of an answer without a body. */
export const NO_BODY = "";

/** Stored answers are encrypted, because some hold what is shown only once. */
export async function sealAnswer({ marks: [mark] }: KeyUse, body: unknown): Promise<string> {
  return encrypt(mark.answerSecret, JSON.stringify(body));
}

/**
 * The first answer again; throws for a key that was sent with something else or is still at work. It says nothing that
 * the same caller has not been told for the same request, and tokens in it are as good, or as over, as they are by now.
 */
export async function replay<T>(use: KeyUse, row: IdempotencyRow): Promise<{ data: T }> {
  const { answerSecret } = assertSameRequest(use, row);
  if (row.status === null || row.body === null) throw inUse();
  if (row.body === NO_BODY) return { data: undefined as T }; // a route that answers without a body, by the request hash
  const text = row.body.startsWith("{") ? row.body : await decrypt(answerSecret, row.body);
  if (row.status < 400) return JSON.parse(text) as { data: T }; // what this route answered, by the request hash
  throw replayedError(text, row.headers);
}

function replayedError(text: string, headers: string | null): ReplayedError {
  const { error } = JSON.parse(text) as StoredError; // written by `storedError` below
  const { code, message, requestId, ...extras } = error;
  if (headers === null) return new ReplayedError(code, message, extras, requestId);
  const said = JSON.parse(headers) as Record<string, string>; // written by `refuse` in perform.ts
  return new ReplayedError(code, message, { ...extras, headers: said }, requestId);
}

export function storedError(error: AppError, requestId: string): StoredError {
  const { fields, details } = error.extras;
  return {
    error: {
      code: error.code,
      message: error.message,
      ...(fields === undefined ? {} : { fields }),
      ...(details === undefined ? {} : { details }),
      requestId,
    },
  };
}

/** The mark by which a use is the one that the row is of. Throws `IDEMPOTENCY_KEY_REUSED` where it is another. */
export function assertSameRequest({ marks }: KeyUse, { requestHash }: IdempotencyRow): Mark {
  const same = marks.find((mark) => mark.requestHash === requestHash);
  if (same !== undefined) return same;
  const known = marks.some((mark) => secretOf(mark.requestHash) === secretOf(requestHash));
  throw new AppError(
    "IDEMPOTENCY_KEY_REUSED",
    known
      ? "This Idempotency-Key was already sent with another request. Use a new key for a new request."
      : "This Idempotency-Key was used before the shop changed its secret, so what it was answered cannot be read any more. See what was done before you send anything again.",
  );
}

/** The id of the secret that a request's hash was made with. */
function secretOf(requestHash: string): string | undefined {
  return requestHash.split(".", 1)[0];
}

export function inUse(): AppError {
  return new AppError(
    "IDEMPOTENCY_KEY_IN_USE",
    "The first request with this Idempotency-Key is still running. Ask again in a moment.",
    { headers: { "Retry-After": "1" } },
  );
}
