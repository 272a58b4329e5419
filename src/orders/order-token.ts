import * as z from "zod";
import { isStaff } from "../platform/access.ts";
import type { Context } from "../platform/context.ts";
import { sign } from "../platform/crypto.ts";
import { AppError, notFound, unauthenticated } from "../platform/errors.ts";
import { isOwnToken } from "../platform/own-token.ts";
import type { StoredOrder } from "./store.ts";

const PREFIX = "ot_";

/** The header in which a guest shows it. */
export const orderTokenHeader = {
  "x-order-token": z
    .string()
    .optional()
    .meta({ description: "The `orderToken` of a guest's checkout." }),
};

const makeToken = (orderId: string) => async (secret: string) =>
  PREFIX + (await sign(secret, "order", orderId));

/** What lets a guest read one order. Made from the order's id, so that it is stored nowhere. */
export function orderTokenOf(ctx: Context, orderId: string): Promise<string> {
  return makeToken(orderId)(ctx.config.tokenSecret);
}

/** Whether this is the order's token. */
export async function isTokenOf(
  ctx: Context,
  orderId: string,
  token: string | undefined,
): Promise<boolean> {
  return token !== undefined && (await isOwnToken(ctx.config, token, makeToken(orderId)));
}

interface Knock {
  readonly id: string;
  readonly token: string | undefined;
  /** What a key needs. */
  readonly scope?: "orders:read" | "orders:write";
}

/**
 * Decides which rows of this order are the caller's to read, or to cancel: staff's and the holder of its token's any, a
 * user's those of their account. Throws `UNAUTHENTICATED` for a caller who shows nothing,
 * `FORBIDDEN` for a key without the scope.
 */
export async function orderGate(
  ctx: Context,
  { id: orderId, token, scope = "orders:read" }: Knock,
): Promise<(row: StoredOrder) => boolean> {
  if (isStaff(ctx.actor, scope)) return () => true;
  const { user } = ctx.actor;
  if (await isTokenOf(ctx, orderId, token)) return () => true;
  if (user !== undefined) return (row) => row.accountId === user.accountId;
  if (token === undefined) {
    throw ctx.actor.kind === "key"
      ? new AppError("FORBIDDEN", `This key does not have the scope ${scope}.`)
      : unauthenticated("Send the order's token as X-Order-Token, or sign in.");
  }
  throw notFound("order");
}
