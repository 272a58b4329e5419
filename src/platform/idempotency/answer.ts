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

/** Answers that may hold what is shown only once are encrypted; with which secret stands before them. */
export async function sealAnswer({ marks: [mark] }: KeyUse, body: unknown): Promise<string> {
  return `${secretOf(mark)}.${await encrypt(mark.answerSecret, JSON.stringify(body))}`;
}

/** Undefined for an answer that was sealed with a secret that the shop does not have any more. */
async function openAnswer({ marks }: KeyUse, body: string): Promise<string | undefined> {
  if (body.startsWith("{")) return body; // it says what the tables say
  const mark = marks.find((one) => body.startsWith(`${secretOf(one)}.`));
  return mark && decrypt(mark.answerSecret, body.slice(secretOf(mark).length + 1));
}

/**
 * The first answer again; throws for a key that was sent with something else or is still at work. It says nothing that
 * the same caller has not been told for the same request, and tokens in it are as good, or as over, as they are by now.
 */
export async function replay<T>(use: KeyUse, row: IdempotencyRow): Promise<{ data: T }> {
  assertSameRequest(use, row);
  if (row.status === null || row.body === null) throw inUse();
  if (row.body === NO_BODY) return { data: undefined as T }; // a route that answers without a body, by the request hash
  const text = await openAnswer(use, row.body);
  if (text === undefined) throw reused(FORGOTTEN);
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

const ANOTHER =
  "This Idempotency-Key was already sent with another request. Use a new key for a new request.";
const FORGOTTEN =
  "This Idempotency-Key was used before the shop changed its secret, so what it was answered cannot be read any more. See what was done before you send anything again.";

/** Throws `IDEMPOTENCY_KEY_REUSED` where the row is of another request. */
export function assertSameRequest({ marks }: KeyUse, row: IdempotencyRow): void {
  if (marks.some(({ requestHash }) => requestHash === row.requestHash)) return;
  const known = marks.some((mark) => secretOf(mark) === secretOf(row));
  throw reused(known ? ANOTHER : FORGOTTEN);
}

function reused(message: string): AppError {
  return new AppError("IDEMPOTENCY_KEY_REUSED", message);
}

/** The id of the secret that a request's hash was made with. */
function secretOf({ requestHash }: Pick<Mark, "requestHash">): string {
  return requestHash.slice(0, requestHash.indexOf("."));
}

export function inUse(): AppError {
  return new AppError(
    "IDEMPOTENCY_KEY_IN_USE",
    "The first request with this Idempotency-Key is still running. Ask again in a moment.",
    { headers: { "Retry-After": "1" } },
  );
}
