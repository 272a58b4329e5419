import Stripe from "stripe";

const MAX_KEYS = 3;

/**
 * Makes one object at Stripe, however often and from wherever it is asked for. Stripe answers a repeated key with what
 * its first request came to, an internal error included, for 24 hours. Then the object is looked for, and only when it
 * is not there it is made under the next key. Everybody walks the same keys, so that two at once make one.
 * https://docs.stripe.com/api/idempotent_requests
 */
export async function makeOnce<T>(
  key: string,
  make: (idempotencyKey: string) => Promise<T>,
  find: () => Promise<T | undefined>,
): Promise<T> {
  for (let n = 1; ; n += 1) {
    try {
      return await make(n === 1 ? key : `${key}:${n}`);
    } catch (error) {
      if (!isSpent(error)) throw error;
      const found = await find();
      if (found !== undefined) return found;
      if (n >= MAX_KEYS) throw error;
    }
  }
}

/** The key's one execution is over and will never tell what it made: it failed inside Stripe, or asked otherwise. */
function isSpent(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  if (error instanceof Stripe.errors.StripeIdempotencyError) return error.statusCode === 400;
  return (error.statusCode ?? 0) >= 500 && error.headers?.["idempotent-replayed"] === "true";
}
