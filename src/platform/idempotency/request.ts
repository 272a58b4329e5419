import { HOUR_MS } from "../clock.ts";
import type { Context } from "../context.ts";
import { decrypt, encrypt, sign } from "../crypto.ts";
import { AppError, type ErrorCode } from "../errors.ts";
import type { IdempotencyRow } from "./store.ts";

/** How long a key is remembered. */
export const KEY_LIFE_MS = 24 * HOUR_MS;
const MAX_KEY_CHARS = 255;

/** One use of a key: whose it is, and what it was sent with. */
export interface KeyUse {
  readonly caller: string;
  readonly key: string;
  readonly requestHash: string;
}

/**
 * Reads `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header). Keys are per caller; guests are told
 * apart by their address. `input` is the validated request, so that the order of its fields does not matter.
 */
export async function readKey(
  ctx: Context,
  request: { readonly header: string | undefined; readonly route: string; readonly input: unknown },
): Promise<KeyUse | undefined> {
  if (request.header === undefined) return undefined;
  const key = request.header.trim().replace(/^"(.*)"$/, "$1");
  if (key === "" || key.length > MAX_KEY_CHARS) {
    throw new AppError("VALIDATION_FAILED", "Some fields are not right.", {
      fields: { "Idempotency-Key": `Must have 1 to ${MAX_KEY_CHARS} characters.` },
    });
  }
  const { kind, label, address } = ctx.actor;
  const { tokenSecret } = ctx.config;
  // With the secret, because requests hold passwords and addresses, which a plain hash can be guessed back to.
  const [caller, requestHash] = await Promise.all([
    kind === "guest" ? sign(tokenSecret, "idempotency-guest", address) : label,
    sign(tokenSecret, "idempotency", `${request.route}\n${JSON.stringify(request.input)}`),
  ]);
  return { caller, key, requestHash };
}

export function keyRequired(): AppError {
  return new AppError(
    "IDEMPOTENCY_KEY_REQUIRED",
    "Send an Idempotency-Key header, such as a new UUID for each thing you want done, so that a retry cannot do it twice.",
  );
}

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
export async function sealAnswer(ctx: Context, body: unknown): Promise<string> {
  return encrypt(ctx.config.tokenSecret, JSON.stringify(body));
}

/**
 * The first answer again; throws for a key that was sent with something else or is still at work. It says nothing that
 * the same caller has not been told for the same request, and tokens in it are as good, or as over, as they are by now.
 */
export async function replay<T>(
  ctx: Context,
  use: KeyUse,
  row: IdempotencyRow,
): Promise<{ data: T }> {
  assertSameRequest(use, row);
  if (row.status === null || row.body === null) throw inUse();
  if (row.body === NO_BODY) return { data: undefined as T }; // a route that answers without a body, by the request hash
  const text = row.body.startsWith("{")
    ? row.body
    : await decrypt(ctx.config.tokenSecret, row.body);
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

export function assertSameRequest(use: KeyUse, row: IdempotencyRow): void {
  if (row.requestHash === use.requestHash) return;
  throw new AppError(
    "IDEMPOTENCY_KEY_REUSED",
    "This Idempotency-Key was already sent with another request. Use a new key for a new request.",
  );
}

export function inUse(): AppError {
  return new AppError(
    "IDEMPOTENCY_KEY_IN_USE",
    "The first request with this Idempotency-Key is still running. Ask again in a moment.",
    { headers: { "Retry-After": "1" } },
  );
}
