import type { Context } from "../context.ts";
import { refusedBy, type Statement } from "../db.ts";
import { AppError, STATUS_OF } from "../errors.ts";
import { NO_BODY, replay, sealAnswer, storedError } from "./answer.ts";
import type { KeyUse } from "./key-use.ts";
import {
  answerText,
  type Claim,
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
  /** The answer's `data`: known beforehand, or JSON text that the database makes after the statements. Undefined where the answer has no body. */
  readonly result: T | JsonText;
  /** Turns the database's word that refuses the statements into an error for the client; undefined when it is not one. Without it, none is expected. */
  readonly explain?: (error: unknown) => AppError | undefined | Promise<AppError | undefined>;
  /** True for an answer that says nothing that is not in the tables as well: it is kept as it is, and not sealed. */
  readonly open?: true;
  /** The answer's status where it is not 201. */
  readonly status?: number;
  /** What follows once the statements are on disk, such as waking the queue. A replay does without. */
  readonly after?: () => void;
}

/** What is done when the answer is an error all the same. */
export interface Refusal {
  readonly refusal: AppError;
  readonly statements: readonly Statement[];
  readonly after?: () => void;
}

/** What a use case makes. An error of the client's that it throws is an answer too, so it is the key's. */
export type Make<T> = () => Effect<T> | Refusal | Promise<Effect<T> | Refusal>;

export interface Performed<T> {
  readonly body: { readonly data: T };
  readonly replayed: boolean;
}

/** Does an effect that came without a key, and answers its result. */
export async function perform<T>(ctx: Context, effect: Effect<T> | Refusal): Promise<T> {
  return (await performOnce<T>(ctx, undefined, () => effect)).body.data;
}

/**
 * Does what `make` makes once for its idempotency key: the key, the effect and the answer are one batch. A second use
 * gets the first answer. Where the request came without a key it is simply done. `status` is the answer's.
 */
export async function performOnce<T>(
  ctx: Context,
  use: KeyUse | undefined,
  make: Make<T>,
  status?: number,
): Promise<Performed<T>> {
  const effect = await madeOrRefused(make);
  if ("refusal" in effect) return (await doneBefore(ctx, use, effect)) ?? refuse(ctx, use, effect);
  let body: { data: T };
  try {
    body = await inOneBatch(ctx, use, status === undefined ? effect : { ...effect, status });
  } catch (error) {
    if (use !== undefined && refusedBy(error, KEY_TAKEN)) return replayStored(ctx, use);
    const refusal = error instanceof AppError ? error : await effect.explain?.(error);
    if (refusal === undefined) throw error;
    return refuse(ctx, use, { refusal, statements: [] });
  }
  effect.after?.();
  return { body, replayed: false };
}

/** What was answered before is answered again, also while the server is to blame that it cannot be made anew. */
async function doneBefore<T>(
  ctx: Context,
  use: KeyUse | undefined,
  { refusal }: Refusal,
): Promise<Performed<T> | undefined> {
  if (use === undefined || STATUS_OF[refusal.code] < 500) return undefined;
  return findStored(ctx, use);
}

async function madeOrRefused<T>(make: Make<T>): Promise<Effect<T> | Refusal> {
  try {
    return await make();
  } catch (error) {
    if (error instanceof AppError) return { refusal: error, statements: [] };
    throw error;
  }
}

async function inOneBatch<T>(
  ctx: Context,
  use: KeyUse | undefined,
  effect: Effect<T>,
): Promise<{ data: T }> {
  const { statements, result, status = CREATED } = effect;
  if (!isSql(result)) {
    const body = { data: result };
    const kept = use && (effect.open === true ? JSON.stringify(body) : await sealData(use, body));
    const answer = kept === undefined ? {} : { status, body: kept };
    await runAll(ctx, [...keyOf(ctx, use, answer), ...statements]);
    return body;
  }
  const text = answerText(result);
  const answer = use === undefined ? [] : [storeAnswer(use, status, text)];
  const all = [...keyOf(ctx, use), ...statements, ...answer, selectAnswer(text)];
  return bodyOf<T>((await ctx.db.batch(all)).at(-1));
}

function isSql<T>(result: T | JsonText): result is JsonText {
  return typeof result === "object" && result !== null && "queryChunks" in result;
}

function bodyOf<T>(result: unknown): { data: T } {
  const [row] = result as { body: string }[]; // the SELECT above, always one row
  if (row === undefined) throw new Error("The database gave no answer.");
  return JSON.parse(row.body) as { data: T }; // `effect.result`, which the use case typed
}

async function sealData(use: KeyUse, body: { readonly data: unknown }): Promise<string> {
  return body.data === undefined ? NO_BODY : sealAnswer(use, body);
}

/** Answers with an error. One that the client is to blame for is the key's answer from now on; the server's own is not. */
export async function refuse<T>(
  ctx: Context,
  use: KeyUse | undefined,
  { refusal, statements, after }: Refusal,
): Promise<Performed<T>> {
  const key = isFinal(refusal) ? keyOf(ctx, use, await sealRefusal(ctx, use, refusal)) : [];
  try {
    await runAll(ctx, [...key, ...statements]);
  } catch (error) {
    if (use !== undefined && refusedBy(error, KEY_TAKEN)) return replayStored(ctx, use);
    throw error;
  }
  after?.();
  throw refusal;
}

/** Whether the same request will always be refused: not when the server is to blame, nor when it only came too soon. */
function isFinal({ code }: AppError): boolean {
  return STATUS_OF[code] < 500 && code !== "RATE_LIMITED";
}

async function sealRefusal(ctx: Context, use: KeyUse | undefined, refusal: AppError) {
  if (use === undefined) return undefined;
  const { headers } = refusal.extras;
  return {
    status: STATUS_OF[refusal.code],
    body: await sealAnswer(use, storedError(refusal, ctx.requestId)),
    headers: headers === undefined ? null : JSON.stringify(headers),
  };
}

async function runAll(ctx: Context, statements: readonly Statement[]): Promise<void> {
  if (statements.length > 0) await ctx.db.batch(statements);
}

async function replayStored<T>(ctx: Context, use: KeyUse): Promise<Performed<T>> {
  const stored = await findStored<T>(ctx, use);
  if (stored === undefined)
    throw new AppError("UNAVAILABLE", "Please try again.", { headers: { "Retry-After": "1" } });
  return stored;
}

/** The key's answer; undefined where it has none. */
async function findStored<T>(ctx: Context, use: KeyUse): Promise<Performed<T> | undefined> {
  const [row] = await ctx.db.run(findKey(use, ctx.now()));
  return row && { body: await replay<T>(use, row), replayed: true };
}

/** The statement that claims the key: the batch's first, so that a second use is refused before anything else is. */
function keyOf(ctx: Context, use: KeyUse | undefined, answer: Claim = {}): Statement[] {
  return use === undefined ? [] : [insertKey(use, ctx.now(), answer)];
}
