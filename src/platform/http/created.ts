import type { Context as HonoContext } from "hono";
import * as z from "zod";
import type { Context } from "../context.ts";
import { type Effect, perform } from "../idempotency/perform.ts";
import { readKey } from "../idempotency/request.ts";
import type { ContextEnv } from "./env.ts";

/** The header that makes a `POST` safe to send again. Other headers pass. */
export const keyed = z.looseObject({
  "idempotency-key": z.string().optional().meta({
    description: "A new UUID for each thing you want done; the same one for its retries.",
  }),
});

/** Does an effect once for the request's idempotency key and returns the answer's body, the first one again for a retry. */
export async function answerCreated<T, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  input: unknown,
  effect: () => Effect<T>,
): Promise<{ readonly data: T }> {
  const { ctx } = c.var;
  const use = await readKey(ctx, {
    header: c.req.header("Idempotency-Key"),
    route: `${c.req.method} ${c.req.path}`,
    input,
  });
  const { body, replayed } = await perform(ctx, use, effect());
  if (replayed) c.header("Idempotency-Replayed", "true");
  return body;
}
