import type { Context } from "../platform/context.ts";
import { sameSecret, sign } from "../platform/crypto.ts";
import { AppError, notFound } from "../platform/errors.ts";

const PREFIX = "ot_";

/** What lets a guest read one order. Made from the order's id, so that it is stored nowhere. */
export async function orderTokenOf(ctx: Context, orderId: string): Promise<string> {
  return PREFIX + (await sign(ctx.config.tokenSecret, "order", orderId));
}

/** Lets staff and the holder of the order's token pass. Everyone else gets 401 without, 404 with a wrong token. */
export async function assertMayRead(
  ctx: Context,
  orderId: string,
  token: string | undefined,
): Promise<void> {
  if (ctx.actor.kind === "admin") return;
  if (token === undefined) {
    throw new AppError(
      "UNAUTHENTICATED",
      "Send the order's token as X-Order-Token, or an API key.",
      {
        headers: { "WWW-Authenticate": 'Bearer realm="holdfast"' },
      },
    );
  }
  if (!(await sameSecret(token, await orderTokenOf(ctx, orderId)))) throw notFound("order");
}
