import type { Context as HonoContext } from "hono";
import * as z from "zod";
import type { Context } from "../context.ts";
import { type KeyUse, readKey } from "../idempotency/key-use.ts";
import { type Make, type Performed, performOnce } from "../idempotency/perform.ts";
import type { ContextEnv } from "./env.ts";

export const KEY_HEADER = "idempotency-key";
/** Visible ASCII with blanks inside, in the quotes of a structured field or without; not the quotes alone. https://www.rfc-editor.org/rfc/rfc9651#section-3.3.3 */
const KEY = /^(?:[!#-~](?:[ -~]*[!-~])?|"(?:[!#-~]|[ -~]+[!-~]))$/;
const key = z.string().min(1).max(255).regex(KEY).meta({
  description: "A new UUID for each thing you want done; the same one for its retries.",
});

export const WRONG_KEY = "Must have 1 to 255 visible ASCII characters, such as a UUID has.";

/** The header that makes a `POST` safe to send again. Other headers pass. */
export const keyed = z.looseObject({ [KEY_HEADER]: key.optional() });

/** The same for what must not be done twice, whatever happens: without it the answer is 400 `IDEMPOTENCY_KEY_REQUIRED`. */
export const keyedAlways = z.looseObject({ [KEY_HEADER]: key });

const CREATED = 201;

/** Reads the request's idempotency key for a use case that keeps it itself, and marks an answer that is the first one again. */
export async function answerKeyed<T, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  input: unknown,
  work: (use: KeyUse | undefined) => Promise<Performed<T>>,
): Promise<{ readonly data: T }> {
  const use = await readKey(c.var.ctx, {
    header: c.req.header("Idempotency-Key"),
    route: `${c.req.method} ${c.req.path}`,
    input,
  });
  const { body, replayed } = await work(use);
  if (replayed) c.header("Idempotency-Replayed", "true");
  return body;
}

/**
 * Does an effect once for the request's idempotency key and returns the answer's body, the first one again for a retry.
 * An error that `make` throws is an answer too. `status` is the one that the handler answers with.
 */
export async function answerOnce<T, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  { input, status }: { readonly input: unknown; readonly status: number },
  make: Make<T>,
): Promise<{ readonly data: T }> {
  return answerKeyed(c, input, (use) => performOnce(c.var.ctx, use, make, status));
}

/** The same for what is created. */
export function answerCreated<T, C extends Context>(
  c: HonoContext<ContextEnv<C>>,
  input: unknown,
  make: Make<T>,
): Promise<{ readonly data: T }> {
  return answerOnce(c, { input, status: CREATED }, make);
}
