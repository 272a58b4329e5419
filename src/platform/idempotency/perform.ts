import type { Context } from "../context.ts";
import { refusedBy, type Statement } from "../db.ts";
import { AppError, STATUS_OF } from "../errors.ts";
import { KEY_LIFE_MS, type KeyUse, replay, sealAnswer, storedError } from "./request.ts";
import {
  answerText,
  findKey,
  insertKey,
  type JsonText,
  KEY_TAKEN,
  selectAnswer,
  storeAnswer,
} from "./store.ts";

const CREATED = 201;

/** What a use case that only touches the database wants done, and what it will answer. */
export interface Effect<T> {
  readonly statements: readonly Statement[];
  /** The answer's `data`: known beforehand, or JSON text that the database makes after the statements. */
  readonly result: T | JsonText;
  /** Turns the database's refusal into an error for the client; undefined when it is not one. */
  readonly refused: (error: unknown) => AppError | undefined | Promise<AppError | undefined>;
}

export interface Performed<T> {
  readonly body: { readonly data: T };
  readonly replayed: boolean;
}

/**
 * Does the effect once for its idempotency key: the key, the effect and the answer are one batch. A second use gets the
 * first answer. Without a key it is simply done.
 */
export async function perform<T>(
  ctx: Context,
  use: KeyUse | undefined,
  effect: Effect<T>,
): Promise<Performed<T>> {
  try {
    return { body: await inOneBatch(ctx, use, effect), replayed: false };
  } catch (error) {
    if (use !== undefined && refusedBy(error, KEY_TAKEN)) return again(ctx, use);
    const refusal = error instanceof AppError ? error : await effect.refused(error);
    if (refusal === undefined) throw error;
    return use === undefined ? Promise.reject(refusal) : refuse(ctx, use, refusal);
  }
}

async function inOneBatch<T>(
  ctx: Context,
  use: KeyUse | undefined,
  effect: Effect<T>,
): Promise<{ data: T }> {
  if (!isSql(effect.result)) {
    const body = { data: effect.result };
    const key =
      use === undefined ? [] : [answeredKey(ctx, use, CREATED, await sealAnswer(ctx, body))];
    await ctx.db.batch([...key, ...effect.statements]);
    return body;
  }
  const text = answerText(effect.result);
  const claim = use === undefined ? [] : [openKey(ctx, use)];
  const answer = use === undefined ? [] : [storeAnswer(use, CREATED, text)];
  const select = selectAnswer(text);
  const results = await ctx.db.batch([...claim, ...effect.statements, ...answer, select]);
  return bodyOf<T>(results.at(-1));
}

function isSql<T>(result: T | JsonText): result is JsonText {
  return typeof result === "object" && result !== null && "queryChunks" in result;
}

function bodyOf<T>(result: unknown): { data: T } {
  const [row] = result as { body: string }[]; // the SELECT above, always one row
  if (row === undefined) throw new Error("The database gave no answer.");
  return JSON.parse(row.body) as { data: T }; // `effect.result`, which the use case typed
}

/** An error that the client is to blame for is the key's answer from now on; the server's own is not. */
export async function refuse<T>(
  ctx: Context,
  use: KeyUse,
  refusal: AppError,
): Promise<Performed<T>> {
  const status = STATUS_OF[refusal.code];
  if (status >= 500) throw refusal;
  const body = await sealAnswer(ctx, storedError(refusal, ctx.requestId));
  try {
    await ctx.db.run(answeredKey(ctx, use, status, body));
  } catch (error) {
    if (refusedBy(error, KEY_TAKEN)) return again(ctx, use);
    throw error;
  }
  throw refusal;
}

async function again<T>(ctx: Context, use: KeyUse): Promise<Performed<T>> {
  const [row] = await ctx.db.run(findKey(use));
  if (row === undefined)
    throw new AppError("UNAVAILABLE", "Please try again.", { headers: { "Retry-After": "1" } });
  return { body: await replay<T>(ctx, use, row), replayed: true };
}

function openKey(ctx: Context, use: KeyUse) {
  const now = ctx.now();
  return insertKey({ ...use, createdAt: now, expiresAt: now + KEY_LIFE_MS });
}

function answeredKey(ctx: Context, use: KeyUse, status: number, body: string) {
  const now = ctx.now();
  return insertKey({ ...use, status, body, createdAt: now, expiresAt: now + KEY_LIFE_MS });
}
