import { SECOND_MS } from "../../platform/clock.ts";
import type { Context } from "../../platform/context.ts";
import { refusedBy } from "../../platform/db.ts";
import { AppError, notFound, STATUS_OF } from "../../platform/errors.ts";
import { assertSameRequest, inUse, replay, sealAnswer } from "../../platform/idempotency/answer.ts";
import { type KeyUse, keyOfPart } from "../../platform/idempotency/key-use.ts";
import { letNextTryIn } from "../../platform/idempotency/let-next-try-in.ts";
import { type Performed, performOnce } from "../../platform/idempotency/perform.ts";
import {
  findKey,
  insertKey,
  KEY_TAKEN,
  storeAnswer,
  takeOverKey,
} from "../../platform/idempotency/store.ts";
import { changeOrder } from "../change-order.ts";
import { findOrders, type StoredOrder } from "../store.ts";
import { sendParcel } from "./fulfill-order.ts";
import type { FulfilledLine, NewFulfillments } from "./new-fulfillments.ts";

const OK = 200;
/** How long a try may take before another with the same key takes over: longer than a hundred lines do. */
const TRY_MS = 60 * SECOND_MS;
/** Lines that are written side by side. */
const AT_ONCE = 5;

type Line = NewFulfillments["orders"][number];

/**
 * Writes down a parcel of each of many orders, whatever becomes of the others:
 *
 *     1. the key as started, and the orders        one batch
 *     2. each line's own key and its parcel        a batch a line
 *     3. the key's answer                          one batch
 *
 * Dead in 2: the next try of the key goes through all lines, and what was sent is answered again. A line whose order is
 * not there, or cannot be sent, says so in its place. Throws what `replay` throws.
 */
export async function fulfillOrders(
  ctx: Context,
  use: KeyUse,
  { orders: lines }: NewFulfillments,
): Promise<Performed<FulfilledLine[]>> {
  const begun = await begin(ctx, use, lines);
  if ("body" in begun) return begun;
  try {
    const body = { data: await sendAll(ctx, use, { lines, orders: begun.orders }) };
    await ctx.db.run(storeAnswer(use, OK, await sealAnswer(use, body)));
    return { body, replayed: false };
  } catch (error) {
    await letNextTryIn(ctx, use);
    throw error;
  }
}

type Begun = { readonly orders: readonly StoredOrder[] };

/** The orders to go through, or what an earlier try of this key has come to. */
async function begin(
  ctx: Context,
  use: KeyUse,
  lines: readonly Line[],
): Promise<Begun | Performed<FulfilledLine[]>> {
  const now = ctx.now();
  try {
    const [, orders] = await ctx.db.batch([
      insertKey(use, now, { lockedUntil: now + TRY_MS }),
      findOrders(lines.map(({ id }) => id)),
    ]);
    return { orders };
  } catch (error) {
    if (refusedBy(error, KEY_TAKEN)) return goOn(ctx, use, lines);
    await letNextTryIn(ctx, use);
    throw error;
  }
}

/** What a used key stands for: its answer, or what is left to do of it. Throws while another try is at work. */
async function goOn(
  ctx: Context,
  use: KeyUse,
  lines: readonly Line[],
): Promise<Begun | Performed<FulfilledLine[]>> {
  const now = ctx.now();
  const [row] = await ctx.db.run(findKey(use, now));
  if (row === undefined) throw inUse();
  assertSameRequest(use, row);
  if (row.status !== null) return { body: await replay(use, row), replayed: true };
  const [[taken], orders] = await ctx.db.batch([
    takeOverKey(use, now, now + TRY_MS),
    findOrders(lines.map(({ id }) => id)),
  ]);
  if (taken === undefined) throw inUse();
  return { orders };
}

interface Lines {
  readonly lines: readonly Line[];
  readonly orders: readonly StoredOrder[];
}

/** What became of each line, in the order that they were sent in. What fails on one keeps no other from being done. */
async function sendAll(
  ctx: Context,
  use: KeyUse,
  { lines, orders }: Lines,
): Promise<FulfilledLine[]> {
  const known = new Map(orders.map((order) => [order.id, order]));
  const done: PromiseSettledResult<FulfilledLine>[] = [];
  for (let from = 0; from < lines.length; from += AT_ONCE) {
    const some = lines.slice(from, from + AT_ONCE).map((line, i) => {
      const at = { key: keyOfPart(use, line.id), path: `orders[${from + i}]` };
      return sendLine(ctx, known.get(line.id), { ...at, line });
    });
    done.push(...(await Promise.allSettled(some)));
  }
  return done.map((one) => {
    if (one.status === "rejected") throw one.reason;
    return one.value;
  });
}

interface OfLine {
  readonly line: Line;
  readonly key: KeyUse;
  /** Where it stands in the request. */
  readonly path: string;
}

async function sendLine(
  ctx: Context,
  found: StoredOrder | undefined,
  { line: { id, ...input }, key, path }: OfLine,
): Promise<FulfilledLine> {
  try {
    if (found === undefined) throw notFound("order");
    const { body } = await changeOrder(ctx, found, (order) =>
      performOnce(ctx, key, () => sendParcel(ctx, order, input)),
    );
    return { id, ...body.data };
  } catch (error) {
    if (!(error instanceof AppError) || STATUS_OF[error.code] >= 500) throw error;
    const { code, message, extras } = error;
    return { id, error: { code, message, ...inItsPlace(path, extras.fields) } };
  }
}

/** The fields of a line, as they are found in the request. */
function inItsPlace(path: string, fields: AppError["extras"]["fields"]) {
  if (fields === undefined) return {};
  const named = Object.entries(fields).map(([name, said]) => [`${path}.${name}`, said]);
  return { fields: Object.fromEntries(named) as Record<string, string> };
}
